import type { Cluster } from './cluster.ts';
import { type ClusterView, type HostAnswer, nameOf } from './cluster-look.ts';
import type { EtcdMember } from './etcd-look.ts';
import type { LoadedBackend } from './loaded-backends.ts';
import { type MarginVerdict, marginOf } from './margin.ts';
import { quorumOf, spareMembers } from './quorum.ts';

/** One server line of one balancer. */
export interface BackendStatus extends LoadedBackend {
  /** The inventory's name of the API server behind it. */
  readonly server: string;
}

/** One host that runs a balancer. */
export interface NodeStatus {
  readonly node: string;
  readonly placement: string;
  /** Why it, or what it has loaded, is not known, or why nothing runs. */
  readonly problem?: string;
  /** It is no node of the cluster yet, so its balancer does not count. */
  readonly apart: boolean;
  readonly running: boolean;
  readonly backends: readonly BackendStatus[];
  readonly servedHash?: string;
  readonly fileHash?: string;
  readonly version?: string;
  readonly container?: { readonly id: string; readonly attempt: number };
  readonly reloadFailed: boolean;
}

export interface ApiServerStatus {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
  /** What /readyz answered; absent where nothing did. */
  readonly status?: number;
  readonly error?: string;
}

export type EtcdStatus =
  | {
      readonly kind: 'members';
      readonly members: readonly EtcdMember[];
      readonly voting: number;
      readonly quorum: number;
      readonly healthy: number;
      /** How many may be away at once. */
      readonly spare: number;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The cluster as it is now, with the numbers that guards would judge. */
export interface ClusterStatus {
  /** `violated`: a node that answered has less than it needs, or etcd has no quorum. `unknown`: a host could not be asked. */
  readonly verdict: 'ok' | 'violated' | 'unknown';
  readonly margin: MarginVerdict;
  readonly nodes: readonly NodeStatus[];
  readonly apiServers: readonly ApiServerStatus[];
  readonly etcd: EtcdStatus;
  /** Of kube-vip: who could take the address over, and who has it. */
  readonly vip?: {
    readonly address: string;
    readonly announcers: readonly string[];
    readonly holders: readonly string[];
  };
  readonly unreachable: readonly { readonly host: string; readonly reason: string }[];
}

export interface StatusInput {
  readonly cluster: Cluster;
  readonly answers: ReadonlyMap<string, HostAnswer>;
  readonly view: ClusterView;
  /** Hosts that have not joined. */
  readonly apart: ReadonlySet<string>;
  /** How many live backends every node needs. */
  readonly least: number;
}

export function clusterStatus(input: StatusInput): ClusterStatus {
  const { cluster, answers, view, apart, least } = input;
  const counted = view.nodes.filter((node) => !apart.has(node.name));
  const margin = marginOf(counted, view.healthy, new Set(), least);
  const etcd = etcdStatus(view);
  const unreachable = cluster.hosts.flatMap((host) => {
    const answer = answers.get(host);
    return answer?.kind === 'look' ? [] : [{ host, reason: answer?.reason ?? 'not asked' }];
  });
  const isLost = etcd.kind === 'members' && etcd.healthy < etcd.quorum;
  const isEmpty = margin.failing.some((node) => node.listed !== 'unknown');
  return {
    verdict: isLost || isEmpty ? 'violated' : unreachable.length > 0 || !margin.safe ? 'unknown' : 'ok',
    margin,
    nodes: [...cluster.balancers].map(([node, { placement }]) => nodeStatus(node, placement, input)),
    apiServers: apiServers(input),
    etcd,
    ...(cluster.vip === undefined ? {} : { vip: vipStatus(cluster, cluster.vip, answers) }),
    unreachable,
  };
}

function nodeStatus(node: string, placement: string, { cluster, answers, apart }: StatusInput): NodeStatus {
  const answer = answers.get(node);
  const common = { node, placement, apart: apart.has(node) };
  const balancer = answer?.kind === 'look' ? answer.look.balancer : undefined;
  if (balancer === undefined) {
    const reason = answer?.kind === 'unreachable' ? answer.reason : 'not asked';
    return { ...common, problem: `cannot be asked: ${reason}`, running: false, backends: [], reloadFailed: false };
  }
  const { backends = [], reloadFailed = false, ...rest } = balancer;
  return {
    ...rest,
    ...common,
    backends: backends.map((backend) => ({ ...backend, server: nameOf(cluster, backend) })),
    reloadFailed,
  };
}

function apiServers({ cluster, view }: StatusInput): readonly ApiServerStatus[] {
  return cluster.apiServers.map((server) => ({
    ...server,
    ...(view.ready.get(server.name) ?? { ready: false, error: 'nobody could ask it' }),
  }));
}

function etcdStatus({ etcd }: ClusterView): EtcdStatus {
  if (etcd.kind === 'unknown') return etcd;
  const { members } = etcd;
  const { voting, quorum, left } = quorumOf(members, new Set(), { allowSingle: false });
  return { kind: 'members', members, voting, quorum, healthy: left, spare: spareMembers(members) };
}

function vipStatus(cluster: Cluster, address: string, answers: ReadonlyMap<string, HostAnswer>) {
  const where = (what: 'running' | 'holds'): readonly string[] =>
    cluster.apiServers.flatMap(({ name }) => {
      const answer = answers.get(name);
      return answer?.kind === 'look' && answer.look.vip?.[what] === true ? [name] : [];
    });
  return { address, announcers: where('running'), holders: where('holds') };
}
