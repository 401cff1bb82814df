import { z } from 'zod';
import { factsOf } from '../module/set-facts.ts';
import { defineModule } from '../module/define.ts';
import { bool, json, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .object({
    cacheable: withDefault(bool(), false, 'Set them as gathered facts too, which `ansible_facts` shows'),
  })
  .catchall(json())
  .superRefine((p, context) => {
    const names = Object.keys(p).filter((name) => name !== 'cacheable');
    if (names.length === 0) context.addIssue({ code: 'custom', message: 'No fact given: name at least one', path: [] });
    for (const name of names.filter((one) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(one))) {
      context.addIssue({
        code: 'custom',
        message: `"${name}" is no variable name: expected letters, digits and underscores, no digit first`,
        path: [name],
      });
    }
  });

/** Variables of the host, from here on. */
export default defineModule({
  name: 'set_fact',
  aliases: ['ansible.builtin.set_fact', 'ansible.legacy.set_fact'],
  summary: 'Sets variables of the host for the rest of the run',
  examples: [
    'set_fact:\n  api_server: "{{ ansible_host }}:6443"',
    'set_fact:\n  backends: "{{ backends + [inventory_hostname] }}"',
  ],
  params,
  returns: z.object({
    ansible_facts: z.looseObject({}).meta({ description: 'The variables that were set' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p) =>
    plan([], {
      effects: [
        ...(p.cacheable ? [{ kind: 'set-facts', facts: factsOf(p), as: 'facts' } as const] : []),
        { kind: 'set-facts', facts: factsOf(p), as: 'set_fact' },
      ],
      why: 'a variable of the controller changes nothing on the host',
    }),
  result: (p) => ({ ansible_facts: factsOf(p) }),
  fuses: true,
});
