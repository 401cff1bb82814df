import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { expression, int, json, optional, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .strictObject({
    msg: optional(json(), 'What to print; "Hello world!" where neither this nor `var` is given'),
    var: optional(expression(), 'Variable or expression whose value is printed', { expression: true }),
    verbosity: withDefault(int({ min: 0 }), 0, 'Only print where hlb runs with at least as many -v'),
  })
  .superRefine((p, context) => {
    if (p.msg !== undefined && p.var !== undefined) {
      context.addIssue({ code: 'custom', message: 'Only one of "msg" and "var" can be given', path: ['var'] });
    }
  });

const notLoudEnough = 'Verbosity threshold not met.';

/** Prints a text or a value. */
export default defineModule({
  name: 'debug',
  aliases: ['ansible.builtin.debug', 'ansible.legacy.debug'],
  summary: 'Prints a text or a value',
  examples: [
    'debug:\n  msg: "{{ inventory_hostname }} answers on {{ ansible_host }}"',
    'debug:\n  var: result.stdout_lines',
  ],
  params,
  returns: z.looseObject({ msg: z.unknown().optional().meta({ description: 'What was printed' }) }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p, _seen, _inputs, context) =>
    p.verbosity > context.verbosity
      ? plan([], { why: notLoudEnough, skip: true })
      : plan([], { why: 'printing changes nothing' }),
  result: (p, _seen, _plan, _done, _inputs, context) => {
    if (p.verbosity > context.verbosity) return { skipped_reason: notLoudEnough };
    if (p.var === undefined) return { msg: p.msg === undefined ? 'Hello world!' : p.msg };
    return { [p.var.expression]: p.var.defined ? p.var.value : 'VARIABLE IS NOT DEFINED!' };
  },
  fuses: true,
});
