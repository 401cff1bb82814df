import { containers, file, haproxy, http, unit } from '../host/ask.ts';
import { type Facts, factOf } from '../host/facts.ts';
import type { HttpFact, Observation } from '../host/observation.ts';
import { type BalancerPlace, socketOf } from './balancer-place.ts';
import { writtenHash } from './config.ts';
import { configName, layoutOf } from './layout.ts';
import {
  type ConfigFile,
  type LoadedBackend,
  loadedBackends,
  type SocketAnswers,
  statsSocketOf,
} from './loaded-backends.ts';
import { manifestQuery, mountedFile } from './pod-manifest.ts';

/** What was seen of one host's balancer. */
export interface BalancerLook {
  /** Whether a balancer answers or, where it does not tell, its container or service runs. */
  readonly running: boolean;
  /** The servers that the running process has loaded; undefined where that cannot be told. */
  readonly backends: readonly LoadedBackend[] | undefined;
  /** Why they cannot be told. */
  readonly problem?: string;
  /** What the answering process says that it has loaded. */
  readonly servedHash?: string;
  /** Of the file on the host; undefined where hlb did not write it. Another hash than the served one is not loaded yet. */
  readonly fileHash?: string;
  /** haproxy's own words, such as `3.2.26-ff4a9c9`. */
  readonly version?: string;
  /** Of a static pod. */
  readonly container?: { readonly id: string; readonly attempt: number };
  /** systemd was told that the last reload failed; of a service only. */
  readonly reloadFailed?: true;
}

/** Questions that do not depend on each other, so that one round trip answers them; and more where the configuration is foreign. */
export function balancerQueries(place: BalancerPlace, facts: Facts): readonly Observation[] {
  const other = foreignSocket(place, facts);
  const mounted = mountedIn(place, facts);
  return [
    configQuery(layoutPath(place)),
    ...(place.placement === 'static_pod' && isSilent(place, facts) ? [manifestQuery(place.pod)] : []),
    ...(mounted === undefined ? [] : [configQuery(mounted)]),
    processQuery(place),
    servedQuery(place),
    serversQuery(place),
    socketQuery(socketOf(place)),
    ...(other === undefined ? [] : [socketQuery(other)]),
  ];
}

/**
 * Those that tell what is loaded. What runs it is asked only where the process does not tell of itself: guards look all along
 * a roll, and crictl costs a host more than all the rest.
 */
export function backendQueries(place: BalancerPlace, facts: Facts): readonly Observation[] {
  const silent = isSilent(place, facts);
  return balancerQueries(place, facts).filter((query) => silent || query.kind !== processQuery(place).kind);
}

/** The process was asked, and does not tell what it has loaded as hlb's configurations do. */
function isSilent(place: BalancerPlace, facts: Facts): boolean {
  const served = factOf(facts, servedQuery(place));
  return served !== undefined && hashIn(textOf(served)) === undefined;
}

export function balancerLook(place: BalancerPlace, facts: Facts): BalancerLook {
  const served = hashIn(textOf(factOf(facts, servedQuery(place))));
  const config = configText(place, facts);
  const container = containerOf(place, facts);
  const service = place.placement === 'static_pod' ? undefined : factOf(facts, unit(place.unit));
  const running = served !== undefined || container !== undefined || service?.activeState === 'active';
  const answers = answersOf(place, facts);
  const loaded = running
    ? loadedBackends({
        port: place.port,
        writtenByHlb: served !== undefined,
        servers: textOf(factOf(facts, serversQuery(place))),
        socket: answers,
        config,
        startedAt: container?.createdAt ?? startOf(service?.properties['ActiveEnterTimestamp']),
      })
    : { backends: [], problem: notRunning(place, facts) };
  const fileHash = config === undefined ? undefined : writtenHash(config.text);
  const version = /^Version: (\S+)/m.exec(answers?.info ?? '')?.[1];
  return {
    running,
    ...loaded,
    ...(served === undefined ? {} : { servedHash: served }),
    ...(fileHash === undefined ? {} : { fileHash }),
    ...(version === undefined ? {} : { version }),
    ...(container === undefined ? {} : { container: { id: container.id, attempt: container.attempt } }),
    ...(service?.properties['StatusText'] === 'Reload failed!' ? { reloadFailed: true } : {}),
  };
}

const processQuery = ({ placement, pod, unit: name }: BalancerPlace): Observation =>
  placement === 'static_pod' ? containers(pod) : unit(name);
const layoutPath = ({ placement }: BalancerPlace) => `${layoutOf(placement).directory}/${configName}`;
const configQuery = (path: string) => file(path, { contentLimit: 256 * 1024, exact: true });
const servedQuery = ({ healthPort }: BalancerPlace) =>
  http(`http://127.0.0.1:${healthPort}/hlb-config`, { timeoutMs: 5000 });
const serversQuery = ({ healthPort }: BalancerPlace) =>
  http(`http://127.0.0.1:${healthPort}/hlb-servers`, { timeoutMs: 5000 });
const socketQuery = (socket: string) => haproxy(socket, ['show info', 'show stat', 'show servers state']);

/** Of a configuration that hlb did not write: the socket that it names, where that is another one. */
function foreignSocket(place: BalancerPlace, facts: Facts): string | undefined {
  const config = configText(place, facts);
  if (config === undefined || writtenHash(config.text) !== undefined) return undefined;
  const named = statsSocketOf(config);
  return named === undefined || named === socketOf(place) ? undefined : named;
}

function answersOf(place: BalancerPlace, facts: Facts): SocketAnswers | undefined {
  const other = foreignSocket(place, facts);
  for (const socket of [...(other === undefined ? [] : [other]), socketOf(place)]) {
    const fact = factOf(facts, socketQuery(socket));
    if (fact === undefined || fact.error !== undefined) continue;
    const [info = '', stat = '', state = ''] = fact.answers;
    return { info, stat, state };
  }
  return undefined;
}

function configText(place: BalancerPlace, facts: Facts): ConfigFile | undefined {
  // Beside a pod that mounts a single file, what lies in the directory has not been loaded by anybody.
  const query = configQuery(mountedIn(place, facts) ?? layoutPath(place));
  const fact = factOf(facts, query);
  if (fact?.exists !== true || fact.content === undefined) return undefined;
  const changedAt = Math.max(fact.mtime, fact.ctime) * 1000;
  return { path: query.path, text: new TextDecoder().decode(fact.content), changedAt };
}

function mountedIn({ placement, pod }: BalancerPlace, facts: Facts): string | undefined {
  return placement === 'static_pod' ? mountedFile(factOf(facts, manifestQuery(pod))) : undefined;
}

function containerOf({ pod, container, placement }: BalancerPlace, facts: Facts) {
  if (placement !== 'static_pod') return undefined;
  return factOf(facts, containers(pod))?.containers.find((one) => one.name === container && one.state === 'running');
}

function notRunning(place: BalancerPlace, facts: Facts): string {
  const { placement, pod, unit: name } = place;
  if (placement !== 'static_pod')
    return `the service ${name} is ${factOf(facts, unit(name))?.activeState ?? 'unknown'}`;
  const fact = factOf(facts, containers(pod));
  if (fact?.error !== undefined) return `nothing answers on port ${place.healthPort}, and crictl says: ${fact.error}`;
  return `no container of the pod ${pod} runs`;
}

/** systemd writes the time zone by its short name, which only UTC's is clear of. */
function startOf(timestamp: string | undefined): number | undefined {
  const [, time] = /^\w+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)$/.exec(timestamp ?? '') ?? [];
  return time === undefined ? undefined : Date.parse(time);
}

function hashIn(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

function textOf(fact: HttpFact | undefined): string | undefined {
  return fact?.status === 200 ? new TextDecoder().decode(fact.body).trim() : undefined;
}
