import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { int, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  connect_timeout: withDefault(
    int({ min: 1 }),
    5,
    'Accepted for the sake of playbooks: each try has the time that connections have',
  ),
  delay: withDefault(int({ min: 0 }), 0, 'Seconds to wait before the first try'),
  sleep: withDefault(int({ min: 1 }), 1, 'Seconds between two tries'),
  timeout: withDefault(int({ min: 1 }), 600, 'Seconds until the host must answer'),
});

/** A host that will be there in a while. */
export default defineModule({
  name: 'wait_for_connection',
  aliases: ['ansible.builtin.wait_for_connection', 'ansible.legacy.wait_for_connection'],
  summary: 'Waits until the host can be reached',
  examples: ['wait_for_connection:\n  timeout: 300'],
  params,
  returns: z.object({ elapsed: z.int().optional().meta({ description: 'Seconds that it waited' }) }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p) =>
    plan([], {
      effects: [
        {
          kind: 'await-connection',
          delayMs: p.delay * 1000,
          intervalMs: p.sleep * 1000,
          timeoutMs: p.timeout * 1000,
        },
      ],
      why: 'waiting changes nothing',
    }),
  result: () => ({}),
});
