import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noLabReason } from '../rig/lab.ts';
import { lists } from '../rig/never-empty.ts';
import { createStage, expectNothingLost, other, update } from '../rig/stage.ts';
import { faults } from './never-empty/faults.ts';
import { looks } from './never-empty/looks.ts';
import { migration } from './never-empty/migration.ts';
import { onBalancerHosts } from './never-empty/on-balancer-hosts.ts';
import { replacement } from './never-empty/replacement.ts';

/**
 * The promise (design §1), measured: all three control planes of a cluster are replaced by three new ones while a client on
 * each of five nodes asks 100 times a second through its balancer. Beside it, what is commonly done instead, and what hlb
 * does when something breaks meanwhile.
 */
const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: never empty on lab hosts, because ${reason}\n`);

const ready = Object.fromEntries([...lists.old, ...lists.new].map((name) => [name, 'ready'] as const));

/** A busy machine was seen to take more than a minute for each node. */
const patience = { timeout: 900_000 };

describe.skipIf(reason !== undefined)('a change of all API servers under a client on every node', patience, () => {
  const stage = createStage();

  beforeAll(async () => {
    await stage.start();
    return () => stage.stop();
  });
  afterAll(() => void process.stdout.write(`\n${stage.table()}\n`));
  beforeEach(async () => {
    await stage.rig.servers.set(ready);
  });

  /** Replaces the list of every node, and expects that no client noticed. */
  async function losesNone(what: string): Promise<void> {
    const next = other[stage.listed];
    const measured = await stage.measured(what, update, stage.inventory(next));
    expect(measured.done, measured.done.text).toMatchObject({ code: 0, changed: stage.rig.hosts });
    expectNothingLost(measured);
    expect(measured.numbers.lost).toBe(0);
    await stage.rig.settled(lists[next]);
    stage.listed = next;
  }

  /** What is commonly done instead; it lasts until every node has the new list up. */
  async function losesSome(what: string, playbook: string): Promise<void> {
    const next = other[stage.listed];
    const measured = await stage.rig.measure(async () => {
      const done = await stage.rig.play(playbook, stage.inventory(next));
      await stage.rig.settled(lists[next]);
      return { ...done, until: Date.now() };
    });
    stage.note(what, measured);
    expect(measured.done, measured.done.text).toMatchObject({ code: 0 });
    expect(measured.losses.run).toBeGreaterThan(0);
    stage.listed = next;
  }

  describe('with balancers as static pods', () => {
    migration(stage);
    looks(stage, 'static_pod');

    it('loses no request', () => losesNone('hlb, static pods'));

    it('loses some where the pod is recreated instead', async () => {
      await losesSome('template, pod recreated', 'naive-recreate.yml');
    });
  });

  describe('with balancers as services', () => {
    beforeAll(() => {
      stage.rig.vary({ lb_placement: 'service' });
      return stage.place('services.yml');
    });

    looks(stage, 'service');
    faults(stage);
    replacement(stage);

    it('loses some where the service is restarted instead', async () => {
      await losesSome('template, service restarted', 'naive-restart.yml');
    });
  });

  describe('with balancers on hosts of their own', () => onBalancerHosts(stage));
});
