import { z } from 'zod';
import { swap } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { run } from '../module/change.ts';
import { defineModule } from '../module/define.ts';
import { type Edited, type EditWish, editQuery, planEdit } from '../module/edit-file.ts';
import { bool, choice, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  state: withDefault(choice(['absent', 'present']), 'absent', 'Whether the host swaps'),
  persistent: withDefault(bool(), true, 'Also after a reboot: the lines of /etc/fstab'),
});

type Params = z.output<typeof params>;

const fstab: EditWish = {
  path: '/etc/fstab',
  attributes: { mode: undefined, owner: undefined, group: undefined },
  backup: true,
  validate: undefined,
  create: true,
};
const mark = '# swap is off, by hlb: ';

/** A line of fstab that mounts swap. */
function mountsSwap(line: string): boolean {
  const [, , type] = line.trim().split(/\s+/);
  return !line.trim().startsWith('#') && type === 'swap';
}

function edited(p: Params, text: string): Edited {
  const lines = text.split('\n').map((line) => {
    if (p.state === 'absent') return mountsSwap(line) ? `${mark}${line}` : line;
    return line.startsWith(mark) ? line.slice(mark.length) : line;
  });
  return { text: lines.join('\n'), msg: '' };
}

/** Swap space, which the kubelet does not want. */
export default defineModule({
  name: 'swap',
  summary: 'Turns swap off, or on again, now and at boot',
  examples: ['swap:\n  state: absent'],
  params,
  returns: z.object({
    devices: z.array(z.string()).meta({ description: 'Devices and files that the host swapped to' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [swap(), ...(p.persistent ? [editQuery(fstab.path)] : [])],
  plan: (p, seen, _inputs, context) => {
    const { active } = seen(swap());
    const file = p.persistent ? planEdit(fstab, (text) => edited(p, text), seen, context) : plan([]);
    if (file.kind === 'refuse') return file;
    const touches = ['swap'];
    const changes: Change[] = [...file.changes];
    if (p.state === 'absent' && active.length > 0) changes.push(run(['swapoff', '-a'], { touches }));
    if (p.state === 'present' && active.length === 0) changes.push(run(['swapon', '-a'], { touches }));
    return plan(changes, changes.length === 0 ? { why: `swap is ${p.state} already` } : {});
  },
  result: (_p, seen) => ({ devices: seen(swap()).active.map((one) => one.device) }),
  fuses: true,
});
