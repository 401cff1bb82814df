import { findApiBackend } from '../../ha/api-backend.ts';
import { sameChecks } from '../../ha/checks.ts';
import {
  type BalancerConfig,
  configHash,
  type HaproxyVersion,
  isOlder,
  oldestVersion,
  renderConfig,
  type Server,
} from '../../ha/config.ts';
import { endpointText } from '../../ha/endpoint.ts';
import {
  candidateName,
  configName,
  layoutOf,
  masterSocketName,
  previousName,
  socketName,
  stateName,
} from '../../ha/layout.ts';
import { manifestQuery, mountedFile } from '../../ha/pod-manifest.ts';
import { parseProcesses } from '../../ha/processes.ts';
import { statesFor } from '../../ha/servers-state.ts';
import { undoOf } from '../../ha/transition.ts';
import { command, containers, file, haproxy, http, unit } from '../../host/ask.ts';
import type { Change, Transaction, WaitUntil } from '../../host/change.ts';
import type { ContainersFact, Observation } from '../../host/observation.ts';
import { run, writeFile } from '../../module/change.ts';
import { contentOf } from '../../module/content.ts';
import type { Seen } from '../../module/define.ts';
import type { Params } from './params.ts';
import { loadedQueries } from './servers.ts';

/** The configuration that is asked for. */
export function configOf(p: Params): BalancerConfig {
  const { inside, socketDirectory } = layoutOf(p.placement);
  return {
    servers: p.servers,
    bind: p.bind,
    port: p.port,
    healthPort: p.health_port,
    socket: `${socketDirectory}/${socketName}`,
    stateFile: `${inside}/${stateName}`,
    maxConnections: p.max_connections,
    aliveStatuses: p.alive_statuses,
    ...(p.ca_file === undefined ? {} : { caFile: p.ca_file }),
  };
}

/** Of a file of the balancer's directory, as the host sees it. */
export const onHost = (p: Params, name: string): string => `${layoutOf(p.placement).directory}/${name}`;
const inHaproxy = (p: Params, name: string): string => `${layoutOf(p.placement).inside}/${name}`;

/** The configuration as it lies on the host. */
export const configQuery = (p: Params) => file(onHost(p, configName), { hashes: ['sha256'], contentLimit: 256 * 1024 });
const stateQuery = (p: Params) =>
  haproxy(`${layoutOf(p.placement).socketDirectory}/${socketName}`, ['show servers state']);
const masterSocket = (p: Params) => `${layoutOf(p.placement).socketDirectory}/${masterSocketName}`;
const masterQuery = (p: Params) => file(masterSocket(p));
const processesQuery = (p: Params) => haproxy(masterSocket(p), ['show proc']);
/** The hash that the answering process says it has loaded. */
export const servedQuery = (p: Params) => http(`http://127.0.0.1:${p.health_port}/hlb-config`);

export type Container = ContainersFact['containers'][number];

function containerOf(p: Params, fact: ContainersFact | undefined): Container | undefined {
  return fact?.containers.find((one) => one.name === p.container && one.state === 'running');
}

/** The very binary that runs it says its version and looks at the next configuration. */
function inPlace(container: Container | undefined, argv: readonly string[]): readonly string[] {
  return container === undefined ? argv : ['crictl', 'exec', container.id, ...argv];
}

/** Whether it runs, so that a change means a reload; the pid of the master where signals go to it directly. */
export type Running = { readonly container: Container | undefined } | undefined;

/** How it runs now. */
export function runningOf(p: Params, seen: Seen): Running {
  if (p.placement === 'static_pod') {
    const container = containerOf(p, seen(containers(p.pod)));
    return container === undefined ? undefined : { container };
  }
  return seen(unit(p.unit)).activeState === 'active' ? { container: undefined } : undefined;
}

/** The file that a pod of the first form mounts alone. */
export function singleFile(p: Params, seen: Seen): string | undefined {
  return p.placement === 'static_pod' ? mountedFile(seen.maybe(manifestQuery(p.pod))) : undefined;
}

/** What the protocol has to know before it begins. */
export function queries(p: Params, seen: Seen): readonly Observation[] {
  const first = [
    configQuery(p),
    ...(p.placement === 'static_pod' ? [containers(p.pod), manifestQuery(p.pod)] : [unit(p.unit), masterQuery(p)]),
  ];
  if (p.placement === 'static_pod' && seen.maybe(containers(p.pod)) === undefined) return first;
  if (p.placement !== 'static_pod' && seen.maybe(unit(p.unit)) === undefined) return first;
  const running = runningOf(p, seen);
  // What answers while nothing is seen to run is a balancer all the same.
  if (running === undefined) return singleFile(p, seen) === undefined ? [...first, servedQuery(p)] : first;
  // Its socket, if it has one, is not where the next pod's will be.
  if (singleFile(p, seen) !== undefined) return [...first, ...loadedQueries(p, seen)];
  const master = p.placement !== 'static_pod' && seen(masterQuery(p)).exists ? [processesQuery(p)] : [];
  return [
    ...first,
    servedQuery(p),
    stateQuery(p),
    versionQuery(running.container),
    ...master,
    ...loadedQueries(p, seen),
  ];
}

/** A worker that starts behind a failed reload takes no listener over: a connection may be refused (facts of haproxy 2.6 to 3.2). */
export function reloadWarnings(p: Params, seen: Seen): readonly string[] {
  if (p.placement === 'static_pod' || !seen(masterQuery(p)).exists) return [];
  const [text = ''] = seen(processesQuery(p)).answers;
  const failed = parseProcesses(text).find((one) => one.kind === 'master')?.failedReloads ?? 0;
  if (failed === 0) return [];
  return [
    `The last ${failed === 1 ? 'reload' : `${failed} reloads`} of haproxy failed; a connection may be refused at this one`,
  ];
}

/** The version of the very binary that runs. */
export function versionQuery(container: Container | undefined) {
  return command(inPlace(container, ['haproxy', '-v']));
}

function reload(p: Params, container: Container | undefined): Change {
  if (container === undefined) return { kind: 'systemctl', verb: 'reload', unit: p.unit, scope: 'system' };
  return run(['kill', '-USR2', String(container.pid)], {
    summary: `reload haproxy (SIGUSR2 to ${container.pid})`,
    touches: [`haproxy:${p.pod}`],
  });
}

function waitFor(p: Params, summary: string, until: WaitUntil['until']): WaitUntil {
  return { kind: 'wait-until', summary, until, timeoutMs: p.timeout * 1000, intervalMs: 200 };
}

function servesHash(p: Params, hash: string) {
  return {
    kind: 'http',
    url: `http://127.0.0.1:${p.health_port}/hlb-config`,
    statuses: [200],
    body: hash,
    verifyTls: false,
    timeoutMs: 1000,
  } as const;
}

/** The answering process has loaded this configuration, as it says itself, in the same container. */
function loaded(p: Params, hash: string, container: Container | undefined): WaitUntil {
  const answers = servesHash(p, hash);
  const same =
    container === undefined ? [] : [{ kind: 'path', path: `/proc/${container.pid}`, present: true } as const];
  return waitFor(p, `haproxy serves the configuration ${hash.slice(0, 12)}`, {
    kind: 'all',
    of: [...same, { kind: 'successive', times: 3, of: answers }],
  });
}

function formerBackend(p: Params, text: string): ReturnType<typeof findApiBackend> {
  return findApiBackend({ path: onHost(p, configName), text }, p.port);
}

function formerText(p: Params, seen: Seen): string | undefined {
  const before = seen(configQuery(p));
  return before.exists && before.content !== undefined ? new TextDecoder().decode(before.content) : undefined;
}

/** Whether the former checks, and what they found, say anything of those that come. */
function isFollowed(p: Params, former: string | undefined): boolean {
  const found = former === undefined ? undefined : formerBackend(p, former);
  if (former === undefined || found?.ok !== true) return false;
  const word = ({ name, address, port }: Server): string => `${name} ${endpointText(address, port)}`;
  const next = new Set(p.servers.map(word));
  const stays = found.value.servers.some((one) => next.has(word(one)));
  return stays && sameChecks(former, renderConfig(configOf(p)));
}

/**
 * In how many looks, 200 ms apart, servers must be up: until each check can have failed twice (inter 2 s, fastinter 500 ms),
 * where the former checks say nothing of those that come.
 */
function looks(p: Params, former: string | undefined): number {
  return isFollowed(p, former) ? 3 : 15;
}

/** At least `min_up` servers are up, and the API answers through the balancer. */
function alive(p: Params, times: number): readonly WaitUntil[] {
  if (p.min_up === 0) return [];
  const up = {
    kind: 'http',
    url: `http://127.0.0.1:${p.health_port}/hlb-servers`,
    statuses: [200],
    search: `^(${numbersFrom(p.min_up, p.servers.length)}) `,
    verifyTls: false,
    timeoutMs: 1000,
  } as const;
  const address = p.bind === '0.0.0.0' || p.bind === '*' ? '127.0.0.1' : p.bind === '::' ? '::1' : p.bind;
  const endpoint = endpointText(address, p.port);
  const through = {
    kind: 'http',
    url: `https://${endpoint}/readyz`,
    statuses: [...p.alive_statuses],
    verifyTls: false,
    timeoutMs: 2000,
  } as const;
  return [
    waitFor(p, `at least ${p.min_up} of ${p.servers.length} API servers are up`, {
      kind: 'successive',
      times,
      of: up,
    }),
    waitFor(p, `the API answers through ${endpoint}`, { kind: 'successive', times: 3, of: through }),
  ];
}

function numbersFrom(least: number, most: number): string {
  return Array.from({ length: most - least + 1 }, (_, index) => String(least + index)).join('|');
}

/** The next configuration, under a name that haproxy does not load, as the very binary that runs sees it: a bad file goes no further. */
export function examine(p: Params, container: Container | undefined): readonly Change[] {
  return [
    // What an earlier change has left there must never come back for this one.
    { kind: 'remove', path: onHost(p, previousName), recursive: false, quiet: true },
    writeFile(onHost(p, candidateName), contentOf(renderConfig(configOf(p))), { mode: 0o644, quiet: true }),
    run(inPlace(container, ['haproxy', '-c', '-f', inHaproxy(p, candidateName)]), {
      summary: 'haproxy looks at the next configuration',
      touches: [],
      quiet: true,
    }),
  ];
}

/** An API server answers for itself as a live one does; nobody looks at its certificate. */
function isReady(p: Params, { address, port }: Server, timeoutMs: number) {
  return {
    kind: 'http',
    url: `https://${endpointText(address, port)}/readyz`,
    statuses: [...p.alive_statuses],
    verifyTls: false,
    timeoutMs,
  } as const;
}

/** The name that kubeadm gives every API server's certificate, whatever address the server has. */
const apiServerName = 'kubernetes';

/**
 * Where the former checks say nothing of the next ones, and the former servers nothing of the next list: enough servers must
 * pass, asked from the node itself: status and CA as haproxy's checks will have them, and the name that kubeadm gives all of
 * them. After the reload they would go down one by one.
 */
export function trial(p: Params, seen: Seen): readonly Change[] {
  if (p.min_up === 0 || isFollowed(p, formerText(p, seen))) return [];
  const caFile = hostFileOf(p);
  const verified = caFile === undefined ? {} : { verifyTls: true, caFile, serverName: apiServerName };
  const passes = p.servers.map((server) => ({ ...isReady(p, server, 2000), ...verified }));
  const summary = `at least ${p.min_up} of ${p.servers.length} API servers pass the checks of the next configuration`;
  return [waitFor(p, summary, { kind: 'count', least: p.min_up, of: passes })];
}

/** The CA as the host has it; undefined without one, and where only the container sees it. */
function hostFileOf({ placement, ca_file: path }: Params): string | undefined {
  const { inside, directory } = layoutOf(placement);
  if (path === undefined || placement !== 'static_pod') return path;
  return path.startsWith(`${inside}/`) ? directory + path.slice(inside.length) : undefined;
}

/** Rename, keep the servers' states, reload, see it served; otherwise the old one comes back and is seen served. */
export function update(p: Params, seen: Seen, container: Container | undefined): Change {
  const before = seen(configQuery(p));
  const former = formerText(p, seen);
  const [states = ''] = seen(stateQuery(p)).answers;
  const served = seen(servedQuery(p));
  const oldHash = served.status === 200 ? new TextDecoder().decode(served.body).trim() : undefined;
  const keep: Change = {
    kind: 'copy-path',
    from: onHost(p, configName),
    to: onHost(p, previousName),
    recursive: false,
    backup: false,
  };
  return {
    kind: 'transaction',
    summary: `balancer configuration ${configHash(configOf(p)).slice(0, 12)}: ${p.servers.map((one) => one.name).join(', ')}`,
    do: [
      ...(before.exists ? [keep] : []),
      ...(states === ''
        ? []
        : [writeFile(onHost(p, stateName), contentOf(statesFor(states, p.servers)), { mode: 0o644 })]),
      { kind: 'rename', from: onHost(p, candidateName), to: onHost(p, configName) },
      reload(p, container),
    ],
    verify: [loaded(p, configHash(configOf(p)), container), ...alive(p, looks(p, former))],
    undo: before.exists
      ? [
          // A copy, so that it can be taken back once more.
          { ...keep, from: onHost(p, previousName), to: onHost(p, configName) },
          reload(p, container),
          ...(oldHash === undefined ? [] : [loaded(p, oldHash, container)]),
        ]
      : [],
    ...undoIf(p, former, oldHash),
  };
}

/**
 * The former list comes back only where that leaves the node its live API servers (`undoOf`), asked of each of them from the
 * node itself; or where it was never left, as the reload itself failed.
 */
function undoIf(p: Params, text: string | undefined, oldHash: string | undefined): Pick<Transaction, 'undoIf'> {
  const former = text === undefined ? undefined : formerBackend(p, text);
  if (p.min_up === 0 || former?.ok !== true) return {};
  const { servers } = former.value;
  const names = (list: readonly Server[]): readonly string[] => list.map((one) => one.name);
  const { to } = undoOf({ phase: 'contract', node: p.bind, from: names(servers), to: names(p.servers) });
  const ready = servers.filter((one) => to.includes(one.name)).map((server) => isReady(p, server, 3000));
  const alive = { kind: 'count', least: p.min_up, of: ready } as const;
  const until =
    oldHash === undefined ? alive : ({ kind: 'count', least: 1, of: [servesHash(p, oldHash), alive] } as const);
  return {
    undoIf: {
      kind: 'wait-until',
      summary: `at least ${p.min_up} of the former API servers ${names(servers).join(', ')} to answer`,
      until,
      timeoutMs: 10_000,
      intervalMs: 500,
    },
  };
}

/** Why its version cannot be worked with. */
export function versionProblem(version: HaproxyVersion | undefined): string | undefined {
  if (version === undefined || !isOlder(version, oldestVersion)) return undefined;
  return `haproxy ${version.major}.${version.minor} is too old: ${oldestVersion.major}.${oldestVersion.minor} or later is needed, 2.8 or later is better`;
}

/** The container sees nothing of the directory that the next pod mounts. */
const lookAtArgument = 'printf %s "$1" >/tmp/hlb.cfg && haproxy -c -f /tmp/hlb.cfg';

/** Beside a pod that mounts a single file: what the next manifest mounts, looked at by the binary that runs now. */
export function prepareMigration(p: Params, container: Container | undefined): readonly Change[] {
  const text = renderConfig(configOf(p));
  const look: readonly Change[] =
    container === undefined
      ? []
      : [
          run(['crictl', 'exec', container.id, 'sh', '-c', lookAtArgument, 'sh', text], {
            summary: 'haproxy looks at the next configuration',
            touches: [],
            quiet: true,
          }),
        ];
  return [...look, ...firstFiles(p)];
}

/** For a balancer that has not run from here yet. */
export function firstFiles(p: Params): readonly Change[] {
  return [
    { kind: 'make-directory', path: layoutOf(p.placement).directory, parents: true },
    writeFile(onHost(p, stateName), contentOf('1\n'), { mode: 0o644, quiet: true }),
    writeFile(onHost(p, configName), contentOf(renderConfig(configOf(p))), { mode: 0o644 }),
  ];
}
