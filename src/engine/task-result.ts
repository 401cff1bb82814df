import type { Diff, Outcome } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { fromJson, type Json, type JsonObject, toJson, type Value } from '../core/value.ts';
import type { Task } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { CallResult, Item } from './call.ts';
import type { Prepared } from './prepare.ts';
import { failedResult, noItems } from './results.ts';
import { callTerm, mappingTerm, unknownCall } from './unknown.ts';

/** What a task came to on one host, its loop put together. */
export interface TaskResult {
  readonly outcome: Outcome;
  readonly result: JsonObject;
  /** What `register` holds: the result, and what check mode cannot know of it. */
  readonly term: Term;
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
  const told = whatCame(task, prepared, results);
  return { ...told, term: registered(task, prepared, results, told.result) };
}

function registered(task: Task, prepared: Prepared, results: readonly CallResult[], result: JsonObject): Term {
  const mayFail = prepared.ignoreErrors;
  if (prepared.kind === 'unknown') return callTerm(task, unknownCall(undefined, prepared.note), mayFail);
  const isKnown = results.every((one) => one.unknown === undefined);
  const [only] = results;
  if (prepared.kind !== 'calls' || isKnown || only === undefined) return constant(task, fromJson(result));
  return prepared.loop ? loopTerm(task, results, result, mayFail) : callTerm(task, only, mayFail);
}

function constant({ at }: Task, value: Value): Term {
  return { kind: 'constant', value, at };
}

/** A loop's result with what nobody knows of its items. */
function loopTerm(task: Task, results: readonly CallResult[], result: JsonObject, mayFail: boolean): Term {
  const items = results.map((one) => callTerm(task, { ...one, result: itemResult(task, one) }, mayFail));
  const because = results.find((one) => one.outcome === 'unknown')?.unknown;
  const unknown = because === undefined || result['changed'] === true ? [] : ['changed', 'msg'];
  return mappingTerm(
    task,
    new Map<string, Term>([
      ...Object.entries(result).map(([name, value]): [string, Term] => [name, constant(task, fromJson(value))]),
      ...unknown.map((name): [string, Term] => [name, { kind: 'unknown', because: because ?? '', at: task.at }]),
      ['results', { kind: 'list', items, at: task.at }],
    ]),
  );
}

function whatCame(task: Task, prepared: Prepared, results: readonly CallResult[]): Omit<TaskResult, 'term'> {
  const common = { diffs: [], hidden: prepared.hidden, durationMs: 0 };
  if (prepared.kind === 'skipped') {
    const result: JsonObject = {
      changed: false,
      skipped: true,
      ...(prepared.note === noItems
        ? { skipped_reason: noItems }
        : { skip_reason: 'Conditional result was False', false_condition: written(prepared.note) }),
    };
    return {
      ...common,
      outcome: 'skipped',
      ignored: false,
      note: prepared.note,
      result: prepared.note === noItems ? { ...result, results: [] } : result,
    };
  }
  if (prepared.kind === 'unknown') {
    const { note } = prepared;
    return { ...common, outcome: 'unknown', ignored: false, note, result: unknownCall(undefined, note).result };
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

/** A condition as YAML has it: `when: false` is no text. */
function written(condition: string): Json {
  return condition === 'false' ? false : condition;
}

const nothing = { diffs: [], effects: [], changes: [], durationMs: 0 };

export function skippedCall(item: Item | undefined, note: string): CallResult {
  const result: JsonObject = {
    changed: false,
    skipped: true,
    skip_reason: 'Conditional result was False',
    false_condition: written(note),
  };
  return { ...nothing, item, outcome: 'skipped', result, note };
}

export function failedCall(item: Item | undefined, failure: Failure): CallResult {
  return { ...nothing, item, outcome: 'failed', failure, result: failedResult(failure) };
}

export function lostResult(task: Task, failure: Failure, hidden: boolean): TaskResult {
  const common = { diffs: [], ignored: false, hidden, durationMs: 0 };
  // The host was fine: the operator stopped the run.
  if (failure.reason === 'aborted') {
    const result = failedResult(failure);
    return { ...common, outcome: 'failed', result, term: constant(task, fromJson(result)), failure };
  }
  const result: JsonObject = { changed: false, unreachable: true, msg: failure.message };
  const term = constant(task, fromJson(result));
  return { ...common, outcome: 'unreachable', result, term, failure, lost: failure };
}
