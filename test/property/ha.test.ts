import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findApiBackend } from '../../src/ha/api-backend.ts';
import { type BalancerConfig, configHash, renderConfig } from '../../src/ha/config.ts';
import { marginOf } from '../../src/ha/margin.ts';
import { additionOf, type Member, quorumOf, removalOf, spareMembers } from '../../src/ha/quorum.ts';
import { transitionOf } from '../../src/ha/transition.ts';

const names = ['cp1', 'cp2', 'cp3', 'cp4', 'cp5'];
const someOf = fc.subarray(names);
const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[a-z][a-z0-9]{0,8}(\.[a-z]{2,5})?$/));
const port = fc.integer({ min: 1, max: 65535 });
const view = fc
  .record({
    name: fc.constantFrom('n1', 'n2', 'n3'),
    loaded: fc.option(someOf, { nil: undefined }),
    up: fc.option(someOf, { nil: undefined }),
  })
  .map(({ name, loaded, up }) => ({
    name,
    loaded: loaded === undefined ? ('unknown' as const) : new Set(loaded),
    ...(up === undefined ? {} : { up: new Set(up) }),
  }));
const views = fc.array(view, { minLength: 1, maxLength: 4 });

describe('a balancer configuration', () => {
  const config: fc.Arbitrary<BalancerConfig> = fc.record({
    servers: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,9}$/), address, port }), {
      minLength: 1,
      maxLength: 6,
      selector: (server) => server.name,
    }),
    bind: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('*')),
    port,
    healthPort: port,
    socket: fc.constant('/run/x/admin.sock'),
    stateFile: fc.constant('/etc/x/servers.state'),
    maxConnections: fc.nat(),
    aliveStatuses: fc.constantFrom([200], [200, 401]),
  });

  it('is read back as the servers, the address and the port that it was made of', () => {
    fc.assert(
      fc.property(config, (made) => {
        fc.pre(made.port !== made.healthPort);
        const found = findApiBackend({ path: 'haproxy.cfg', text: renderConfig(made) }, made.port);
        if (!found.ok) throw new Error(found.error.message);
        const servers = found.value.servers.map((one) => ({ name: one.name, address: one.address, port: one.port }));
        expect({ servers, bind: found.value.bind, port: found.value.port }).toEqual({
          servers: made.servers,
          bind: made.bind,
          port: made.port,
        });
      }),
    );
  });

  it('has another hash when its servers differ', () => {
    fc.assert(
      fc.property(config, config, (one, other) => {
        const same = renderConfig(one) === renderConfig(other);
        expect(configHash(one) === configHash(other)).toBe(same);
      }),
    );
  });

  it('of any bytes is read or refused with a place inside it, and never throws', () => {
    const word = fc.constantFrom(
      'frontend',
      'backend',
      'server',
      'bind',
      ':1',
      'a',
      '"',
      "'",
      '\\',
      '#',
      '\n',
      ' ',
      '$X',
      'listen',
      'defaults',
      'from',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 3 })), { maxLength: 30 }), (words) => {
        const text = words.join('');
        const found = findApiBackend({ path: 'haproxy.cfg', text }, 1);
        if (found.ok) return;
        expect(found.error.at?.start).toBeLessThanOrEqual(text.length);
        expect(found.error.at?.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('the margin', () => {
  it('never grows when more is taken, and never when less is healthy', () => {
    fc.assert(
      fc.property(views, someOf, someOf, someOf, fc.nat(3), (nodes, healthy, taken, more, least) => {
        const before = marginOf(nodes, new Set(healthy), new Set(taken), least);
        const after = marginOf(nodes, new Set(healthy), new Set([...taken, ...more]), least);
        const sicker = marginOf(nodes, new Set(healthy.filter((one) => !more.includes(one))), new Set(taken), least);
        for (const worse of [after, sicker]) {
          expect(worse.weakest?.keeps.length).toBeLessThanOrEqual(before.weakest?.keeps.length ?? 0);
          if (!before.safe) expect(worse.safe).toBe(false);
        }
      }),
    );
  });

  it('is the smallest number of healthy servers that stay, over all nodes, by counting', () => {
    fc.assert(
      fc.property(views, someOf, someOf, fc.nat(3), (nodes, healthy, taken, least) => {
        const counts = nodes.map(({ loaded, up }) =>
          loaded === 'unknown'
            ? 0
            : names.filter(
                (one) => loaded.has(one) && (up?.has(one) ?? true) && healthy.includes(one) && !taken.includes(one),
              ).length,
        );
        const verdict = marginOf(nodes, new Set(healthy), new Set(taken), least);
        expect(verdict.weakest?.keeps.length).toBe(Math.min(...counts));
        expect(verdict.safe).toBe(counts.every((count) => count >= least));
        expect(verdict.failing).toHaveLength(counts.filter((count) => count < least).length);
      }),
    );
  });
});

describe('etcd', () => {
  const members = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 7 })
    .map((health) => health.map((healthy, index): Member => ({ name: `cp${index + 1}`, learner: false, healthy })));
  /** Whether any two sets of members that agree must share one: more than half of all of them. */
  const agrees = (voters: readonly Member[], alive: number): boolean => alive * 2 > voters.length;
  const alive = (all: readonly Member[]): number => all.filter((member) => member.healthy).length;

  it('lets members be taken away exactly when more than half of all stay healthy', () => {
    fc.assert(
      fc.property(members, fc.uniqueArray(fc.integer({ min: 1, max: 7 })), (all, numbers) => {
        const taken = new Set(numbers.map((number) => `cp${number}`));
        const stay = all.filter((member) => !taken.has(member.name));
        const verdict = quorumOf(all, taken, { allowSingle: false });
        const none = stay.length === all.length;
        expect(verdict.safe).toBe(none || agrees(all, alive(stay)));
        expect(quorumOf(all, taken, { allowSingle: true }).safe).toBe(verdict.safe || all.length === 1);
      }),
    );
  });

  it('has as many to spare as can be taken in every choice', () => {
    fc.assert(
      fc.property(members, (all) => {
        const healthy = all.filter((member) => member.healthy);
        const spare = spareMembers(all);
        const taking = (count: number): boolean =>
          quorumOf(all, new Set(healthy.slice(0, count).map((one) => one.name)), { allowSingle: false }).safe;
        if (spare > 0) expect(taking(spare)).toBe(true);
        if (healthy.length > spare) expect(taking(spare + 1)).toBe(false);
      }),
    );
  });

  it('lets a member go when today agrees and the rest agree without it, and one come when the others are enough', () => {
    fc.assert(
      fc.property(members, fc.nat(6), (all, which) => {
        const gone = all[which % all.length];
        const rest = all.filter((member) => member !== gone);
        const able = agrees(all, alive(all));
        expect(removalOf(all, gone?.name ?? '').safe).toBe(able && agrees(rest, alive(rest)));
        const unborn: Member = { name: 'new', learner: false, healthy: false };
        const bigger = [...all, unborn];
        const first = all.length === 1 && alive(all) === 1;
        expect(additionOf(all).safe).toBe(first || agrees(bigger, alive(bigger)));
      }),
    );
  });

  it('does nothing while a member is being taken in, but to take that one out again', () => {
    fc.assert(
      fc.property(members, fc.constantFrom('', 'cp9'), (all, name) => {
        const joining = [...all, { name, learner: true, healthy: false }];
        expect(quorumOf(joining, new Set(['cp1']), { allowSingle: true }).safe).toBe(false);
        expect(additionOf(joining).safe).toBe(false);
        expect(spareMembers(joining)).toBe(0);
        expect(removalOf(joining, 'cp1').safe).toBe(false);
        expect(removalOf(joining, name).safe).toBe(agrees(all, alive(all)));
      }),
    );
  });
});

describe('a transition', () => {
  it('keeps what is needed on every node through every order of its steps, and ends at the new list', () => {
    const known = fc.array(someOf, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        known,
        someOf,
        someOf,
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (lists, desired, health, least, seed) => {
          const healthy = new Set(health);
          const nodes = lists.map((list, index) => ({ name: `n${index}`, loaded: new Set(list) }));
          const plan = transitionOf({ nodes, desired, healthy, least });
          const enough = desired.filter((one) => healthy.has(one)).length >= least;
          expect(plan.kind).toBe(enough ? 'steps' : 'refused');
          if (plan.kind === 'refused') return;
          const now = new Map(lists.map((list, index) => [`n${index}`, list as readonly string[]]));
          const live = (node: string): number => (now.get(node) ?? []).filter((one) => healthy.has(one)).length;
          for (const phase of ['expand', 'contract'] as const) {
            const steps = plan.steps.filter((step) => step.phase === phase);
            for (let at = seed; steps.length > 0; at++) {
              const [step] = steps.splice(at % steps.length, 1);
              if (step === undefined) continue;
              const before = live(step.node);
              expect(new Set(step.from)).toEqual(new Set(now.get(step.node)));
              now.set(step.node, step.to);
              expect(live(step.node)).toBeGreaterThanOrEqual(Math.min(before, least));
            }
            if (phase === 'expand') for (const node of now.keys()) expect(live(node)).toBeGreaterThanOrEqual(least);
          }
          for (const list of now.values()) expect(new Set(list)).toEqual(new Set(desired));
        },
      ),
    );
  });

  it('to what is there already has no step, and of its own result has none', () => {
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 1 }), (list) => {
        const nodes = [{ name: 'n1', loaded: new Set(list) }];
        expect(transitionOf({ nodes, desired: list, healthy: new Set(list), least: 1 })).toEqual({
          kind: 'steps',
          steps: [],
        });
      }),
    );
  });

  it('is refused while a node cannot be asked, by name', () => {
    const nodes = [
      { name: 'n1', loaded: new Set(names) },
      { name: 'n2', loaded: 'unknown' as const },
    ];
    const plan = transitionOf({ nodes, desired: names, healthy: new Set(names), least: 1 });
    expect(plan).toEqual({ kind: 'refused', reason: 'unknown', nodes: ['n2'] });
  });
});
