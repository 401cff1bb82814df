import { z } from 'zod';
import { quote } from '../host/quote.ts';
import {
  commandDisrupts,
  commandParams,
  commandQueries,
  commandResult,
  commandReturns,
  planCommand,
} from '../module/command.ts';
import { defineModule } from '../module/define.ts';
import { expandingLine, needsExpansion } from '../module/expand.ts';
import { bool, list, optional, text, withDefault } from '../module/params.ts';
import { splitWords } from '../module/words.ts';

const params = z
  .strictObject({
    cmd: optional(text(), 'The command with its arguments, split as a shell splits words'),
    argv: optional(list(text()), 'The command and its arguments as a list, instead of `cmd`'),
    ...commandParams,
    expand_argument_vars: withDefault(
      bool(),
      true,
      'Replace $VARIABLES of the host and a leading ~ in the arguments; nothing else is expanded',
    ),
  })
  .superRefine((p, context) => {
    const given = [p.cmd?.trim() ?? '', ...(p.argv ?? [])].filter((word) => word !== '');
    if (given.length === 0) context.addIssue({ code: 'custom', message: 'No command given', path: ['cmd'] });
    else if (p.cmd !== undefined && p.argv !== undefined) {
      context.addIssue({ code: 'custom', message: 'Only one of "cmd" and "argv" can be given', path: ['argv'] });
    } else if (p.cmd !== undefined) {
      const words = splitWords(p.cmd);
      if (!words.ok) context.addIssue({ code: 'custom', message: words.error, path: ['cmd'] });
    }
  });

function argvOf(p: z.output<typeof params>): readonly string[] {
  if (p.argv !== undefined) return p.argv;
  const words = splitWords(p.cmd ?? '');
  return words.ok ? words.value : [];
}

/** Runs a program without a shell. */
export default defineModule({
  name: 'command',
  aliases: ['ansible.builtin.command', 'ansible.legacy.command'],
  summary: 'Runs a program, without a shell in between',
  examples: [
    'command: kubeadm token create --print-join-command',
    'command:\n  argv: [ctr, --namespace, k8s.io, images, import, /var/tmp/haproxy.tar]\n  creates: /var/lib/haproxy.imported',
  ],
  params,
  freeForm: 'cmd',
  returns: z.object(commandReturns),
  convergence: (p) => (p.creates === undefined && p.removes === undefined ? 'always' : 'converges'),
  observe: (p) => commandQueries(p),
  plan: (p, seen) => {
    const argv = argvOf(p);
    const [program = ''] = argv;
    const expands = p.expand_argument_vars && needsExpansion(argv);
    // exec finds programs only, never what the shell has of the same name.
    return expands
      ? planCommand(p, { shell: `exec ${expandingLine(argv)}` }, seen, expandingLine(argv))
      : planCommand(p, { argv }, seen, quote(program));
  },
  result: (p, seen, _plan, done, _inputs, context) => commandResult(p, argvOf(p), seen, done[0], context),
  disrupts: (_p, planned) => commandDisrupts(planned),
});
