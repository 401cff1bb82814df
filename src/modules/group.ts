import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { group } from '../host/ask.ts';
import { makeGroup, removeGroup } from '../module/account.ts';
import { accountName } from '../module/account-name.ts';
import { run, runShell } from '../module/change.ts';
import { defineModule } from '../module/define.ts';
import { bool, choice, int, optional, required, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .strictObject({
    name: required(accountName(), 'Name of the group'),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether there shall be such a group'),
    gid: optional(int({ min: 0 }), 'Its number'),
    system: withDefault(bool(), false, 'A new group is one of the system'),
    non_unique: withDefault(bool(), false, 'Allow a number that another group has'),
    force: withDefault(bool(), false, 'Remove it even though it is the primary group of a user'),
  })
  .superRefine((p, context) => {
    if (p.non_unique && p.gid === undefined) {
      context.addIssue({ code: 'custom', message: '"non_unique" needs "gid"', path: ['non_unique'] });
    }
  });

/** Groups of users. */
export default defineModule({
  name: 'group',
  aliases: ['ansible.builtin.group', 'ansible.legacy.group'],
  summary: 'Makes and removes groups',
  examples: ['group:\n  name: haproxy\n  system: true'],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Name of the group' }),
    state: z.string().meta({ description: 'The state that was asked for' }),
    gid: z.int().optional().meta({ description: 'Number of the group' }),
    system: z.boolean().optional().meta({ description: 'Whether it is one of the system' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [group(p.name)],
  plan: (p, seen) => {
    const fact = seen(group(p.name));
    const touches = [`group:${p.name}`];
    if (p.state === 'absent') {
      if (!fact.exists) return plan([], { why: 'there is no such group' });
      return plan([runShell(removeGroup(p.name, p.force), { touches, summary: `groupdel ${p.name}` })]);
    }
    if (!fact.exists) {
      const script = makeGroup(p.name, p.gid, p.system, p.non_unique);
      return plan([runShell(script, { touches, summary: `groupadd ${p.name}` })]);
    }
    if (p.gid === undefined || p.gid === fact.gid) return plan([], { why: 'the group is as asked' });
    const argv = ['groupmod', '-g', String(p.gid), ...(p.non_unique ? ['-o'] : []), p.name];
    return plan([run(argv, { touches })]);
  },
  result: (p, seen, _plan, done): JsonObject => {
    const fact = seen(group(p.name));
    const [outcome] = done;
    const made = outcome?.status === 'done' ? /^[^:]+:[^:]*:(\d+):/m.exec(outcome.stdout)?.[1] : undefined;
    const gid = p.gid ?? (fact.exists ? fact.gid : made === undefined ? undefined : Number(made));
    if (p.state === 'absent') return { name: p.name, state: p.state };
    return { name: p.name, state: p.state, system: p.system, ...(gid === undefined ? {} : { gid }) };
  },
  fuses: true,
});
