import { z } from 'zod';
import {
  type BalancerConfig,
  configHash,
  type HaproxyVersion,
  isOlder,
  oldestVersion,
  parseVersion,
  renderConfig,
} from '../ha/config.ts';
import { candidateName, configName, layoutOf, previousName, socketName, stateName } from '../ha/layout.ts';
import { command, containers, file, haproxy, http, unit } from '../host/ask.ts';
import type { Change, WaitUntil } from '../host/change.ts';
import type { ContainersFact, Observation } from '../host/observation.ts';
import { run, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { choice, filledText, float, int, optional, path, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const server = z.strictObject({
  name: filledText().refine((name) => /^[A-Za-z0-9_.-]+$/.test(name), {
    error: 'Expected letters, digits, "_", "." and "-"',
  }),
  address: filledText(),
  port: int({ min: 1, max: 65535 }).default(6443),
});

const params = z
  .strictObject({
    placement: withDefault(
      choice(['static_pod', 'service', 'external']),
      'static_pod',
      'How the balancer runs on this host',
    ),
    servers: required(
      z
        .array(server)
        .min(1, { error: 'A balancer without a server leaves its node without an API: name at least one' }),
      'Every API server of the cluster: name, address, port',
    ),
    bind: withDefault(filledText(), '127.0.0.1', 'Address that clients connect to'),
    port: withDefault(int({ min: 1, max: 65535 }), 16443, 'Port that clients connect to'),
    health_port: withDefault(int({ min: 1, max: 65535 }), 16444, 'Port of /healthz and /hlb-config on the loopback'),
    max_connections: withDefault(int({ min: 10 }), 2100, 'Connections at once'),
    alive_statuses: withDefault(
      z.array(int()).refine((codes) => !codes.includes(403), {
        error: '403 is what an API server answers that has joined by half: it must not count as alive',
      }),
      [200],
      'Answers to /readyz that mean alive; 401 only where anonymous requests are off',
    ),
    ca_file: optional(
      path(),
      'CA of the API servers, as haproxy sees it; without it their certificates are not verified',
    ),
    min_up: withDefault(int({ min: 0 }), 1, 'Servers that must be up afterwards; 0 before the first API server lives'),
    pod: withDefault(filledText(), 'haproxy-apiserver-lb', 'Name of the static pod'),
    container: withDefault(filledText(), 'haproxy', 'Name of its container'),
    unit: withDefault(filledText(), 'haproxy-apiserver-lb.service', 'Name of the service'),
    timeout: withDefault(
      float(),
      30,
      'Seconds until what must be seen afterwards is given up and the old configuration comes back',
    ),
  })
  .superRefine((p, context) => {
    const names = p.servers.map((one) => one.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      context.addIssue({ code: 'custom', message: `Server "${twice}" is named twice`, path: ['servers'] });
    if (p.min_up > p.servers.length)
      context.addIssue({
        code: 'custom',
        message: `"min_up" is ${p.min_up} and there are ${p.servers.length} servers`,
        path: ['min_up'],
      });
  });
type Params = z.output<typeof params>;

function configOf(p: Params): BalancerConfig {
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

const onHost = (p: Params, name: string): string => `${layoutOf(p.placement).directory}/${name}`;
const inHaproxy = (p: Params, name: string): string => `${layoutOf(p.placement).inside}/${name}`;

const configQuery = (p: Params) => file(onHost(p, configName), { hashes: ['sha256'], contentLimit: 256 * 1024 });
const stateQuery = (p: Params) =>
  haproxy(`${layoutOf(p.placement).socketDirectory}/${socketName}`, ['show servers state']);
const servedQuery = (p: Params) => http(`http://127.0.0.1:${p.health_port}/hlb-config`);

type Container = ContainersFact['containers'][number];

function containerOf(p: Params, fact: ContainersFact | undefined): Container | undefined {
  return fact?.containers.find((one) => one.name === p.container && one.state === 'running');
}

/** The very binary that runs it says its version and looks at the next configuration. */
function inPlace(container: Container | undefined, argv: readonly string[]): readonly string[] {
  return container === undefined ? argv : ['crictl', 'exec', container.id, ...argv];
}

/** Whether it runs, so that a change means a reload; the pid of the master where signals go to it directly. */
type Running = { readonly container: Container | undefined } | undefined;

function runningOf(p: Params, seen: Seen): Running {
  if (p.placement === 'static_pod') {
    const container = containerOf(p, seen(containers(p.pod)));
    return container === undefined ? undefined : { container };
  }
  return seen(unit(p.unit)).activeState === 'active' ? { container: undefined } : undefined;
}

function queries(p: Params, seen: Seen): readonly Observation[] {
  const first = [configQuery(p), p.placement === 'static_pod' ? containers(p.pod) : unit(p.unit)];
  if (p.placement === 'static_pod' && seen.maybe(containers(p.pod)) === undefined) return first;
  if (p.placement !== 'static_pod' && seen.maybe(unit(p.unit)) === undefined) return first;
  const running = runningOf(p, seen);
  return running === undefined ? first : [...first, servedQuery(p), stateQuery(p), versionQuery(running.container)];
}

function versionQuery(container: Container | undefined) {
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

/** The answering process has loaded this configuration, as it says itself, in the same container. */
function loaded(p: Params, hash: string, container: Container | undefined): WaitUntil {
  const answers = {
    kind: 'http',
    url: `http://127.0.0.1:${p.health_port}/hlb-config`,
    statuses: [200],
    body: hash,
    verifyTls: false,
    timeoutMs: 1000,
  } as const;
  const same =
    container === undefined ? [] : [{ kind: 'path', path: `/proc/${container.pid}`, present: true } as const];
  return waitFor(p, `haproxy serves the configuration ${hash.slice(0, 12)}`, {
    kind: 'all',
    of: [...same, { kind: 'successive', times: 3, of: answers }],
  });
}

/** At least `min_up` servers are up, and the API answers through the balancer. */
function alive(p: Params): readonly WaitUntil[] {
  if (p.min_up === 0) return [];
  const up = {
    kind: 'http',
    url: `http://127.0.0.1:${p.health_port}/hlb-servers`,
    statuses: [200],
    search: `^(${numbersFrom(p.min_up, p.servers.length)}) `,
    verifyTls: false,
    timeoutMs: 1000,
  } as const;
  const address = p.bind === '0.0.0.0' || p.bind === '*' ? '127.0.0.1' : p.bind;
  const through = {
    kind: 'http',
    url: `https://${address}:${p.port}/readyz`,
    statuses: [...p.alive_statuses],
    verifyTls: false,
    timeoutMs: 2000,
  } as const;
  return [
    waitFor(p, `at least ${p.min_up} of ${p.servers.length} API servers are up`, {
      kind: 'successive',
      times: 3,
      of: up,
    }),
    waitFor(p, `the API answers through ${address}:${p.port}`, { kind: 'successive', times: 3, of: through }),
  ];
}

function numbersFrom(least: number, most: number): string {
  return Array.from({ length: most - least + 1 }, (_, index) => String(least + index)).join('|');
}

/** The next configuration, under a name that haproxy does not load, as the very binary that runs sees it: a bad file goes no further. */
function examine(p: Params, container: Container | undefined): readonly Change[] {
  return [
    writeFile(onHost(p, candidateName), contentOf(renderConfig(configOf(p))), { mode: 0o644, quiet: true }),
    run(inPlace(container, ['haproxy', '-c', '-f', inHaproxy(p, candidateName)]), {
      summary: 'haproxy looks at the next configuration',
      touches: [],
      quiet: true,
    }),
  ];
}

/** Rename, keep the servers' states, reload, see it served; otherwise the old one comes back and is seen served. */
function update(p: Params, seen: Seen, container: Container | undefined): Change {
  const before = seen(configQuery(p));
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
  const put = (from: string): readonly Change[] => [
    { kind: 'rename', from: onHost(p, from), to: onHost(p, configName) },
    reload(p, container),
  ];
  return {
    kind: 'transaction',
    summary: `balancer configuration ${configHash(configOf(p)).slice(0, 12)}: ${p.servers.map((one) => one.name).join(', ')}`,
    do: [
      ...(before.exists ? [keep] : []),
      ...(states === '' ? [] : [writeFile(onHost(p, stateName), contentOf(states), { mode: 0o644 })]),
      ...put(candidateName),
    ],
    verify: [loaded(p, configHash(configOf(p)), container), ...alive(p)],
    undo: before.exists
      ? [...put(previousName), ...(oldHash === undefined ? [] : [loaded(p, oldHash, container)])]
      : [],
  };
}

function versionProblem(version: HaproxyVersion | undefined): string | undefined {
  if (version === undefined || !isOlder(version, oldestVersion)) return undefined;
  return `haproxy ${version.major}.${version.minor} is too old: ${oldestVersion.major}.${oldestVersion.minor} or later is needed, 2.8 or later is better`;
}

/** The balancer's configuration on one node, changed without a connection lost and seen to be served; never the pod's manifest. */
export default defineModule({
  name: 'haproxy_config',
  summary: "Writes the configuration of a node's API balancer and has it loaded without losing a connection",
  examples: [
    'haproxy_config:\n  servers:\n    - {name: cp1, address: 192.0.2.11}\n    - {name: cp2, address: 192.0.2.12}\n    - {name: cp3, address: 192.0.2.13}',
    'haproxy_config:\n  placement: service\n  servers: "{{ backends }}"\n  min_up: 2',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'Path of the configuration on the host' }),
    hash: z.string().meta({ description: 'What /hlb-config answers once it is loaded' }),
    servers: z.array(z.string()).meta({ description: 'Names of the servers' }),
  }),
  convergence: () => 'converges',
  observe: (p, seen) => queries(p, seen),
  plan: (p, seen) => {
    const text = renderConfig(configOf(p));
    const hash = configHash(configOf(p));
    const current = seen(configQuery(p));
    const same = current.exists && current.content !== undefined && new TextDecoder().decode(current.content) === text;
    const running = runningOf(p, seen);
    if (running === undefined) {
      if (same) return plan([], { why: 'the configuration is as it should be; the balancer does not run' });
      return plan([
        { kind: 'make-directory', path: layoutOf(p.placement).directory, parents: true },
        writeFile(onHost(p, stateName), contentOf('1\n'), { mode: 0o644, quiet: true }),
        writeFile(onHost(p, configName), contentOf(text), { mode: 0o644 }),
      ]);
    }
    const problem = versionProblem(parseVersion(seen(versionQuery(running.container)).stdout));
    if (problem !== undefined) return refuse(problem, { help: 'Install a newer haproxy, or use a newer image' });
    const served = seen(servedQuery(p));
    if (same && served.status === 200 && new TextDecoder().decode(served.body).trim() === hash) {
      return plan([], { why: 'the balancer serves this configuration' });
    }
    return plan([...examine(p, running.container), update(p, seen, running.container)]);
  },
  result: (p) => ({
    path: onHost(p, configName),
    hash: configHash(configOf(p)),
    servers: p.servers.map((one) => one.name),
  }),
  // A reload hands the listener over: it takes nothing away, and leaves the node with this list.
  disrupts: () => ['nothing'],
  mayDisrupt: () => ['nothing'],
  lists: (p) => p.servers,
});
