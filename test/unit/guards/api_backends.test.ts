import { assert, constantFrom, dictionary, integer, property, record, subarray, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderConfig } from '../../../src/ha/config.ts';
import guard from '../../../src/guards/api_backends.ts';
import { ask, askUndo, serverOf, type Work, type World } from './world.ts';

const all = ['cp1', 'cp2', 'cp3'];
const healthy: World = {
  ready: { cp1: 200, cp2: 200, cp3: 200 },
  loaded: { cp1: all, cp2: all, cp3: all, w1: all, w2: all },
};
const said = (
  world: World,
  work: Readonly<Record<string, Work>> = {},
  args: Readonly<Record<string, unknown>> = {},
) => {
  const { verdict, message } = ask(guard, args, world, work);
  return `${verdict}: ${message}`;
};

describe('api_backends', () => {
  it('passes where every node keeps enough, and says how much the weakest keeps', () => {
    const world = { ...healthy, loaded: { ...healthy.loaded, w2: ['cp1', 'cp2', 'cp3-'] } };
    expect(said(world)).toBe('pass: weakest node w2 keeps 2 of 3 backends (cp1, cp2), needs 1');
    expect(said(world, { cp1: { disrupts: ['api_server'] } })).toBe(
      'pass: while cp1 is away: weakest node w2 keeps 1 of 3 backends (cp2), needs 1',
    );
  });

  it('counts all nodes of the cluster, not those of the batch: the cross-product that nobody else computes', () => {
    const world = { ...healthy, loaded: { ...healthy.loaded, w2: ['cp1', 'cp2'] } };
    expect(said(world, { cp1: { disrupts: ['node'] }, cp2: { disrupts: ['etcd'] } })).toBe(
      'refuse: while cp1, cp2 are away: node w2 keeps 0 of 2 backends (cp1 would be taken away, cp2 would be taken away); needs 1',
    );
  });

  it('takes an API server for alive by its own 200 alone: 403 is a half-joined one', () => {
    const world = { ...healthy, ready: { cp1: 200, cp2: 403, cp3: 0 } };
    expect(said(world, { cp1: { disrupts: ['api_server'] } })).toContain(
      'node w1 keeps 0 of 3 backends (cp1 would be taken away, cp2 answers 403, cp3 does not answer (Connection refused))',
    );
  });

  it('has nothing to spare on a node that cannot be asked, unless it is named', () => {
    const world = { ...healthy, unreachable: ['w1'] };
    expect(said(world)).toBe(
      'refuse: node w1 cannot be asked (Connection refused) and counts as having nothing to spare; needs 1',
    );
    expect(ask(guard, {}, world).help).toContain('allow_unknown');
    expect(said(world, {}, { allow_unknown: ['w1'] })).toBe(
      'pass: weakest node cp1 keeps 3 of 3 backends (cp1, cp2, cp3), needs 1; left out by name: w1',
    );
    expect(said({ ...healthy, unreachable: ['cp3'] }, {}, { allow_unknown: ['w1'] })).toContain('refuse: node cp3');
  });

  it('asks other hosts for an API server whose own host cannot be asked', () => {
    const world = { ...healthy, unreachable: ['cp3'] };
    expect(
      said(world, { cp1: { disrupts: ['node'] }, cp2: { disrupts: ['node'] } }, { allow_unknown: ['cp3'] }),
    ).toContain('pass: while cp1, cp2 are away: weakest node cp1 keeps 1 of 3 backends (cp3)');
  });

  it('counts a node without a running balancer as empty, unless it has not joined', () => {
    const world: World = { ...healthy, loaded: { ...healthy.loaded, w2: 'none' } };
    expect(said(world)).toBe('refuse: node w2 keeps 0 of 0 backends; needs 1');
    expect(said({ ...world, apart: ['w2'] })).toContain('needs 1; not joined yet: w2');
  });

  it('refuses to take the balancer of a node away, unless the gap is accepted, one node at a time', () => {
    expect(said(healthy, { w1: { disrupts: ['balancer'] } })).toContain('refuse: w1 would be without a balancer');
    expect(said(healthy, { w1: { disrupts: ['balancer'] } }, { allow_gap: true })).toContain('pass');
    const both = { w1: { disrupts: ['balancer'] }, w2: { disrupts: ['balancer'] } } as const;
    expect(said(healthy, both, { allow_gap: true })).toBe(
      'refuse: 2 nodes would be without a balancer at once: w1, w2',
    );
  });

  it('does not ask what a node keeps that is taken away as a whole, but what the others keep', () => {
    const world = { ...healthy, loaded: { ...healthy.loaded, w1: [] } };
    expect(said(world, { w1: { disrupts: ['node'] } })).toContain('pass');
    expect(said(world)).toContain('refuse: node w1 keeps 0 of 0 backends');
  });

  it('never lets all API servers go at once, also where every node goes with them', () => {
    const node = { disrupts: ['node'] } as const;
    const everything = { cp1: node, cp2: node, cp3: node, w1: node, w2: node };
    expect(said(healthy, everything)).toContain(
      'refuse: while cp1, cp2, cp3 are away: node cp1 keeps 0 of 3 backends (cp1 would be taken away',
    );
    const alone: World = { ready: { cp1: 200 }, loaded: { cp1: ['cp1'] } };
    expect(said(alone, { cp1: node })).toBe(
      'refuse: while cp1 is away: the cluster keeps 0 of 1 live API servers; needs 1',
    );
  });

  it('counts a node of the batch whose API servers are in the same batch: it may be back before they are', () => {
    const world = { ...healthy, loaded: { ...healthy.loaded, w1: ['cp1'] } };
    const node = { disrupts: ['node'] } as const;
    expect(said(world, { w1: node })).toContain('pass');
    expect(said(world, { w1: node, cp1: node })).toBe(
      'refuse: while cp1 is away: node w1 keeps 0 of 1 backends (cp1 would be taken away); needs 1',
    );
  });

  it('counts the API server of a host that is to leave, which the new list does not name any more', () => {
    const lb_servers = ['cp2', 'cp3'].map((name) => ({ ...serverOf(name) }));
    const world: World = {
      ...healthy,
      sockets: true,
      loaded: { ...healthy.loaded, w1: ['cp1'] },
      variables: { cp1: { lb_servers }, cp2: { lb_servers }, cp3: { lb_servers } },
    };
    expect(said(world)).toContain('pass: weakest node w1 keeps 1 of 1 backends (cp1)');
    expect(said(world, { cp1: { disrupts: ['api_server'] } })).toBe(
      'refuse: while cp1 is away: node w1 keeps 0 of 1 backends (cp1 would be taken away); needs 1',
    );
  });

  it('treats an external balancer as what all nodes go through', () => {
    const external = { lb_placement: 'external' };
    const world: World = {
      ready: { cp1: 200 },
      loaded: { cp1: 'none', lb1: ['cp1'], w1: 'none' },
      variables: { cp1: external, lb1: external, w1: external },
    };
    expect(said(world)).toBe('pass: weakest node lb1 keeps 1 of 1 backends (cp1), needs 1');
    expect(said(world, { lb1: { disrupts: ['node'] } })).toContain('refuse: lb1 would be without a balancer');
  });

  it('does not let a service read a configuration that nobody can tell', () => {
    const service = { lb_placement: 'service' };
    const world: World = { ...healthy, variables: { w1: service } };
    expect(said(world, { w1: { lists: ['changed-file'] } })).toBe(
      'refuse: Which API servers w1 would list cannot be told ahead: a service of haproxy would read a configuration that a task of the roll may have changed',
    );
    expect(said(world, { w1: { lists: ['file'] } })).toContain('that it does not serve now');
    const text = renderConfig({
      servers: all.map(serverOf),
      bind: '127.0.0.1',
      port: 16443,
      healthPort: 16444,
      socket: '/run/admin.sock',
      stateFile: '/run/state',
      maxConnections: 100,
      aliveStatuses: [200],
    });
    const written: World = { ...world, configs: { w1: text } };
    expect(said(written, { w1: { lists: ['file'] } })).toContain('pass');
    expect(said(written, { w1: { lists: ['changed-file'] } })).toContain('refuse');
    // A pod is the balancer there, whatever the service is for.
    expect(said(world, { w2: { lists: ['changed-file'] } })).toContain('pass');
  });

  it('lets a node have its former list back only where that leaves it live servers', () => {
    const ready = { cp1: 200, cp2: 200, cp3: 200 };
    const before: World = { ready, loaded: { ...healthy.loaded, w1: ['cp1', 'cp2'] } };
    const now: World = { ready, loaded: { ...healthy.loaded, w1: ['cp1', 'cp2', 'cp3'] } };
    const undo = (world: World) => askUndo(guard, before, world, 'w1');
    expect(undo(now)).toMatchObject({ verdict: 'pass' });
    const died = { ...now, ready: { cp1: 0, cp2: 403, cp3: 200 } };
    expect(undo(died)).toMatchObject({
      verdict: 'refuse',
      message:
        'Node w1 would list cp1, cp2 instead of cp1, cp2, cp3 and keep 0 of 2 live backends, needs 1: cp1 does not answer (Connection refused), cp2 answers 403',
    });
    // Another node's list is not this one's to lose, and a list that did not change brings nothing back.
    expect(askUndo(guard, before, died, 'w2')).toMatchObject({ verdict: 'pass' });
    // A node that has lost everything has nothing more to lose.
    expect(undo({ ...died, ready: { ...died.ready, cp3: 0 } })).toMatchObject({ verdict: 'pass' });
  });

  it('judges the list of a node that need not be waited for, too', () => {
    const world: World = { ...healthy, ready: { ...healthy.ready, cp4: 403 }, unreachable: ['w1'] };
    const left = { allow_unknown: ['w1'] };
    expect(said(world, { w1: { lists: [['cp4']] } }, left)).toBe(
      'refuse: Node w1 would list cp4 and keep 0 of 1 live backends, needs 1: cp4 not asked',
    );
    expect(said(world, { w1: { lists: [['cp1', 'cp4']] } }, left)).toContain('pass');
    expect(said(healthy, { w2: { lists: [['cp4']] } }, { nodes: 'w1' })).toContain('refuse: Node w2 would list cp4');
    expect(said(healthy, { w2: { lists: [['cp1']] } }, { nodes: 'w1' })).toContain('pass');
  });

  it('refuses a list that would be empty of live servers, naming node, servers and numbers', () => {
    const world = { ...healthy, ready: { ...healthy.ready, cp4: 403, cp5: 0 } };
    expect(said(world, { w1: { lists: [['cp4', 'cp5']] } })).toBe(
      'refuse: Node w1 would list cp4, cp5 instead of cp1, cp2, cp3 and keep 0 of 2 live backends, needs 1: cp4 not asked, cp5 not asked',
    );
    expect(said(world, { w1: { lists: [[]] } })).toContain('Node w1 would list no server instead of cp1, cp2, cp3');
    expect(said(world, { w1: { lists: ['unknown'] } })).toContain(
      'Which API servers w1 would list cannot be told ahead',
    );
  });

  it('lets nothing leave a list before every node has all of the new ones, and has them live', () => {
    const loaded = {
      ...healthy.loaded,
      cp4: ['cp4'],
      cp1: [...all, 'cp4'],
      cp2: [...all, 'cp4'],
      cp3: [...all, 'cp4'],
      w1: [...all, 'cp4'],
    };
    const world: World = { ready: { ...healthy.ready, cp4: 200 }, loaded };
    const servers = ['cp2', 'cp3', 'cp4'].map(serverOf);
    const contract = { w1: { lists: [['cp2', 'cp3', 'cp4']] } };
    expect(said(world, contract, { servers })).toBe(
      'refuse: Node cp4 does not list cp2, cp3 yet, and nothing may leave a list before all of the new ones are in every list',
    );
    const everywhere = {
      ...world,
      loaded: { ...loaded, cp4: ['cp2', 'cp3', 'cp4'], w2: ['cp1', 'cp2-', 'cp3-', 'cp4-'] },
    };
    expect(said(everywhere, contract, { servers })).toBe(
      'refuse: Node w2 would list cp2, cp3, cp4 and keep 0 of 3 live backends, needs 1: cp2 not up on this node, cp3 not up on this node, cp4 not up on this node',
    );
    const up = { ...everywhere, loaded: { ...everywhere.loaded, w2: [...all, 'cp4'] } };
    expect(said(up, contract, { servers })).toContain('pass');
    expect(said(world, { w2: { lists: [[...all, 'cp4']] } }, { servers })).toContain('pass');
  });

  it('refuses before the first change a list that is not live in the end', () => {
    const world: World = { ready: { ...healthy.ready, cp4: 403 }, loaded: { ...healthy.loaded, cp4: ['cp1'] } };
    const verdict = ask(guard, { servers: [serverOf('cp4')] }, world, { w1: { lists: [[...all, 'cp4']] } }, 'roll');
    expect(verdict).toMatchObject({
      verdict: 'refuse',
      message: 'The new list keeps 0 of 1 live backends on cp1, cp2, cp3, cp4, w1, w2, needs 1: cp4 answers 403',
    });
  });

  it('says what is wrong with an inventory that describes no cluster', () => {
    expect(said({ ready: {}, loaded: { w1: all } })).toContain('refuse: The cluster cannot be told from the inventory');
  });

  it('never turns a refusal into a pass when more is taken away', () => {
    const names = ['cp1', 'cp2', 'cp3', 'cp4', 'cp5'];
    const lists = subarray(names);
    const work = constantFrom<Work[]>({}, { disrupts: ['api_server'] }, { disrupts: ['etcd'] });
    assert(
      property(
        record({ cp1: lists, cp2: lists, cp3: lists, cp4: lists, cp5: lists, w1: lists }),
        dictionary(constantFrom(...names), constantFrom(200, 403, 0)),
        tuple(work, work, work, work, work),
        integer({ min: 1, max: 3 }),
        subarray(names),
        (loaded, ready, works, min, some) => {
          const whole = Object.fromEntries(names.map((name, index) => [name, works[index] ?? {}]));
          const part = Object.fromEntries(Object.entries(whole).filter(([name]) => some.includes(name)));
          const world: World = { ready, loaded };
          if (ask(guard, { min }, world, whole).verdict === 'pass')
            expect(ask(guard, { min }, world, part).verdict).toBe('pass');
        },
      ),
    );
  });

  it('counts a balancer for others that does not run as one with nothing to spare', () => {
    const placed = { lb_placement: 'external' };
    const text = renderConfig({
      servers: [serverOf('cp1')],
      bind: '0.0.0.0',
      port: 16443,
      healthPort: 16444,
      socket: '/run/haproxy-apiserver-lb/admin.sock',
      stateFile: '/etc/haproxy-apiserver-lb/servers.state',
      maxConnections: 100,
      aliveStatuses: [200],
    });
    const world: World = {
      ready: { cp1: 200, cp2: 200 },
      configs: { lb1: text },
      loaded: { cp1: 'none', cp2: 'none', lb1: 'none', lb2: ['cp1', 'cp2'], w1: 'none' },
      apart: ['lb1', 'lb2'],
      variables: { cp1: placed, cp2: placed, lb1: placed, lb2: placed, w1: placed },
    };
    const { verdict, message } = ask(guard, {}, world, {}, 'after');
    expect([verdict, message.includes('node lb1 keeps 0 of 0')]).toEqual(['refuse', true]);
    // One that was never made is not counted yet.
    expect(ask(guard, {}, { ...world, configs: {} }, {}, 'after').verdict).toBe('pass');
  });

  it('leaves the shared address somewhere where kube-vip is replaced', () => {
    const placed = { lb_placement: 'kube_vip', vip_address: '10.0.0.200' };
    const world: World = {
      ready: { cp1: 200, cp2: 200, cp3: 200 },
      loaded: { cp1: 'none', cp2: 'none', cp3: 'none', w1: 'none' },
      announcers: all,
      variables: { cp1: placed, cp2: placed, cp3: placed, w1: placed },
    };
    const pod = { disrupts: ['balancer'] } as const;
    expect(ask(guard, {}, world, { cp1: pod, cp2: pod }).verdict).toBe('pass');
    expect(ask(guard, {}, world, { cp1: pod, cp2: pod, cp3: pod }).verdict).toBe('refuse');
  });

  it('asks a node in its gap what it lives on: it may be back while a server is away', () => {
    const all = ['cp1', 'cp2', 'cp3'];
    const world: World = {
      ready: { cp1: 200, cp2: 200, cp3: 200 },
      loaded: { cp1: all, cp2: all, cp3: all, w1: ['cp1', 'cp2-', 'cp3-'], w2: all },
    };
    const gap = { w1: { disrupts: ['balancer'] } } as const;
    const verdictOf = (work: Parameters<typeof ask>[3]) => ask(guard, { allow_gap: true }, world, work).verdict;
    expect(verdictOf(gap)).toBe('pass');
    expect(verdictOf({ ...gap, cp1: { disrupts: ['api_server'] } })).toBe('refuse');
  });
});
