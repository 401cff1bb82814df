import type { Facts } from '../host/facts.ts';
import type { Observation } from '../host/observation.ts';
import { apiServerAt, readyLook, type ReadyLook, readyQuery } from './api-server.ts';
import { backendQueries, type BalancerLook, balancerLook, balancerQueries } from './balancer-look.ts';
import type { Cluster } from './cluster.ts';
import type { Server } from './config.ts';
import { type EtcdLook, type EtcdMember, etcdLook, etcdQuery, memberNames } from './etcd-look.ts';
import type { LoadedBackend } from './loaded-backends.ts';
import type { NodeView } from './margin.ts';
import { type VipLook, vipLook, vipQueries } from './vip-look.ts';

/** What one host told of its part of the cluster; absent where it has no such part. */
export interface HostLook {
  readonly balancer?: BalancerLook;
  /** Of the API server that runs there. */
  readonly ready?: ReadyLook;
  readonly etcd?: EtcdLook;
  readonly vip?: VipLook;
}

/** A host that answered, or why it could not be asked. */
export type HostAnswer =
  | { readonly kind: 'look'; readonly look: HostLook }
  | { readonly kind: 'unreachable'; readonly reason: string };

/**
 * What to ask one host, all in one round trip. Asked again with what is known by then, as a module's `observe` is: a
 * configuration that hlb did not write may name another socket. Nothing of it changes anything.
 */
export function hostQueries(cluster: Cluster, host: string, facts: Facts): readonly Observation[] {
  const place = cluster.balancers.get(host);
  return [
    ...(place === undefined ? [] : balancerQueries(place, facts)),
    ...readyQueries(cluster, host),
    ...(serverOn(cluster, host) === undefined ? [] : [etcdQuery]),
    ...sharedQueries(cluster, host),
  ];
}

/** Of those, what the margin is computed of, and no more. */
export function marginQueries(cluster: Cluster, host: string, facts: Facts): readonly Observation[] {
  const place = cluster.balancers.get(host);
  return [
    ...(place === undefined ? [] : backendQueries(place, facts)),
    ...readyQueries(cluster, host),
    ...sharedQueries(cluster, host),
  ];
}

function readyQueries(cluster: Cluster, host: string): readonly Observation[] {
  const server = serverOn(cluster, host);
  return server === undefined ? [] : [readyQuery(server)];
}

function sharedQueries(cluster: Cluster, host: string): readonly Observation[] {
  return serverOn(cluster, host) === undefined || cluster.vip === undefined ? [] : vipQueries(cluster.vip);
}

export function hostLook(cluster: Cluster, host: string, facts: Facts): HostLook {
  const place = cluster.balancers.get(host);
  const server = serverOn(cluster, host);
  const ready = server === undefined ? undefined : readyLook(server, facts);
  const etcd = server === undefined ? undefined : etcdLook(facts);
  return {
    ...(place === undefined ? {} : { balancer: balancerLook(place, facts) }),
    ...(ready === undefined ? {} : { ready }),
    ...(etcd === undefined ? {} : { etcd }),
    ...(server === undefined || cluster.vip === undefined ? {} : { vip: vipLook(cluster.vip, facts) }),
  };
}

const serverOn = ({ apiServers }: Cluster, host: string): Server | undefined =>
  apiServers.find((one) => one.name === host);

/** An API server that no answer has told of yet: its own host cannot be asked, or a balancer lists one that the inventory does not know. */
export function serversToAsk(cluster: Cluster, answers: ReadonlyMap<string, HostAnswer>): readonly Server[] {
  const silent = cluster.apiServers.filter(({ name }) => {
    const answer = answers.get(name);
    return answer?.kind !== 'look' || answer.look.ready === undefined;
  });
  return [...silent, ...strangersIn(cluster, answers)];
}

/** Servers that balancers list and the inventory does not, by the name that they bear in the views. */
function strangersIn(cluster: Cluster, answers: ReadonlyMap<string, HostAnswer>): readonly Server[] {
  const strangers = new Map<string, Server>();
  for (const answer of answers.values()) {
    if (answer.kind !== 'look') continue;
    for (const backend of answer.look.balancer?.backends ?? []) {
      if (backend.address === undefined || backend.port === undefined) continue;
      const name = nameOf(cluster, backend);
      const { address, port } = backend;
      if (apiServerAt(cluster.apiServers, backend) === undefined) strangers.set(name, { name, address, port });
    }
  }
  return [...strangers.values()];
}

/** The inventory's name of a server that a balancer lists; else its own, with its address where the inventory has that name for another. */
export function nameOf(cluster: Cluster, backend: LoadedBackend): string {
  const known = apiServerAt(cluster.apiServers, backend);
  if (known !== undefined) return known.name;
  const taken = cluster.apiServers.some((one) => one.name === backend.name);
  return taken ? `${backend.name}@${backend.address ?? ''}` : backend.name;
}

/** The whole cluster at one moment: all that the margin and the quorum are computed of. */
export interface ClusterView {
  readonly nodes: readonly NodeView[];
  /** Names of the API servers that answer 200 at their own /readyz. */
  readonly healthy: ReadonlySet<string>;
  readonly ready: ReadonlyMap<string, ReadyLook>;
  readonly etcd:
    | { readonly kind: 'members'; readonly members: readonly EtcdMember[] }
    | Extract<EtcdLook, { kind: 'unknown' }>;
}

/** `others`: what hosts told of API servers that are not their own (`serversToAsk`). */
export function clusterView(
  cluster: Cluster,
  answers: ReadonlyMap<string, HostAnswer>,
  others: ReadonlyMap<string, ReadyLook>,
): ClusterView {
  const ready = new Map(others);
  for (const { name } of cluster.apiServers) {
    const answer = answers.get(name);
    if (answer?.kind === 'look' && answer.look.ready !== undefined) ready.set(name, answer.look.ready);
  }
  return {
    nodes: nodesOf(cluster, answers),
    healthy: new Set([...ready].flatMap(([name, look]) => (look.ready ? [name] : []))),
    ready,
    etcd: etcdOf(cluster, answers),
  };
}

function nodesOf(cluster: Cluster, answers: ReadonlyMap<string, HostAnswer>): readonly NodeView[] {
  const nodes = [...cluster.balancers.keys()].map((host): NodeView => {
    const answer = answers.get(host);
    const backends = answer?.kind === 'look' ? answer.look.balancer?.backends : undefined;
    if (backends === undefined) return { name: host, loaded: 'unknown' };
    const loaded = new Set(backends.map((one) => nameOf(cluster, one)));
    const asked = backends.every((one) => one.up !== undefined);
    const up = new Set(backends.filter((one) => one.up === true).map((one) => nameOf(cluster, one)));
    return { name: host, loaded, ...(asked ? { up } : {}) };
  });
  return cluster.vip === undefined ? nodes : [...nodes, sharedAddress(cluster, cluster.vip, answers)];
}

/** Whoever runs kube-vip can take the address over: all nodes share one list, whose servers are those. */
function sharedAddress(cluster: Cluster, vip: string, answers: ReadonlyMap<string, HostAnswer>): NodeView {
  const looks = cluster.apiServers.flatMap(({ name }) => {
    const answer = answers.get(name);
    return answer?.kind === 'look' && answer.look.vip?.running !== undefined ? [{ name, vip: answer.look.vip }] : [];
  });
  if (looks.length === 0) return { name: vip, loaded: 'unknown' };
  return { name: vip, loaded: new Set(looks.flatMap((one) => (one.vip.running === true ? [one.name] : []))) };
}

/** The first control plane that can tell; they tell the same, as a list of members needs a quorum. */
function etcdOf(cluster: Cluster, answers: ReadonlyMap<string, HostAnswer>): ClusterView['etcd'] {
  const looks = cluster.apiServers.flatMap(({ name }) => {
    const answer = answers.get(name);
    if (answer?.kind !== 'look')
      return [{ kind: 'unknown', reason: answer?.reason ?? 'not asked', host: name } as const];
    return answer.look.etcd === undefined ? [] : [{ ...answer.look.etcd, host: name }];
  });
  for (const look of looks)
    if (look.kind === 'members') return { kind: 'members', members: memberNames(look.members, cluster.apiServers) };
  const reasons = looks.flatMap((look) => (look.kind === 'unknown' ? [`${look.host}: ${look.reason}`] : []));
  return { kind: 'unknown', reason: reasons.join('; ') || 'no control plane was asked' };
}
