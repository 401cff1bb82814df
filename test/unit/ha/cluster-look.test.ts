import { describe, expect, it } from 'vitest';
import { defaultPlace } from '../../../src/ha/balancer-place.ts';
import type { Cluster } from '../../../src/ha/cluster.ts';
import {
  clusterView,
  type HostAnswer,
  type HostLook,
  hostLook,
  hostQueries,
  serversToAsk,
} from '../../../src/ha/cluster-look.ts';
import type { LoadedBackend } from '../../../src/ha/loaded-backends.ts';
import type { Facts } from '../../../src/host/facts.ts';
import { keyOf } from '../../../src/host/key.ts';

const cluster: Cluster = {
  apiServers: [
    { name: 'cp1', address: '10.0.0.11', port: 6443 },
    { name: 'cp2', address: 'cp2.example', port: 6443 },
    { name: 'cp3', address: 'fd00::13', port: 6443 },
  ],
  balancers: new Map(['cp1', 'w1'].map((name) => [name, defaultPlace])),
  vip: undefined,
  hosts: ['cp1', 'cp2', 'cp3', 'w1'],
};
const look = (one: HostLook): HostAnswer => ({ kind: 'look', look: one });
const lost: HostAnswer = { kind: 'unreachable', reason: 'no route' };
const loaded = (...backends: readonly LoadedBackend[]): HostLook => ({ balancer: { running: true, backends } });

describe('the questions to a host', () => {
  const kinds = (host: string, of = cluster) => hostQueries(of, host, new Map()).map((one) => one.kind);
  const balancer = ['file', 'containers', 'http', 'http', 'haproxy'];

  it('are for what runs there, all of which is known before', () => {
    expect(kinds('cp1')).toEqual([...balancer, 'http', 'command']);
    expect(kinds('cp2')).toEqual(['http', 'command']);
    expect(kinds('w1')).toEqual(balancer);
    expect(kinds('cp1', { ...cluster, vip: '10.0.0.9' })).toEqual([
      ...balancer,
      'http',
      'command',
      'containers',
      'command',
    ]);
  });
});

describe('the answers of a host', () => {
  const told = (status: number): Facts => {
    const [query] = hostQueries(cluster, 'cp3', new Map());
    if (query?.kind !== 'http') throw new Error('expected /readyz to be asked first');
    expect(query.url).toBe('https://[fd00::13]:6443/readyz');
    const fact = { status, headers: {}, body: new Uint8Array(), ...(status === 0 ? { error: 'refused' } : {}) };
    return new Map([[keyOf(query), { observation: query, fact }]]);
  };

  it.each([
    [200, { ready: true, status: 200 }],
    [403, { ready: false, status: 403 }],
    [500, { ready: false, status: 500 }],
    [0, { ready: false, error: 'refused' }],
  ])('make an API server ready by 200 and nothing else: %i', (status, ready) => {
    expect(hostLook(cluster, 'cp3', told(status))).toEqual({ ready });
  });

  it('hold nothing that was not asked', () => {
    expect(hostLook(cluster, 'cp3', new Map())).toEqual({});
  });
});

describe('the view of a cluster', () => {
  const ready = { ready: true, status: 200 };

  it('calls a server as the inventory does, whatever a balancer calls it', () => {
    const backends = [
      { name: 'master-a', address: '10.0.0.11', port: 6443, up: true },
      { name: 'cp2', address: '10.0.0.12', port: 6443, up: false },
      { name: 'x', address: 'fd00:0:0::13', port: 6443, up: true },
      { name: 'cp1', address: '10.0.0.99', port: 6443, up: true },
    ];
    const { nodes } = clusterView(cluster, new Map([['w1', look(loaded(...backends))]]), new Map());
    expect(nodes).toEqual([
      { name: 'cp1', loaded: 'unknown' },
      {
        name: 'w1',
        loaded: new Set(['cp1', 'cp2', 'cp3', 'cp1@10.0.0.99']),
        up: new Set(['cp1', 'cp3', 'cp1@10.0.0.99']),
      },
    ]);
  });

  it('says nothing of what is up where a balancer could not be asked that', () => {
    const { nodes } = clusterView(cluster, new Map([['w1', look(loaded({ name: 'cp1' }))]]), new Map());
    expect(nodes[1]).toEqual({ name: 'w1', loaded: new Set(['cp1']) });
  });

  it('counts as healthy what answers 200 itself, and asks others of servers whose own host is silent', () => {
    const answers = new Map([
      ['cp1', look({ ready })],
      ['cp2', look({ ready: { ready: false, status: 403 } })],
      ['cp3', lost],
      ['w1', look(loaded({ name: 'old', address: '10.0.0.8', port: 6443, up: true }))],
    ]);
    const silent = serversToAsk(cluster, answers);
    expect(silent).toEqual([
      { name: 'cp3', address: 'fd00::13', port: 6443 },
      { name: 'old', address: '10.0.0.8', port: 6443 },
    ]);
    const view = clusterView(cluster, answers, new Map(silent.map(({ name }) => [name, ready])));
    expect(view.healthy).toEqual(new Set(['cp3', 'old', 'cp1']));
    expect(view.ready.get('cp2')).toEqual({ ready: false, status: 403 });
  });

  it('takes the members of etcd from the first control plane that can tell', () => {
    const members = [{ id: 'a1', name: 'n1', learner: false, healthy: true, addresses: ['10.0.0.11'] }];
    const unknown = look({ etcd: { kind: 'unknown', reason: 'no etcd container runs here' } });
    const told = look({ etcd: { kind: 'members', members } });
    expect(
      clusterView(
        cluster,
        new Map([
          ['cp1', unknown],
          ['cp3', told],
        ]),
        new Map(),
      ).etcd,
    ).toMatchObject({
      kind: 'members',
      members: [{ name: 'cp1' }],
    });
    expect(
      clusterView(
        cluster,
        new Map([
          ['cp1', unknown],
          ['cp2', lost],
        ]),
        new Map(),
      ).etcd,
    ).toEqual({
      kind: 'unknown',
      reason: 'cp1: no etcd container runs here; cp2: no route; cp3: not asked',
    });
  });

  it('is one list for all nodes where they share an address by kube-vip', () => {
    const shared: Cluster = { ...cluster, balancers: new Map(), vip: '10.0.0.9' };
    const answers = new Map([
      ['cp1', look({ vip: { running: true, holds: true } })],
      ['cp2', look({ vip: { running: false, holds: false } })],
      ['cp3', lost],
    ]);
    expect(clusterView(shared, answers, new Map()).nodes).toEqual([{ name: '10.0.0.9', loaded: new Set(['cp1']) }]);
    expect(clusterView(shared, new Map([['cp3', lost]]), new Map()).nodes).toEqual([
      { name: '10.0.0.9', loaded: 'unknown' },
    ]);
  });
});
