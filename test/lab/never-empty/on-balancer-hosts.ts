import { beforeAll, expect, it } from 'vitest';
import { lists } from '../../rig/never-empty.ts';
import { expectNothingLost, other, type Stage, update } from '../../rig/stage.ts';
import { looks } from './looks.ts';

const balancers = ['w1', 'w2'];

/** Two hosts balance for all; every client goes to the first of them. */
export function onBalancerHosts(stage: Stage): void {
  beforeAll(async () => {
    stage.rig.vary({ lb_placement: 'external' }, { balancers: { hosts: { w1: {}, w2: {} } } });
    const made = await stage.rig.play('external.yml', stage.inventory(stage.listed), {
      args: ['-e', 'balancer_min_up=0'],
    });
    expect(made, made.text).toMatchObject({ code: 0 });
    await stage.rig.settled(lists[stage.listed], balancers);
  });

  looks(stage, 'external', balancers);

  it('loses no request', async () => {
    const next = other[stage.listed];
    const through = stage.rig.lab.hosts.find((host) => host.name === 'w1')?.address ?? '';
    const measured = await stage.measured('hlb, balancers on hosts of their own', update, stage.inventory(next), {
      through,
    });
    expect(measured.done, measured.done.text).toMatchObject({ code: 0, changed: balancers });
    expectNothingLost(measured, 3);
    expect(measured.numbers.lost).toBe(0);
    await stage.rig.settled(lists[next], balancers);
    stage.listed = next;
  });
}
