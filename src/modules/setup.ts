import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { system } from '../host/ask.ts';
import { defineModule } from '../module/define.ts';
import { matchesGlob } from '../module/glob.ts';
import { list, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  gather_subset: withDefault(
    list(text()),
    ['all'],
    'Accepted for the sake of playbooks: all facts come in one round trip, so none is left out',
  ),
  filter: withDefault(list(text()), [], 'Shell patterns of the facts to keep, with or without "ansible_"'),
});

/** Facts whose name, with or without its prefix, one of the patterns fits. */
function filtered(facts: JsonObject, patterns: readonly string[]): JsonObject {
  const wanted = patterns.filter((pattern) => pattern !== '' && pattern !== '*');
  if (wanted.length === 0) return facts;
  const keeps = (name: string): boolean =>
    wanted.some((pattern) => matchesGlob(pattern, name) || matchesGlob(pattern, `ansible_${name}`));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => keeps(name)));
}

/** What is known of the host, as variables. */
export default defineModule({
  name: 'setup',
  aliases: ['ansible.builtin.setup', 'ansible.legacy.setup', 'gather_facts', 'ansible.builtin.gather_facts'],
  summary: 'Gathers facts of the host',
  examples: ['setup:\n  filter: ansible_default_ipv4'],
  params,
  returns: z.object({
    ansible_facts: z.looseObject({}).meta({ description: 'The facts, with the prefix "ansible_"' }),
  }),
  convergence: () => 'reads',
  observe: () => [system()],
  plan: (p, seen) =>
    plan([], {
      effects: [{ kind: 'set-facts', facts: filtered(seen(system()), p.filter), as: 'facts' }],
      why: 'looking changes nothing',
    }),
  result: (p, seen) => {
    const facts = Object.entries(filtered(seen(system()), p.filter));
    return { ansible_facts: Object.fromEntries(facts.map(([name, value]) => [`ansible_${name}`, value])) };
  },
  fuses: true,
});
