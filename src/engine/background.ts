import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { JsonObject } from '../core/value.ts';
import type { Change } from '../host/change.ts';
import type { Facts } from '../host/facts.ts';
import { writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import type { Plan } from '../module/define.ts';
import { jobsDirectory } from '../module/job.ts';
import { applyChanges } from './applying.ts';
import type { Background, Call, CallResult } from './call.ts';
import { seenIn } from './observing.ts';
import type { Shell } from './shell.ts';

/** Modules whose work is one command. They alone go on by themselves; what others do ends before their task does. */
const commands = new Set(['command', 'shell']);

/** The plan of a call as it is carried out in the background: its command starts and is left, or runs apart from the connection. */
export function inBackground(call: Call, plan: Plan, facts: Facts): Plan {
  const { background, task } = call;
  if (background === undefined || plan.kind !== 'plan' || !commands.has(task.module.name)) return plan;
  const start = (change: Change): Change => {
    if (change.kind !== 'run') return change;
    if (background.awaited) return { ...change, detach: true };
    return {
      kind: 'start-job',
      id: background.id,
      directory: jobsDirectory,
      run: change,
      limitMs: background.seconds * 1000,
      known: task.module.result(call.params, seenIn(facts), plan, [], call.inputs, call.context),
    };
  };
  return { ...plan, changes: plan.changes.map(start) };
}

/** What `register` holds of a background call: of one that was left, that it started; otherwise its own fields too. */
export function backgroundResult(result: CallResult, { id, seconds, awaited }: Background): CallResult {
  const job: JsonObject = { ansible_job_id: id, started: true, results_file: `${jobsDirectory}/${id}` };
  if (!awaited) {
    const { failure: _, ...rest } = result;
    return {
      ...rest,
      outcome: result.outcome === 'unknown' ? 'unknown' : 'changed',
      result: { ...job, changed: true, failed: false, finished: false },
      effects: [],
    };
  }
  const output: JsonObject = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
  if (result.failure?.reason !== 'timeout')
    return { ...result, result: { ...output, ...result.result, ...job, finished: true } };
  const msg = `async task did not complete within the requested time - ${seconds}s`;
  return {
    ...result,
    failure: { ...result.failure, message: msg },
    result: { changed: false, failed: true, msg, async_result: { ...output, ...job, finished: false } },
  };
}

/** What becomes of a background call. The result of one that nobody waited for, and has ended, is left where `async_status` finds it. */
export async function settleJob(
  result: CallResult,
  call: Call,
  background: Background,
  shell: Shell,
): Promise<Result<CallResult, Failure>> {
  if (result.changes.some((change) => change.kind === 'start-job')) {
    if (result.failure !== undefined) return ok(result);
    const { stdout } = result.result;
    const started = backgroundResult(result, background);
    const place: JsonObject = typeof stdout === 'string' ? { results_file: stdout } : {};
    return ok({ ...started, result: { ...started.result, ...place } });
  }
  if (!background.awaited && !shell.check) {
    const text = JSON.stringify({ ...result.result, ansible_job_id: background.id });
    const changes: readonly Change[] = [
      { kind: 'make-directory', path: jobsDirectory, parents: true, mode: 0o700 },
      writeFile(`${jobsDirectory}/${background.id}`, contentOf(text), { mode: 0o600 }),
    ];
    const applied = await applyChanges([{ call, changes }], shell);
    if (!applied.ok) return applied;
  }
  return ok(backgroundResult(result, background));
}
