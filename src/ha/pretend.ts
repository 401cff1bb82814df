import type { Pretence } from '../core/pretence.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterView } from './cluster-look.ts';
import type { EtcdMember } from './etcd-look.ts';
import type { NodeView } from './margin.ts';

/** A host is off: all that runs there is, and nobody can ask it. */
export function downPretences(host: string): readonly Pretence[] {
  return [
    { kind: 'api-down', host },
    { kind: 'etcd-down', host },
    { kind: 'unasked', host },
  ];
}

/** The cluster as it would be, each thing supposed after those before it. */
export function pretend(cluster: Cluster, view: ClusterView, pretences: readonly Pretence[]): ClusterView {
  return pretences.reduce((before, pretence) => pretendOne(cluster, before, pretence), view);
}

function pretendOne(cluster: Cluster, view: ClusterView, pretence: Pretence): ClusterView {
  const { kind, host } = pretence;
  const nodes = (change: (node: NodeView) => NodeView, which = (node: NodeView) => node.name === host) =>
    view.nodes.map((node) => (which(node) ? change(node) : node));
  switch (kind) {
    case 'unasked':
      return { ...view, nodes: nodes(({ name }) => ({ name, loaded: 'unknown' })) };
    case 'loaded': {
      const loaded = new Set(pretence.servers);
      const up = new Set(pretence.servers.filter((server) => view.healthy.has(server)));
      return { ...view, nodes: nodes(({ name }) => ({ name, loaded, up })) };
    }
    case 'api-down':
      return {
        ...view,
        healthy: new Set([...view.healthy].filter((server) => server !== host)),
        ready: withReady(view, host, { ready: false, error: 'supposed to be down' }),
        nodes: nodes((node) => withUp(node, host, false), isListing(host)),
      };
    case 'etcd-down':
      return { ...view, etcd: withMember(view, host, { healthy: false, problem: 'supposed to be down' }) };
    case 'up':
      return upAgain(cluster, view, host);
  }
}

function upAgain(cluster: Cluster, view: ClusterView, host: string): ClusterView {
  const isServer = cluster.apiServers.some((server) => server.name === host);
  const healthy = isServer ? new Set([...view.healthy, host]) : view.healthy;
  const nodes = view.nodes.map((node): NodeView => {
    if (node.name === host && node.loaded === 'unknown') {
      const all = cluster.apiServers.map((server) => server.name);
      return { name: host, loaded: new Set(all), up: new Set(all.filter((server) => healthy.has(server))) };
    }
    return isServer && isListing(host)(node) ? withUp(node, host, true) : node;
  });
  if (!isServer) return { ...view, nodes };
  const etcd = withMember(view, host, { healthy: true, problem: undefined });
  return { ...view, healthy, ready: withReady(view, host, { ready: true, status: 200 }), nodes, etcd };
}

const isListing =
  (server: string) =>
  ({ loaded }: NodeView): boolean =>
    loaded !== 'unknown' && loaded.has(server);

function withUp(node: NodeView, server: string, isUp: boolean): NodeView {
  if (node.up === undefined) return node;
  const others = [...node.up].filter((one) => one !== server);
  return { ...node, up: new Set(isUp ? [...others, server] : others) };
}

function withReady(view: ClusterView, host: string, look: { ready: boolean; status?: number; error?: string }) {
  return new Map([...view.ready, [host, look] as const]);
}

function withMember(
  { etcd }: ClusterView,
  host: string,
  { healthy, problem }: { healthy: boolean; problem: string | undefined },
): ClusterView['etcd'] {
  if (etcd.kind === 'unknown') return etcd;
  const members = etcd.members.map((member): EtcdMember => {
    if (member.name !== host || member.learner) return member;
    const { problem: _, ...rest } = member;
    return { ...rest, healthy, ...(problem === undefined ? {} : { problem }) };
  });
  return { kind: 'members', members };
}
