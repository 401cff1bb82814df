import { z } from 'zod';
import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { run } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { bool, choice, filledText, optional, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    name: required(filledText(), 'Package', { aliases: ['pkg'] }),
    question: optional(filledText(), 'The setting, such as tzdata/Areas', { aliases: ['selection', 'setting'] }),
    vtype: optional(
      choice(['boolean', 'error', 'multiselect', 'note', 'password', 'seen', 'select', 'string', 'text', 'title']),
      'Type of the value',
    ),
    value: optional(text(), 'The value', { aliases: ['answer'] }),
    unseen: withDefault(bool(), false, 'Ask the question again at the next installation'),
  })
  .superRefine((p, context) => {
    const given = [p.question, p.vtype, p.value].filter((one) => one !== undefined).length;
    if (given > 0 && given < 3) {
      const message = '"question", "vtype" and "value" belong together';
      context.addIssue({ code: 'custom', message, path: ['question'] });
    }
  });

type Params = z.output<typeof params>;

const queryOf = (p: Params): CommandQuery => command(['debconf-show', p.name]);

/** Settings by their questions. */
function settings(p: Params, seen: Seen): ReadonlyMap<string, string> {
  const lines = seen(queryOf(p)).stdout.split('\n');
  return new Map(
    lines.flatMap((line) => {
      const match = /^\s*\*?\s*(\S+?):\s?(.*)$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
    }),
  );
}

function wanted(p: Params): string {
  return p.vtype === 'boolean' ? (p.value ?? '').toLowerCase() : (p.value ?? '').trim();
}

/** Answers to the questions of Debian's packages. */
export default defineModule({
  name: 'debconf',
  aliases: ['ansible.builtin.debconf', 'ansible.legacy.debconf'],
  summary: 'Answers the questions that a Debian package asks when it is installed',
  examples: [
    'debconf:\n  name: keyboard-configuration\n  question: keyboard-configuration/layoutcode\n  vtype: string\n  value: us',
  ],
  params,
  returns: z.object({
    current: z.looseObject({}).meta({ description: 'Settings, with the one that was asked for' }),
    previous: z.looseObject({}).optional().meta({ description: 'The setting before' }),
  }),
  convergence: (p) => (p.vtype === 'password' ? 'always' : 'converges'),
  observe: (p) => [queryOf(p)],
  plan: (p, seen) => {
    const fact = seen(queryOf(p));
    if (fact.code === 127) return refuse('debconf is not installed on this host');
    if (p.question === undefined) return plan([], { why: 'only the settings are asked for' });
    // debconf does not show passwords.
    if (p.vtype !== 'password' && settings(p, seen).get(p.question) === wanted(p)) {
      return plan([], { why: 'the setting has this value' });
    }
    const words = ['debconf-set-selections', ...(p.unseen ? ['-u'] : [])];
    const stdin = `${p.name} ${p.question} ${p.vtype ?? ''} ${wanted(p)}\n`;
    return plan([run(words, { stdin, touches: [`debconf:${p.name}`], summary: `set ${p.question} of ${p.name}` })]);
  },
  result: (p, seen) => {
    const before = settings(p, seen);
    if (p.question === undefined) return { current: Object.fromEntries(before), msg: '' };
    const shown = p.vtype === 'password' ? 'NOT_LOGGING_PASSWORD' : wanted(p);
    const previous = before.get(p.question);
    return {
      current: { [p.question]: shown },
      previous: { [p.question]: previous ?? null },
    };
  },
});
