import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { momentText } from '../module/output.ts';
import { bool, int, optional, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .strictObject({
    seconds: optional(int({ min: 0 }), 'How long'),
    minutes: optional(int({ min: 0 }), 'How long'),
    prompt: optional(text(), 'What to ask the operator; without a time the play goes on when Enter is pressed'),
    echo: withDefault(bool(), true, 'Show what the operator types'),
  })
  .superRefine((p, context) => {
    if (p.seconds !== undefined && p.minutes !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'Only one of "seconds" and "minutes" can be given',
        path: ['minutes'],
      });
    }
  });

type Params = z.output<typeof params>;

function secondsOf(p: Params): number | undefined {
  return p.seconds ?? (p.minutes === undefined ? undefined : p.minutes * 60);
}

/** The sentence that Ansible has for it. */
function summary(p: Params): string {
  if (p.minutes !== undefined) return `Paused for ${p.minutes}.0 minutes`;
  return `Paused for ${p.seconds ?? 0}.0 seconds`;
}

/** A wait, for a time or for the operator. */
export default defineModule({
  name: 'pause',
  aliases: ['ansible.builtin.pause', 'ansible.legacy.pause'],
  summary: 'Waits for a time, or for the operator',
  examples: ['pause:\n  seconds: 10', 'pause:\n  prompt: Drain the node by hand, then press Enter'],
  params,
  returns: z.object({
    stdout: z.string().meta({ description: 'How long it waited, in words' }),
    stderr: z.string().meta({ description: 'Empty' }),
    rc: z.int().meta({ description: '0' }),
    start: z.string().meta({ description: 'When it began, UTC' }),
    stop: z.string().optional().meta({ description: 'When it ended, UTC' }),
    delta: z.int().meta({ description: 'Seconds that it waited' }),
    echo: z.boolean().meta({ description: 'Whether what the operator typed was shown' }),
    user_input: z.string().optional().meta({ description: 'What the operator typed' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: (p) => {
    const seconds = secondsOf(p);
    const prompt = p.prompt ?? (seconds === undefined ? 'Press Enter to continue, Ctrl-C to stop' : undefined);
    return plan([], {
      effects: [
        {
          kind: 'pause',
          echo: p.echo,
          ...(seconds === undefined ? {} : { ms: seconds * 1000 }),
          ...(prompt === undefined ? {} : { prompt }),
        },
      ],
      why: 'waiting changes nothing',
    });
  },
  result: (p, _seen, _plan, _done, _inputs, context) => {
    const seconds = secondsOf(p) ?? 0;
    const start = context.now * 1000;
    return {
      stdout: summary(p),
      stderr: '',
      rc: 0,
      start: momentText(start),
      stop: momentText(start + seconds * 1000),
      delta: seconds,
      echo: p.echo,
    };
  },
});
