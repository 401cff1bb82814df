import type { Pretence } from '../../core/pretence.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { type ReadyLook, readyLook, readyQuery } from '../../ha/api-server.ts';
import type { Cluster as ApiCluster } from '../../ha/cluster.ts';
import {
  type ClusterView,
  clusterView,
  type HostAnswer,
  hostLook,
  type hostQueries,
  nameOf,
  serversToAsk,
} from '../../ha/cluster-look.ts';
import { clusterOf } from '../../ha/cluster-variables.ts';
import { plainAddress } from '../../ha/endpoint.ts';
import type { LoadedBackend } from '../../ha/loaded-backends.ts';
import { pretend } from '../../ha/pretend.ts';
import { file } from '../../host/ask.ts';
import { type Facts, factOf } from '../../host/facts.ts';
import type { Observation } from '../../host/observation.ts';
import type { Disrupts } from '../../module/define.ts';
import type { Cluster, Looks, Situation } from '../../module/guard.ts';
import { addressesOf } from './machines.ts';

/** The cluster as its inventory describes it and as its hosts showed it. */
export interface Observed {
  readonly cluster: ApiCluster;
  readonly view: ClusterView;
  /** What each host told. */
  readonly answers: ReadonlyMap<string, HostAnswer>;
  /** Hosts that have not joined: no kubelet there depends on a balancer yet. */
  readonly apart: ReadonlySet<string>;
}

/** So many hosts ask for API servers that cannot tell of themselves; one that answers is enough. */
const askers = 3;

const joined = file('/etc/kubernetes/kubelet.conf');

/** What every host of the cluster is asked (`ask`); when all were, also for the API servers that nobody told of. */
export function clusterQuestions(
  inventory: Cluster,
  looks: Looks,
  ask: typeof hostQueries,
): ReadonlyMap<string, readonly Observation[]> {
  const described = clusterOf(inventory.hosts);
  if (!described.ok) return new Map();
  const { cluster } = described;
  const questions = new Map<string, readonly Observation[]>(
    cluster.hosts.map((host) => [host, [...ask(cluster, host, factsOf(looks, host)), joined]]),
  );
  if (!cluster.hosts.every((host) => looks.has(host))) return questions;
  const others = serversToAsk(cluster, answersOf(cluster, looks)).map(readyQuery);
  for (const host of askersOf(cluster, looks)) questions.set(host, [...(questions.get(host) ?? []), ...others]);
  return questions;
}

/** What is supposed beside the looks is as if the hosts had shown it. The error says what is wrong with the inventory. */
export function observedCluster(
  inventory: Cluster,
  looks: Looks,
  pretended: readonly Pretence[] = [],
): Result<Observed, string> {
  const seen = seenCluster(inventory, looks);
  if (!seen.ok || pretended.length === 0) return seen;
  const { cluster, view } = seen.value;
  return ok({ ...seen.value, view: pretend(cluster, view, pretended) });
}

/** One look is judged many times: for each size of a batch, and on paper for each failure. */
const known = new WeakMap<Looks, { readonly inventory: Cluster; readonly seen: Result<Observed, string> }>();

function seenCluster(inventory: Cluster, looks: Looks): Result<Observed, string> {
  const before = known.get(looks);
  if (before?.inventory === inventory) return before.seen;
  const seen = clusterAsSeen(inventory, looks);
  known.set(looks, { inventory, seen });
  return seen;
}

function clusterAsSeen(inventory: Cluster, looks: Looks): Result<Observed, string> {
  const described = clusterOf(inventory.hosts);
  if (!described.ok) return err(described.problems.map((one) => `${one.message}: ${one.help}`).join('; '));
  const { cluster } = described;
  const answers = answersOf(cluster, looks);
  const others = new Map<string, ReadyLook>();
  for (const server of serversToAsk(cluster, answers)) {
    const told = askersOf(cluster, looks).flatMap((host) => readyLook(server, factsOf(looks, host)) ?? []);
    const best = told.find((one) => one.ready) ?? told[0];
    if (best !== undefined) others.set(server.name, best);
  }
  const apart = cluster.hosts.filter((host) => {
    const answer = answers.get(host);
    if (answer?.kind !== 'look' || answer.look.balancer?.running === true) return false;
    // Hosts that balance for others never have a kubelet: there the configuration tells.
    if (cluster.balancers.get(host)?.placement === 'external') return answer.look.balancer?.fileHash === undefined;
    return factOf(factsOf(looks, host), joined)?.exists === false;
  });
  return ok({ cluster, view: clusterView(cluster, answers, others), answers, apart: new Set(apart) });
}

/** Whether something of this name, or at one of these addresses, is on a host whose work takes away one of these. */
export function takenMachines(
  { cluster, taken }: Pick<Situation, 'cluster' | 'taken'>,
  what: readonly Disrupts[],
): (name: string | undefined, addresses: readonly string[]) => boolean {
  const hosts = cluster.hosts.filter(({ name }) => what.some((one) => taken.get(name)?.disrupts.has(one)));
  const names = new Set(hosts.map((host) => host.name));
  const places = new Set(hosts.flatMap(addressesOf).map(plainAddress));
  return (name, addresses) =>
    (name !== undefined && names.has(name)) || addresses.some((one) => places.has(plainAddress(one)));
}

/**
 * API servers on the hosts whose work takes away one of these; names are those of the views. Those that balancers list count
 * too: of a host that is to leave, the inventory's list names none any more.
 */
export function serversTaken(
  { cluster: inventory, taken }: Pick<Situation, 'cluster' | 'taken'>,
  { cluster, answers }: Observed,
  what: readonly Disrupts[],
): ReadonlySet<string> {
  const isTaken = takenMachines({ cluster: inventory, taken }, what);
  return new Set([
    ...cluster.apiServers.filter((one) => isTaken(one.name, [one.address])).map((one) => one.name),
    ...listedIn(answers)
      .filter(({ name, address }) => (address === undefined ? isTaken(name, []) : isTaken(undefined, [address])))
      .map((backend) => nameOf(cluster, backend)),
  ]);
}

function listedIn(answers: Observed['answers']): readonly LoadedBackend[] {
  return [...answers.values()].flatMap((answer) =>
    answer.kind === 'look' ? (answer.look.balancer?.backends ?? []) : [],
  );
}

function answersOf(cluster: ApiCluster, looks: Looks): ReadonlyMap<string, HostAnswer> {
  return new Map(
    cluster.hosts.flatMap((host): readonly (readonly [string, HostAnswer])[] => {
      const look = looks.get(host);
      if (look === undefined) return [];
      return [[host, look.kind === 'seen' ? { kind: 'look', look: hostLook(cluster, host, look.facts) } : look]];
    }),
  );
}

function askersOf(cluster: ApiCluster, looks: Looks): readonly string[] {
  return cluster.hosts.filter((host) => looks.get(host)?.kind === 'seen').slice(0, askers);
}

function factsOf(looks: Looks, host: string): Facts {
  const look = looks.get(host);
  return look?.kind === 'seen' ? look.facts : new Map();
}
