import { expect, it } from 'vitest';
import type { Fault } from '../../rig/losses.ts';
import { batchHosts, type Roll } from '../../rig/roll.ts';
import type { Stage } from '../../rig/stage.ts';

/** A pod that mounts its configuration as a single file becomes one that mounts the directory. */
export function migration(stage: Stage): void {
  it('is made possible by a migration, in which each node is without its balancer in its turn', async () => {
    const { rig } = stage;
    const inventory = stage.inventory(stage.listed);
    const made = await rig.play('seed-pods.yml', inventory);
    expect(made, made.text).toMatchObject({ code: 0 });
    const refused = await rig.play('playbooks/update-backends.yml', inventory);
    expect(refused, refused.text).toMatchObject({ code: 2, changed: [] });
    expect(refused.text).toContain('mounts the single file "/etc/kubernetes/haproxy-apiserver-lb.cfg"');

    const measured = await rig.measure(async (announced) => {
      const done = await rig.play('playbooks/migrate-balancers.yml', inventory);
      announced.push(...gaps(done, rig.hosts));
      return done;
    });
    stage.note('hlb, migration of single-file pods', measured);
    expect(measured.done, measured.done.text).toMatchObject({ code: 0, changed: rig.hosts });
    // Nothing but the gap that was announced, each node in its own turn.
    expect(measured.losses, measured.losses.examples.join('\n')).toMatchObject({ run: 0, nobody: 0 });
    for (const { hash } of await rig.loaded()) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const again = await rig.play('playbooks/migrate-balancers.yml', inventory);
    expect(again, again.text).toMatchObject({ code: 0, changed: [] });
  });
}

/** From the start of the task that replaces the pod until it was done, on its node alone. */
function gaps(done: Roll, hosts: readonly string[]): readonly Fault[] {
  return hosts.flatMap((host) => {
    const batch = done.told.findLast((one) => batchHosts(one).includes(host));
    const end = done.told.findLast(({ type, host: one }) => type === 'host-result' && one === host);
    return batch === undefined || end === undefined
      ? []
      : [{ what: `the balancer of ${host} is replaced`, at: batch.at, until: end.at, host }];
  });
}
