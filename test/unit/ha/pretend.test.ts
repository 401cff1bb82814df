import { describe, expect, it } from 'vitest';
import type { Pretence } from '../../../src/core/pretence.ts';
import { defaultPlace } from '../../../src/ha/balancer-place.ts';
import type { Cluster } from '../../../src/ha/cluster.ts';
import type { ClusterView } from '../../../src/ha/cluster-look.ts';
import { marginOf } from '../../../src/ha/margin.ts';
import { downPretences, pretend } from '../../../src/ha/pretend.ts';
import { spareMembers } from '../../../src/ha/quorum.ts';

const names = ['cp1', 'cp2', 'cp3'];
const cluster: Cluster = {
  apiServers: names.map((name, index) => ({ name, address: `10.0.0.${index}`, port: 6443 })),
  balancers: new Map([...names, 'w1', 'w2'].map((name) => [name, defaultPlace])),
  vip: undefined,
  hosts: [...names, 'w1', 'w2'],
};
const view: ClusterView = {
  nodes: [
    ...names.map((name) => ({ name, loaded: new Set(names), up: new Set(names) })),
    { name: 'w1', loaded: new Set(['cp1', 'cp2']), up: new Set(['cp1', 'cp2']) },
    { name: 'w2', loaded: 'unknown' },
  ],
  healthy: new Set(names),
  ready: new Map(names.map((name) => [name, { ready: true, status: 200 }])),
  etcd: {
    kind: 'members',
    members: names.map((name) => ({ id: name, name, learner: false, healthy: true, addresses: [] })),
  },
};

const supposing = (...pretences: readonly Pretence[]): ClusterView => pretend(cluster, view, pretences);
const weakest = (of: ClusterView): string => {
  const node = marginOf(of.nodes, of.healthy, new Set(), 1).weakest;
  return `${node?.node} ${node?.keeps.length} of ${node?.listed}`;
};
const spare = ({ etcd }: ClusterView): number => (etcd.kind === 'members' ? spareMembers(etcd.members) : 0);
const without = (of: ClusterView, name: string): ClusterView => ({
  ...of,
  nodes: of.nodes.filter((node) => node.name !== name),
});

describe('a cluster of which something is supposed', () => {
  it('has the lists that a roll will have loaded, with those up that are ready', () => {
    const loaded = without(supposing({ kind: 'loaded', host: 'w1', servers: ['cp3', 'new'] }), 'w2');
    expect(weakest(loaded)).toBe('w1 1 of 2');
    expect(loaded.nodes.find((node) => node.name === 'w1')?.up).toEqual(new Set(['cp3']));
  });

  it('loses an API server on every node that lists it, and a vote in etcd by itself', () => {
    const api = without(supposing({ kind: 'api-down', host: 'cp1' }), 'w2');
    expect([weakest(api), spare(api)]).toEqual(['w1 1 of 2', 1]);
    expect(spare(supposing({ kind: 'etcd-down', host: 'cp1' }))).toBe(0);
  });

  it('cannot ask a host that is down, which then has nothing to spare', () => {
    expect(weakest(without(supposing(...downPretences('cp2')), 'w2'))).toBe('cp2 0 of unknown');
  });

  it('is whole again where a host is up', () => {
    const up = supposing(...downPretences('cp2'), { kind: 'up', host: 'cp2' }, { kind: 'up', host: 'w2' });
    expect(up.healthy).toEqual(new Set(names));
    expect([weakest(up), spare(up)]).toEqual(['w1 2 of 2', 1]);
    expect(up.nodes.find((node) => node.name === 'w2')?.loaded).toEqual(new Set(names));
  });

  it('is left as it is by what does not concern it', () => {
    expect(supposing({ kind: 'api-down', host: 'w1' }, { kind: 'etcd-down', host: 'w1' }).healthy).toEqual(
      view.healthy,
    );
    const unknown: ClusterView = { ...view, etcd: { kind: 'unknown', reason: 'nobody' } };
    expect(pretend(cluster, unknown, downPretences('cp1')).etcd).toEqual(unknown.etcd);
  });
});
