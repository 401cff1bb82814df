import { expect, it } from 'vitest';
import { z } from 'zod';
import { lists } from '../../rig/never-empty.ts';
import { other, type Stage } from '../../rig/stage.ts';

const Status = z.object({
  verdict: z.string(),
  margin: z.object({ weakest: z.object({ keeps: z.array(z.string()) }), message: z.string() }),
  nodes: z.array(
    z.object({
      node: z.string(),
      placement: z.string(),
      running: z.boolean(),
      config: z.object({ loaded: z.boolean(), reload_failed: z.boolean() }),
      haproxy: z.string(),
      container: z.unknown(),
      backends: z.array(z.object({ server: z.string(), status: z.string(), check: z.string() })),
    }),
  ),
  api_servers: z.array(z.object({ name: z.string(), ready: z.boolean() })),
});
const Plan = z.object({
  refused: z.boolean(),
  rolls: z.array(
    z.object({
      hosts: z.array(z.string()),
      begin: z.array(z.object({ verdict: z.string(), message: z.string() })),
      batches: z.array(
        z.object({
          hosts: z.array(z.string()),
          work: z.array(z.object({ host: z.string(), lists: z.array(z.array(z.string())) })),
          guards: z.array(z.object({ verdict: z.string(), message: z.string() })),
        }),
      ),
      would_stop: z.array(z.object({ failure: z.string(), host: z.string(), untouched: z.array(z.string()) })),
    }),
  ),
});

/** `hlb status` and `hlb plan` of a cluster whose balancers are placed in one way; both change nothing. */
export function looks(stage: Stage, placement: 'static_pod' | 'service' | 'external', only?: readonly string[]): void {
  it('is shown by "hlb status"', async () => {
    const balancers = only ?? stage.rig.hosts;
    const inventory = stage.inventory(stage.listed);
    const text = await stage.rig.look('status', inventory);
    expect(text, text.stderr).toMatchObject({ code: 0 });
    for (const host of balancers) expect(text.stdout).toMatch(new RegExp(`^${host} .* UP `, 'm'));
    expect(text.stdout).toMatch(/^margin .*keeps 3 of 3 backends .*, needs 1$/m);

    const json = await stage.rig.look('status', inventory, ['--json']);
    const status = Status.parse(JSON.parse(json.stdout));
    expect(status.verdict).toBe('ok');
    expect(status.margin.weakest.keeps.toSorted()).toEqual(lists[stage.listed]);
    expect(status.nodes.map((one) => one.node)).toEqual(balancers);
    for (const one of status.nodes) {
      expect(one).toMatchObject({ placement, running: true, config: { loaded: true, reload_failed: false } });
      expect(one.haproxy).toMatch(/^\d+\.\d+\./);
      if (placement === 'static_pod') expect(one.container).toMatchObject({ attempt: 0 });
      else expect(one.container).toBeNull();
      expect(one.backends.map(({ server, status: state }) => `${server} ${state}`).toSorted()).toEqual(
        lists[stage.listed].map((name) => `${name} UP`),
      );
      // While a check goes on, haproxy tells 0 instead of its code.
      for (const { check } of one.backends) expect(check).toMatch(/^L7OK\/(200|0)$/);
    }
    expect(status.api_servers.filter((one) => one.ready).map((one) => one.name)).toEqual(lists[stage.listed]);
  });

  it('is changed on paper by "hlb plan", which says what would stop it', async () => {
    const balancers = only ?? stage.rig.hosts;
    const inventory = stage.inventory(other[stage.listed]);
    const before = await stage.rig.loaded();
    const text = await stage.rig.look('plan', inventory);
    expect(text, text.stderr).toMatchObject({ code: 0 });
    expect(text.stdout).toMatch(/^batch 1: cp1$/m);
    expect(text.stdout).toMatch(/^What would stop it, each alone:$/m);

    const json = await stage.rig.look('plan', inventory, ['--json']);
    const plan = Plan.parse(JSON.parse(json.stdout));
    expect(plan.refused).toBe(false);
    const [expand, contract, ...more] = plan.rolls;
    expect(more).toEqual([]);
    for (const [roll, list] of [
      [expand, [...lists.new, ...lists.old]],
      [contract, lists[other[stage.listed]]],
    ] as const) {
      expect(roll?.batches.flatMap((batch) => batch.hosts)).toEqual(stage.rig.hosts);
      const loads = roll?.batches.flatMap((batch) => batch.work).filter((work) => work.lists.length > 0);
      expect(loads?.map((work) => work.host)).toEqual(balancers);
      for (const work of loads ?? []) expect(work.lists[0]?.toSorted()).toEqual(list);
      for (const guard of roll?.batches.flatMap((batch) => batch.guards) ?? []) expect(guard.verdict).toBe('pass');
    }
    const unasked = expand?.would_stop.filter((one) => one.failure === 'unasked').map((one) => one.host);
    expect(unasked).toEqual(expect.arrayContaining([...balancers]));

    const last = balancers.at(-1) ?? '';
    const supposed = await stage.rig.look('plan', inventory, ['--what-if', `${last}=down`, '--json']);
    expect(supposed, supposed.stderr).toMatchObject({ code: 3 });
    const refused = Plan.parse(JSON.parse(supposed.stdout));
    expect(refused).toMatchObject({ refused: true, rolls: [{ begin: [{ verdict: 'refuse' }], batches: [] }] });
    expect(refused.rolls[0]?.begin[0]?.message).toContain(`node ${last} cannot be asked (supposed to be down)`);
    expect(await stage.rig.loaded()).toEqual(before);
  });
}
