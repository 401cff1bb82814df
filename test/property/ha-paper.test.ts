import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPlace } from '../../src/ha/balancer-place.ts';
import type { Cluster } from '../../src/ha/cluster.ts';
import type { ClusterView } from '../../src/ha/cluster-look.ts';
import { marginOf, type NodeView } from '../../src/ha/margin.ts';
import { pretend } from '../../src/ha/pretend.ts';
import { quorumOf } from '../../src/ha/quorum.ts';
import { mayLoad, transitionOf } from '../../src/ha/transition.ts';

/** Up to five API servers, three nodes with any lists of them, any health. */
const servers = ['cp1', 'cp2', 'cp3', 'cp4', 'cp5'];
const nodes = ['n1', 'n2', 'n3'];
const some = fc.subarray(servers, { minLength: 1 });

interface World {
  readonly cluster: Cluster;
  readonly view: ClusterView;
}

const worlds: fc.Arbitrary<World> = fc
  .record({ lists: fc.tuple(some, some, some), healthy: fc.subarray(servers) })
  .map(({ lists, healthy }) => {
    const alive = new Set(healthy);
    return {
      cluster: {
        apiServers: servers.map((name) => ({ name, address: name, port: 6443 })),
        balancers: new Map(nodes.map((name) => [name, defaultPlace])),
        vip: undefined,
        hosts: [...servers, ...nodes],
      },
      view: {
        nodes: nodes.map((name, index): NodeView => {
          const loaded = new Set(lists[index]);
          return { name, loaded, up: new Set([...loaded].filter((server) => alive.has(server))) };
        }),
        healthy: alive,
        ready: new Map(servers.map((name) => [name, { ready: alive.has(name) }])),
        etcd: {
          kind: 'members',
          members: servers.map((name) => ({ id: name, name, learner: false, healthy: alive.has(name), addresses: [] })),
        },
      },
    };
  });

const fewest = ({ nodes: all, healthy }: ClusterView, taken: ReadonlySet<string> = new Set()): number =>
  marginOf(all, healthy, taken, 1).weakest?.keeps.length ?? 0;

describe('a roll on paper', () => {
  it('comes to the lists that are wanted, and never below one live server by a step that it allows', () => {
    fc.assert(
      fc.property(worlds, some, ({ cluster, view }, desired) => {
        const plan = transitionOf({ nodes: view.nodes, desired, healthy: view.healthy, least: 1 });
        if (plan.kind === 'refused') return;
        let now = view;
        const spared = (): boolean => fewest(now) >= 1;
        const began = spared();
        for (const step of plan.steps) {
          const node = now.nodes.find((one) => one.name === step.node);
          if (node === undefined || !mayLoad(step, node, now.healthy, 1).safe) return;
          now = pretend(cluster, now, [{ kind: 'loaded', host: step.node, servers: step.to }]);
          if (began) expect(spared()).toBe(true);
        }
        for (const node of now.nodes) expect(node.loaded).toEqual(new Set(desired));
      }),
    );
  });

  it('knows of a failure what the margin and the quorum know of a server that is taken away', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...servers), ({ cluster, view }, host) => {
        const api = pretend(cluster, view, [{ kind: 'api-down', host }]);
        expect(fewest(api)).toBe(fewest(view, new Set([host])));
        const etcd = pretend(cluster, view, [{ kind: 'etcd-down', host }]).etcd;
        if (etcd.kind !== 'members' || view.etcd.kind !== 'members') throw new Error('The members are known');
        const left = (members: typeof etcd.members, taken: readonly string[]): number =>
          quorumOf(members, new Set(taken), { allowSingle: false }).left;
        expect(left(etcd.members, [])).toBe(left(view.etcd.members, [host]));
      }),
    );
  });

  it('takes a failure back where the host is up again, and never makes a cluster weaker by that', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...servers, ...nodes), ({ cluster, view }, host) => {
        const up = pretend(cluster, view, [{ kind: 'up', host }]);
        expect(fewest(up)).toBeGreaterThanOrEqual(fewest(view));
        const again = pretend(cluster, view, [
          { kind: 'api-down', host },
          { kind: 'etcd-down', host },
          { kind: 'up', host },
        ]);
        expect(fewest(again)).toBe(fewest(up));
        expect(again.etcd).toEqual(up.etcd);
      }),
    );
  });
});
