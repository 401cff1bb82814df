import { z } from 'zod';
import { runShell } from '../module/change.ts';
import { commandDisrupts } from '../module/command.ts';
import { defineModule } from '../module/define.ts';
import { outcomeFields, outputReturns } from '../module/output.ts';
import { filledText, optional, path, required } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  cmd: required(filledText('a command'), 'Text for the shell of the host'),
  executable: optional(path(), 'The shell; /bin/sh when left out'),
});

/** A text for the host's shell, as it is. */
export default defineModule({
  name: 'raw',
  aliases: ['ansible.builtin.raw', 'ansible.legacy.raw'],
  summary: 'Runs a text in the shell of the host, as it is',
  examples: ['raw: apt-get install -y python3'],
  params,
  freeForm: 'cmd',
  returns: z.object(outputReturns),
  convergence: () => 'always',
  observe: () => [],
  plan: (p) => {
    const change = runShell(p.cmd);
    const command = { shell: p.cmd, ...(p.executable === undefined ? {} : { executable: p.executable }) };
    return plan([{ ...change, command }], { unknown: 'what a command changes is only known once it ran' });
  },
  result: (_p, _seen, _plan, done) => {
    const [outcome] = done;
    const failed = outcome?.status === 'failed' ? { msg: 'non-zero return code', changed: true } : {};
    return { ...outcomeFields(outcome, false), ...failed };
  },
  disrupts: (_p, planned) => commandDisrupts(planned),
});
