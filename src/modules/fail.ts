import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  msg: withDefault(text(), 'Failed as requested from task', 'Why it fails'),
});

/** An end, on purpose. */
export default defineModule({
  name: 'fail',
  aliases: ['ansible.builtin.fail', 'ansible.legacy.fail'],
  summary: 'Fails, with a message',
  examples: [
    'fail:\n  msg: "{{ inventory_hostname }} has no address in the cluster network"\nwhen: node_ip is not defined',
  ],
  params,
  returns: z.object({ msg: z.string().meta({ description: 'Why it failed' }) }),
  convergence: () => 'reads',
  observe: () => [],
  plan: () => plan([], { why: 'failing changes nothing' }),
  result: (p) => ({ failed: true, msg: p.msg }),
  fuses: true,
});
