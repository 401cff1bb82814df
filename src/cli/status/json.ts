import type { JsonObject } from '../../core/value.ts';
import type { ClusterStatus, NodeStatus } from '../../ha/cluster-status.ts';
import { marginText } from '../../ha/margin.ts';

/** The stable shape of `hlb status --json` (docs/guide/status.md); fields may be added, none is renamed. */
export function statusJson(status: ClusterStatus, now: number): JsonObject {
  const { margin, etcd, vip } = status;
  const { weakest } = margin;
  return {
    time: new Date(now).toISOString(),
    verdict: status.verdict,
    margin: {
      needs: margin.needs,
      safe: margin.safe,
      weakest:
        weakest === undefined
          ? null
          : {
              node: weakest.node,
              keeps: [...weakest.keeps],
              listed: weakest.listed === 'unknown' ? null : weakest.listed,
            },
      message: marginText(margin),
    },
    nodes: status.nodes.map(nodeJson),
    api_servers: status.apiServers.map(({ name, address, port, ready, status: code, error }) => ({
      name,
      address,
      port,
      ready,
      status: code ?? null,
      error: error ?? null,
    })),
    etcd:
      etcd.kind === 'unknown'
        ? { problem: etcd.reason, members: [], voting: null, quorum: null, healthy: null, spare: null }
        : {
            problem: null,
            members: etcd.members.map(({ id, name, learner, healthy, problem }) => ({
              id,
              name,
              learner,
              healthy,
              problem: problem ?? null,
            })),
            voting: etcd.voting,
            quorum: etcd.quorum,
            healthy: etcd.healthy,
            spare: etcd.spare,
          },
    vip:
      vip === undefined ? null : { address: vip.address, announcers: [...vip.announcers], holders: [...vip.holders] },
    unreachable: status.unreachable.map(({ host, reason }) => ({ host, reason })),
  };
}

function nodeJson(node: NodeStatus): JsonObject {
  const { servedHash, fileHash, container } = node;
  return {
    node: node.node,
    placement: node.placement,
    joined: !node.apart,
    running: node.running,
    problem: node.problem ?? null,
    config: {
      served: servedHash ?? null,
      file: fileHash ?? null,
      loaded: servedHash !== undefined && servedHash === fileHash,
      reload_failed: node.reloadFailed,
    },
    haproxy: node.version ?? null,
    container: container === undefined ? null : { id: container.id, attempt: container.attempt },
    backends: node.backends.map(({ server, name, address, port, up, status, weight, sessions, check }) => ({
      server,
      name,
      address: address ?? null,
      port: port ?? null,
      up: up ?? null,
      status: status ?? null,
      weight: weight ?? null,
      sessions: sessions ?? null,
      check: check ?? null,
    })),
  };
}
