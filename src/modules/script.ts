import { posix } from 'node:path';
import { z } from 'zod';
import type { Run } from '../host/change.ts';
import { quote } from '../host/quote.ts';
import { removePath, writeFile } from '../module/change.ts';
import {
  type CommandParams,
  commandDisrupts,
  commandParams,
  commandQueries,
  commandResult,
  commandReturns,
  planCommand,
} from '../module/command.ts';
import { type Context, defineModule } from '../module/define.ts';
import type { Inputs, Need } from '../module/need.ts';
import { outputReturns } from '../module/output.ts';
import { filledText, optional, required, text } from '../module/params.ts';
import { splitWords } from '../module/words.ts';

const { chdir, creates, removes } = commandParams;

const params = z
  .strictObject({
    cmd: required(filledText('a script'), 'Script of the controller, searched in `files/`, and its arguments'),
    executable: optional(text(), 'What runs it, such as /usr/bin/perl; its first line decides when left out'),
    chdir,
    creates,
    removes,
  })
  .superRefine((p, context) => {
    const words = splitWords(p.cmd);
    if (!words.ok) context.addIssue({ code: 'custom', message: words.error, path: ['cmd'] });
  });

type Params = z.output<typeof params>;

/** The script's own path; the rest is for the host's shell. */
function partsOf(p: Params): { readonly src: string; readonly rest: string } {
  const words = splitWords(p.cmd);
  const src = words.ok ? (words.value[0] ?? '') : '';
  const written = /^\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])+/.exec(p.cmd)?.[0] ?? '';
  return { src, rest: p.cmd.slice(written.length).trim() };
}

const needOf = (p: Params): Need & { kind: 'file' } => ({ kind: 'file', src: partsOf(p).src });

/** Of each host its own: several may run it at once on the machine that they all delegate to. */
function remotePath(p: Params, inputs: Inputs, { host }: Context): string {
  const { sha256 } = inputs(needOf(p)).content;
  return `/var/tmp/.hlb-${sha256.slice(0, 16)}-${host.replace(/[^\w.-]/g, '_')}-${posix.basename(partsOf(p).src)}`;
}

function asCommand(p: Params): CommandParams {
  return { ...p, stdin: undefined, stdin_add_newline: true, strip_empty_ends: false, asksNoPlace: true };
}

/** A script of the controller, run on the host. */
export default defineModule({
  name: 'script',
  aliases: ['ansible.builtin.script', 'ansible.legacy.script'],
  summary: 'Runs a script of the controller on the host',
  examples: ['script: prepare-disk.sh --device /dev/vdb', 'script:\n  cmd: inventory.pl\n  executable: /usr/bin/perl'],
  params,
  freeForm: 'cmd',
  returns: z.object({
    ...outputReturns,
    start: commandReturns.start,
    end: commandReturns.end,
    delta: commandReturns.delta,
  }),
  convergence: (p) => (p.creates === undefined && p.removes === undefined ? 'always' : 'converges'),
  needs: (p) => [needOf(p)],
  observe: (p) => commandQueries(asCommand(p)),
  plan: (p, seen, inputs, context) => {
    const at = remotePath(p, inputs, context);
    const { src, rest } = partsOf(p);
    const line = [p.executable, quote(at), rest].filter((part) => part !== undefined && part !== '').join(' ');
    // Removed also where the script fails: what comes after it is not run then.
    const command = { shell: `${line}\nc=$?\nrm -f -- ${quote(at)}\nexit $c` };
    const planned = planCommand(asCommand(p), command, seen);
    if (planned.kind !== 'plan') return planned;
    if (planned.changes.length === 0) return { ...planned, skip: true };
    const bring = writeFile(at, inputs(needOf(p)).content, { mode: 0o700, quiet: true });
    const named = planned.changes.map((change): Run | typeof change =>
      change.kind === 'run' ? { ...change, summary: `run ${src} ${rest}`.trim() } : change,
    );
    return { ...planned, changes: [bring, ...named, { ...removePath(at), quiet: true }] };
  },
  result: (p, seen, _plan, done, _inputs, context) => {
    const { cmd: _, msg: said, ...rest } = commandResult(asCommand(p), p.cmd, seen, done[1], context);
    const fields = said === '' || said === undefined ? rest : { ...rest, msg: said };
    if (done.length > 0) return fields;
    const msg =
      p.creates === undefined
        ? `${p.removes ?? ''} does not exist, matching removes option`
        : `${p.creates} exists, matching creates option`;
    return p.creates === undefined && p.removes === undefined ? fields : { msg };
  },
  disrupts: (_p, planned) => commandDisrupts(planned),
});
