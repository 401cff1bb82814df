import type { Failure } from '../core/failure.ts';
import { toJson } from '../core/value.ts';
import type { Call, CallResult } from './call.ts';
import { executeCalls } from './calls.ts';
import type { untilHolds } from './judge.ts';
import { optional } from './prepare.ts';
import { rest } from './rest.ts';
import { templateFailure } from './results.ts';
import type { Shell } from './shell.ts';
import { failedCall } from './task-result.ts';

/** Ansible's defaults: three tries after the first, five seconds between. */
const defaultRetries = 3;
const defaultDelaySeconds = 5;

const stopped: Failure = { reason: 'aborted', message: 'Stopped between two tries as asked', retry: 'permanent' };

export interface Judges {
  readonly judge: (result: CallResult) => Promise<CallResult>;
  /** Whether `until` holds of a result. */
  readonly until: (result: CallResult) => ReturnType<typeof untilHolds>;
  readonly tell: (attempt: number, left: number, message: string) => void;
}

/** Makes a call again and again until `until` holds, at most `retries` times after the first. */
export async function retried(
  call: Call,
  shell: Shell,
  judges: Judges,
): Promise<CallResult | { readonly lost: Failure }> {
  const { task, env, answers } = call;
  const retries = await optional(task.retries, env, answers);
  const delay = await optional(task.delay, env, answers);
  if (!retries.ok) return failedCall(call.item, templateFailure(retries.error));
  if (!delay.ok) return failedCall(call.item, templateFailure(delay.error));
  const most = 1 + (retries.value === undefined ? defaultRetries : Math.max(0, Number(toJson(retries.value))));
  const delayMs = 1000 * (delay.value === undefined ? defaultDelaySeconds : Math.max(0, Number(toJson(delay.value))));
  for (let attempt = 1; ; attempt += 1) {
    const next = await executeCalls([call], shell).next();
    if (next.done === true) throw new Error('A call ended without a result');
    if (next.value.kind === 'lost') return { lost: next.value.failure };
    const judged = await judges.judge(next.value.result);
    const result: CallResult = { ...judged, result: { ...judged.result, attempts: attempt } };
    if (call.context.check) return result;
    const met = await judges.until(result);
    if (!met.ok) return failedCall(call.item, templateFailure(met.error));
    if (met.value) return result;
    if (attempt >= most) return exhausted(result, call, attempt);
    judges.tell(attempt, most - attempt, typeof result.result['msg'] === 'string' ? result.result['msg'] : '');
    if (!(await rest(shell.clock, delayMs, shell.signal))) return { lost: stopped };
  }
}

function exhausted(result: CallResult, call: Call, attempts: number): CallResult {
  const condition = call.task.until.map((one) => one.text).join(' and ');
  const message = `Not met after ${attempts} attempts: ${condition === '' ? 'the task succeeds' : condition}`;
  const failure: Failure = {
    ...result.failure,
    reason: 'until-not-met',
    message,
    retry: 'transient',
    at: call.task.at,
  };
  return {
    ...result,
    outcome: 'failed',
    failure,
    effects: [],
    // Ansible counts the tries after the first here, and all of them where it ends well.
    result: { msg: message, ...result.result, attempts: attempts - 1, failed: true },
  };
}
