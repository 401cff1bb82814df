import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { choice, required } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  action: required(
    choice([
      'clear_facts',
      'clear_host_errors',
      'end_batch',
      'end_host',
      'end_play',
      'end_role',
      'flush_handlers',
      'noop',
      'refresh_inventory',
      'reset_connection',
    ]),
    'What to do: run notified handlers now, end the host or play here, forget facts, errors or the connection, read the inventory anew, or nothing',
  ),
});

/** Steers the play itself; the engine does what it says. */
export default defineModule({
  name: 'meta',
  aliases: ['ansible.builtin.meta', 'ansible.legacy.meta'],
  summary: 'Steers the play: runs handlers now, ends it for a host, and the like',
  examples: ['meta: flush_handlers', 'meta: end_host\nwhen: kubelet.stat.exists'],
  params,
  freeForm: 'action',
  returns: z.object({}),
  convergence: () => 'reads',
  observe: () => [],
  plan: () => plan([], { why: 'it steers the play and changes nothing on the host' }),
  result: () => ({}),
});
