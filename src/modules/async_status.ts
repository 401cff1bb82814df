import { posix } from 'node:path';
import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../core/value.ts';
import { command } from '../host/ask.ts';
import { quote, quotePath } from '../host/quote.ts';
import { removePath } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { jobsDirectory } from '../module/job.ts';
import { linesOf } from '../module/output.ts';
import { choice, filledText, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  jid: required(
    filledText('the id of a job'),
    'Id of the job, as the task that started it registered `ansible_job_id`',
  ),
  mode: withDefault(
    choice(['status', 'cleanup']),
    'status',
    '`status` tells how it stands; `cleanup` removes its result',
  ),
});

type Params = z.output<typeof params>;

/** The folder's own path in the first line, then the result. A job that has no file ends with 3. */
function question(p: Params): ReturnType<typeof command> {
  const script = `cd -- ${quotePath(jobsDirectory)} 2>/dev/null || { cd || exit; printf '%s/%s\\n' "$(pwd)" .ansible_async; exit 3; }
pwd; [ -f ${quote(`./${p.jid}`)} ] || exit 3; exec cat ${quote(`./${p.jid}`)}`;
  return command(['sh', '-c', script]);
}

interface Job {
  readonly file: string;
  readonly exists: boolean;
  /** Absent while it is not a whole mapping. */
  readonly data: JsonObject | undefined;
}

function jobOf(p: Params, seen: Seen): Job {
  const { code, stdout } = seen(question(p));
  const end = stdout.indexOf('\n');
  return { file: posix.join(stdout.slice(0, end), p.jid), exists: code === 0, data: parsed(stdout.slice(end + 1)) };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const found: Json = JSON.parse(text);
    return isJsonObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const noOutput: JsonObject = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };

function linesFor(data: JsonObject): JsonObject {
  const { stdout, stderr } = data;
  return {
    ...(typeof stdout === 'string' ? { stdout_lines: linesOf(stdout) } : {}),
    ...(typeof stderr === 'string' ? { stderr_lines: linesOf(stderr) } : {}),
  };
}

/** What the job itself said; while it runs, that it does. */
function statusOf(p: Params, { file, data }: Job): JsonObject {
  const common = { ...noOutput, ansible_job_id: p.jid, results_file: file, started: true };
  if (data === undefined) return { ...common, finished: false };
  const isRunning = 'started' in data && data['finished'] !== true;
  return { ...common, finished: !isRunning, ...data, ...linesFor(data), started: true };
}

/** How a task with `async` and `poll: 0` stands. */
export default defineModule({
  name: 'async_status',
  aliases: ['ansible.builtin.async_status', 'ansible.legacy.async_status'],
  summary: 'Tells how a task that was started in the background stands',
  examples: [
    'async_status:\n  jid: "{{ pull.ansible_job_id }}"\nregister: job\nuntil: job is finished\nretries: 60\ndelay: 5',
    'async_status:\n  jid: "{{ pull.ansible_job_id }}"\n  mode: cleanup',
  ],
  params,
  returns: z.looseObject({
    ansible_job_id: z.string().meta({ description: 'Id of the job' }),
    started: z.boolean().meta({ description: 'Whether it has started' }),
    finished: z.boolean().meta({ description: 'Whether it has ended; its own fields are there then' }),
    results_file: z.string().optional().meta({ description: 'File of its result on the host' }),
    erased: z.string().optional().meta({ description: 'The file that `cleanup` removed' }),
  }),
  convergence: () => 'reads',
  observe: (p) => [question(p)],
  plan: (p, seen, _inputs, context) => {
    const job = jobOf(p, seen);
    if (!job.exists && context.check) return plan([], { unknown: 'a job that check mode did not start has no result' });
    if (!job.exists) {
      const result = { ...noOutput, ansible_job_id: p.jid, results_file: job.file, started: true, finished: true };
      return refuse('could not find job', {
        help: 'A job is known on its own host, to the user who started it, until its result is cleaned up',
        result,
      });
    }
    if (p.mode === 'cleanup') return plan([{ ...removePath(job.file), quiet: true }]);
    return plan([], { why: 'asking changes nothing' });
  },
  result: (p, seen) => {
    const job = jobOf(p, seen);
    if (p.mode === 'cleanup')
      return { ...noOutput, ansible_job_id: p.jid, erased: job.file, started: false, finished: false };
    return statusOf(p, job);
  },
});
