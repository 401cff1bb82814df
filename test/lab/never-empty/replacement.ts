import { expect, it } from 'vitest';
import { lists } from '../../rig/never-empty.ts';
import { expectNothingLost, other, type Stage } from '../../rig/stage.ts';

/** The playbook that an operator runs, with the groups of an inventory alone; one of the old API servers dies half way. */
export function replacement(stage: Stage): void {
  it('loses none where groups say who retires, and an old API server dies in the middle', async () => {
    const { rig } = stage;
    const [first = '', second = '', third = ''] = lists[stage.listed];
    const [one = '', two = ''] = lists[other[stage.listed]];
    const at = (name: string): object => ({ node_address: rig.servers.named(name)[0]?.address });
    const inventory = rig.overlay('replacement', {
      control_plane: { hosts: { cp1: at(first), cp2: at(second), cp3: at(third), w1: at(one), w2: at(two) } },
      retiring: { hosts: { cp1: {}, cp2: {}, cp3: {} } },
      all: { vars: { lb_placement: 'service' } },
    });
    const measured = await stage.measured(
      'hlb, an old API server dies half way',
      'playbooks/replace-control-planes.yml',
      inventory,
      { breaks: { batch: 3, does: () => stage.dies(second) }, aliases: { w1: one, w2: two } },
    );
    expect(measured.done, measured.done.text).toMatchObject({ code: 0, changed: rig.hosts });
    expectNothingLost(measured, 2);
    for (const { servers } of await rig.loaded()) expect(servers).toEqual(['w1', 'w2']);
    await rig.servers.set({ [second]: 'ready' });
    await stage.place('services.yml');
  });
}
