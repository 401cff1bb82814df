import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { filledText, list, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  key: required(filledText(), 'Name of the group, made of variables of the host'),
  parents: withDefault(list(text()), ['all'], 'Groups that it lies in'),
});

type Params = z.output<typeof params>;

const groupName = (name: string): string => name.replaceAll(' ', '-');

function groupOf(p: Params): { readonly key: string; readonly parents: readonly string[] } {
  return { key: groupName(p.key), parents: p.parents.map(groupName) };
}

/** Groups of hosts, by what their variables say. */
export default defineModule({
  name: 'group_by',
  aliases: ['ansible.builtin.group_by', 'ansible.legacy.group_by'],
  summary: 'Groups hosts by their variables',
  examples: ['group_by:\n  key: os_{{ ansible_distribution | lower }}'],
  params,
  returns: z.object({
    add_group: z.string().meta({ description: 'Name of the group' }),
    parent_groups: z.array(z.string()).meta({ description: 'Groups that it lies in' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p) =>
    plan([], {
      effects: [{ kind: 'group-by', ...groupOf(p) }],
      why: 'the inventory of a run changes nothing on the host',
    }),
  result: (p) => ({ changed: true, add_group: groupOf(p).key, parent_groups: groupOf(p).parents }),
});
