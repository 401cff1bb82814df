import { z } from 'zod';
import { command } from '../host/ask.ts';
import { defineModule } from '../module/define.ts';
import { text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  data: withDefault(text(), 'pong', 'What to answer; "crash" fails'),
});

/** The host's shell, so that the answer comes from the host. */
const question = command(['true']);

/** Whether the host answers. */
export default defineModule({
  name: 'ping',
  aliases: ['ansible.builtin.ping', 'ansible.legacy.ping'],
  summary: 'Makes sure that the host can be reached and has a shell',
  examples: ['ping:'],
  params,
  returns: z.object({ ping: z.string().meta({ description: 'The answer' }) }),
  convergence: () => 'reads',
  observe: () => [question],
  plan: (p) => (p.data === 'crash' ? refuse('boom') : plan([], { why: 'a ping changes nothing' })),
  result: (p) => ({ ping: p.data }),
  fuses: true,
});
