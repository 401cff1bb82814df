import { expect, it } from 'vitest';
import { lists } from '../../rig/never-empty.ts';
import { expectNothingLost, other, type Stage, update } from '../../rig/stage.ts';

/** What hlb does when something is wrong, or breaks while a roll goes on. */
export function faults(stage: Stage): void {
  /** Every node has what it had. */
  async function expectUntouched<T>(work: () => Promise<T>): Promise<T> {
    const before = await stage.rig.loaded();
    const done = await work();
    expect(await stage.rig.loaded()).toEqual(before);
    return done;
  }

  it('does not begin where a node cannot be asked, and names it', async () => {
    await stage.rig.lab.sh('w1', 'systemctl stop ssh');
    const inventory = stage.inventory(other[stage.listed]);
    const measured = await expectUntouched(() => stage.measured('hlb, sshd of a node stopped', update, inventory));
    await stage.rig.lab.sh('w1', 'systemctl start ssh');
    expect(measured.done, measured.done.text).toMatchObject({ code: 3, changed: [] });
    expect(measured.done.text).toMatch(/node w1 cannot be asked .*counts as having nothing to spare; needs 1/);
    expectNothingLost(measured, 3);
  });

  it('does not begin where a list would be empty, and names node, servers and numbers', async () => {
    const next = lists[other[stage.listed]];
    await stage.rig.servers.set(Object.fromEntries(next.map((name) => [name, 'half joined'])));
    const inventory = stage.inventory(other[stage.listed]);
    const measured = await expectUntouched(() => stage.measured('hlb, no new API server is ready', update, inventory));
    expect(measured.done, measured.done.text).toMatchObject({ code: 3, changed: [] });
    for (const name of next) expect(measured.done.text).toContain(name);
    expect(measured.done.text).toMatch(/\b(cp|w)\d\b/);
    expect(measured.done.text).toMatch(/\b0\b.*\b1\b|\b1\b.*\b0\b/);
    expectNothingLost(measured, 3);
  });

  it('stops before a configuration that haproxy refuses is loaded anywhere', async () => {
    const typo = { name: 'typo', address: 'no-such-host.invalid', port: 6443 };
    const inventory = stage.rig.inventory('typo', lists[other[stage.listed]], [typo]);
    const measured = await expectUntouched(() => stage.measured('hlb, haproxy refuses the file', update, inventory));
    expect(measured.done, measured.done.text).toMatchObject({ code: 2, changed: [] });
    expect(measured.done.text).toMatch(/cp1: .*haproxy looks at the next configuration/);
    expect(measured.done.text).toMatch(/no-such-host\.invalid/);
    expect(measured.done.text).toContain('The roll stopped at batch 1 of 5: 1 failed');
    expect(measured.done.text).toContain('not touched: cp2, cp3, w1, w2');
    expect(measured.done.text).not.toContain('failed to take back');
    expectNothingLost(measured, 3);
  });

  it('does not begin where haproxy finds nothing wrong, and no node could listen', async () => {
    const inventory = stage.inventory(stage.listed);
    const measured = await expectUntouched(() =>
      stage.measured('hlb, an address that no node has', 'wrong-address.yml', inventory),
    );
    expect(measured.done, measured.done.text).toMatchObject({ code: 3, changed: [] });
    expect(measured.done.text).toContain('cp1 would be without a balancer, with 0 backends');
    expectNothingLost(measured, 3);
  });

  it('stops before checks that no API server passes are loaded anywhere', async () => {
    const inventory = stage.inventory(stage.listed);
    const measured = await expectUntouched(() =>
      stage.measured('hlb, checks that none passes', 'failing-checks.yml', inventory),
    );
    expect(measured.done, measured.done.text).toMatchObject({ code: 2, changed: [] });
    expect(measured.done.text).toMatch(/cp1: .*at least 1 of \d API servers pass the checks of the next configuration/);
    expect(measured.done.text).toContain('not touched: cp2, cp3, w1, w2');
    expectNothingLost(measured, 3);
  });

  it('takes the balancer of a node back when a later step fails there', async () => {
    const before = await stage.rig.loaded();
    const inventory = stage.inventory(other[stage.listed]);
    const args = ['-e', 'fails_on=cp2'];
    const measured = await stage.measured('hlb, a later step fails', 'one-roll.yml', inventory, { args });
    expect(measured.done, measured.done.text).toMatchObject({ code: 2, changed: ['cp1', 'cp2'] });
    expect(measured.done.text).toContain('not touched: cp3, w1, w2');
    expect(measured.done.text).toMatch(/Rolled back on cp2: (\d) of \d changes; cannot be taken back: run false$/m);
    expectNothingLost(measured, 3);
    const [first, ...others] = await stage.rig.loaded();
    expect(first?.servers.toSorted()).toEqual([...lists.new, ...lists.old].toSorted());
    expect(others).toEqual(before.slice(1));
    await stage.place('services.yml');
  });

  it('stops and takes its batch back when the only new API server dies in the middle', async () => {
    const before = await stage.rig.loaded();
    const [name = ''] = lists[other[stage.listed]];
    const inventory = stage.rig.inventory('one', [name]);
    const breaks = { batch: 2, does: () => stage.dies(name) };
    const measured = await stage.measured('hlb, the new API server dies', 'one-roll.yml', inventory, { breaks });
    expect(measured.done, measured.done.text).toMatchObject({ code: 3, changed: ['cp1', 'cp2'] });
    expect(measured.done.text).toMatch(
      new RegExp(`keeps 0 of 1 live backends on .*, needs 1: ${name} (does not answer|answers)`),
    );
    expect(measured.done.text).toMatch(/Rolled back on cp2: (\d) of \1 changes$/m);
    expectNothingLost(measured, 3);
    const [first, ...others] = await stage.rig.loaded();
    expect(first?.servers.toSorted()).toEqual([name, ...lists[stage.listed]].toSorted());
    expect(others).toEqual(before.slice(1));
    await stage.rig.servers.set({ [name]: 'ready' });
    await stage.place('services.yml');
  });

  it('goes on when a balancer that was killed comes back', async () => {
    const inventory = stage.inventory(other[stage.listed]);
    const breaks = { batch: 2, does: () => stage.rig.kill('w1') };
    const measured = await stage.measured('hlb, a balancer is killed', 'one-roll.yml', inventory, { breaks });
    expect(measured.done, measured.done.text).toMatchObject({ code: 0, changed: stage.rig.hosts });
    expect(measured.losses.fault).toBeGreaterThan(0);
    expectNothingLost(measured, 3);
    for (const { servers } of await stage.rig.loaded())
      expect(servers.toSorted()).toEqual([...lists.new, ...lists.old].toSorted());
    await stage.place('services.yml');
  });

  it('stops when a balancer that was killed stays away, and names its node', async () => {
    const { rig } = stage;
    const before = await rig.loaded();
    const dropIn = '/run/systemd/system/haproxy-apiserver-lb.service.d';
    const breaks = {
      batch: 2,
      does: async () => {
        const at = Date.now();
        await rig.lab.sh(
          'w2',
          `mkdir -p ${dropIn} && printf '[Service]\\nRestart=no\\n' >${dropIn}/stays-away.conf && systemctl daemon-reload && kill -9 $(pgrep -o -x haproxy)`,
        );
        return { what: 'the balancer of w2 killed', at, until: Number.POSITIVE_INFINITY, host: 'w2' };
      },
    };
    const inventory = stage.inventory(other[stage.listed]);
    const measured = await stage.measured('hlb, a balancer stays away', 'one-roll.yml', inventory, { breaks });
    expect(measured.done, measured.done.text).toMatchObject({ code: 3, changed: ['cp1', 'cp2'] });
    expect(measured.done.text).toMatch(/node w2 keeps 0 of 0 backends; needs 1/);
    expect(measured.losses.fault).toBeGreaterThan(0);
    expectNothingLost(measured, 3);
    expect((await rig.loaded()).slice(1, 4)).toEqual(before.slice(1, 4));
    await rig.lab.sh(
      'w2',
      `rm -r ${dropIn} && systemctl daemon-reload && systemctl reset-failed haproxy-apiserver-lb; systemctl start haproxy-apiserver-lb`,
    );
    await stage.place('services.yml');
  });
}
