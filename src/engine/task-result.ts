import type { Diff, Outcome } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { type Json, type JsonObject, toJson } from '../core/value.ts';
import type { Task } from '../playbook/tree.ts';
import type { CallResult, Item } from './call.ts';
import type { Prepared } from './prepare.ts';
import { failedResult } from './results.ts';

/** What a task came to on one host, its loop put together. */
export interface TaskResult {
  readonly outcome: Outcome;
  /** What `register` holds. */
  readonly result: JsonObject;
  readonly failure?: Failure;
  readonly diffs: readonly Diff[];
  readonly ignored: boolean;
  /** `no_log`: nothing of the result is shown. */
  readonly hidden: boolean;
  readonly note?: string;
  readonly durationMs: number;
  /** The host could not be reached; the outcome is then `unreachable`. */
  readonly lost?: Failure;
}

export function taskResult(task: Task, prepared: Prepared, results: readonly CallResult[]): TaskResult {
  const common = { diffs: [], hidden: prepared.hidden, durationMs: 0 };
  if (prepared.kind === 'skipped') {
    const result: JsonObject = {
      changed: false,
      skipped: true,
      skip_reason: 'Conditional result was False',
      false_condition: prepared.note,
    };
    return {
      ...common,
      outcome: 'skipped',
      ignored: false,
      note: prepared.note,
      result: task.loop === undefined ? result : { ...result, results: [] },
    };
  }
  if (prepared.kind === 'failed') {
    return {
      ...common,
      outcome: 'failed',
      ignored: prepared.ignoreErrors,
      failure: prepared.failure,
      result: failedResult(prepared.failure),
    };
  }
  const diffs = results.flatMap((one) => one.diffs);
  const durationMs = results.reduce((sum, one) => sum + one.durationMs, 0);
  const failure = results.find((one) => one.failure !== undefined)?.failure;
  const outcome = combined(results);
  const rest = {
    diffs,
    durationMs,
    hidden: prepared.hidden,
    ignored: outcome === 'failed' && prepared.ignoreErrors,
    outcome,
    ...(failure === undefined ? {} : { failure }),
  };
  const [only] = results;
  if (!prepared.loop)
    return { ...rest, result: only?.result ?? {}, ...(only?.note === undefined ? {} : { note: only.note }) };
  return { ...rest, result: loopResult(task, results, outcome) };
}

function combined(results: readonly CallResult[]): Exclude<Outcome, 'unreachable'> {
  const outcomes = results.map((one) => one.outcome);
  for (const one of ['failed', 'unknown', 'changed'] as const) if (outcomes.includes(one)) return one;
  return outcomes.every((one) => one === 'skipped') ? 'skipped' : 'ok';
}

/** The shape that Ansible gives a loop's result. */
function loopResult(task: Task, results: readonly CallResult[], outcome: Outcome): JsonObject {
  return {
    results: results.map((one) => itemResult(task, one)),
    changed: results.some((one) => one.result['changed'] === true),
    msg:
      outcome === 'failed'
        ? 'One or more items failed'
        : outcome === 'skipped'
          ? 'All items skipped'
          : 'All items completed',
    ...(outcome === 'skipped' ? { skipped: true } : { skipped: false }),
    ...(outcome === 'failed' ? { failed: true } : {}),
  };
}

function itemResult(task: Task, result: CallResult): JsonObject {
  const variables: Record<string, Json> = {};
  for (const [name, value] of result.item?.variables ?? []) variables[name] = toJson(value);
  return { ...result.result, ...variables, ansible_loop_var: task.loop?.control.loopVar ?? 'item' };
}

const nothing = { diffs: [], effects: [], changes: [], durationMs: 0 };

export function skippedCall(item: Item | undefined, note: string): CallResult {
  const result: JsonObject = {
    changed: false,
    skipped: true,
    skip_reason: 'Conditional result was False',
    false_condition: note,
  };
  return { ...nothing, item, outcome: 'skipped', result, note };
}

export function failedCall(item: Item | undefined, failure: Failure): CallResult {
  return { ...nothing, item, outcome: 'failed', failure, result: failedResult(failure) };
}

export function lostResult(failure: Failure, hidden: boolean): TaskResult {
  const common = { diffs: [], ignored: false, hidden, durationMs: 0 };
  // The host was fine: the operator stopped the run.
  if (failure.reason === 'aborted') return { ...common, outcome: 'failed', result: failedResult(failure), failure };
  const result: JsonObject = { changed: false, unreachable: true, msg: failure.message };
  return { ...common, outcome: 'unreachable', result, failure, lost: failure };
}
