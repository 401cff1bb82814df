import { z } from 'zod';
import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { run } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { choice, filledText, required } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  name: required(filledText(), 'Package'),
  selection: required(
    choice(['install', 'hold', 'deinstall', 'purge']),
    'What dpkg is to do with it; "hold" keeps its version',
  ),
});

const queryOf = (name: string): CommandQuery => command(['dpkg', '--get-selections', name]);

function current(name: string, seen: Seen): string | undefined {
  return seen(queryOf(name)).stdout.trim().split(/\s+/)[1];
}

/** What dpkg is told to do with a package. */
export default defineModule({
  name: 'dpkg_selections',
  aliases: ['ansible.builtin.dpkg_selections', 'ansible.legacy.dpkg_selections'],
  summary: 'Holds a Debian package, or lets it go',
  examples: ['dpkg_selections:\n  name: kubelet\n  selection: hold'],
  params,
  returns: z.object({
    before: z
      .string()
      .meta({ description: 'The selection before; "not present" where dpkg does not know the package' }),
    after: z.string().meta({ description: 'The selection that was asked for' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [queryOf(p.name)],
  plan: (p, seen) => {
    if (current(p.name, seen) === p.selection) return plan([], { why: `the selection is ${p.selection}` });
    const touches = [`package:${p.name}`];
    const summary = `set the selection of ${p.name} to ${p.selection}`;
    return plan([run(['dpkg', '--set-selections'], { stdin: `${p.name} ${p.selection}\n`, touches, summary })]);
  },
  result: (p, seen) => ({ before: current(p.name, seen) ?? 'not present', after: p.selection }),
});
