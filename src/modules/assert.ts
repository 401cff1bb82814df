import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import {
  bool,
  type Evaluated,
  expression,
  json,
  listOrOne,
  optional,
  required,
  withDefault,
} from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { isTruthyJson } from '../module/truth.ts';

/** Ansible takes no other value for a text here. */
function saying() {
  const message = 'Expected a text or a list of texts';
  return json().pipe(z.union([z.string(), z.array(z.string())], { error: message }));
}

const params = z.strictObject({
  that: required(listOrOne(expression()), 'Conditions that must hold, as in `when`', { expression: true }),
  fail_msg: optional(saying(), 'What to say when one does not hold, a text or a list of them', { aliases: ['msg'] }),
  success_msg: optional(saying(), 'What to say when all hold'),
  quiet: withDefault(bool(), false, 'Say less when all hold'),
});

/** The first condition that does not hold. */
function broken(that: readonly Evaluated[]): Evaluated | undefined {
  return that.find((one) => !one.defined || !isTruthyJson(one.value));
}

/** Conditions without which the play must not go on. */
export default defineModule({
  name: 'assert',
  aliases: ['ansible.builtin.assert', 'ansible.legacy.assert'],
  summary: 'Fails where a condition does not hold',
  examples: [
    'assert:\n  that:\n    - api_servers | length > 0\n    - ansible_memtotal_mb >= 1700\n  fail_msg: This host cannot carry a control plane',
  ],
  params,
  returns: z.object({
    assertion: z.string().optional().meta({ description: 'The condition that does not hold' }),
    evaluated_to: z.unknown().optional().meta({ description: 'What it came to' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: () => plan([], { why: 'a condition changes nothing' }),
  result: (p) => {
    const one = broken(p.that);
    if (one === undefined) return { msg: p.success_msg ?? 'All assertions passed' };
    const cause = one.defined
      ? ''
      : `: ${typeof one.value === 'string' ? one.value : 'a variable in it is not defined'}`;
    return {
      failed: true,
      assertion: one.expression,
      evaluated_to: one.defined ? one.value : false,
      msg: p.fail_msg ?? `Assertion failed${cause}`,
    };
  },
  fuses: true,
});
