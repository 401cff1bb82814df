import type { Failure } from '../core/failure.ts';
import { metaOf } from '../module/arguments.ts';
import type { Task } from '../playbook/tree.ts';
import type { Call, CallResult, Item } from './call.ts';
import { type Executed, executeCalls } from './calls.ts';
import type { BatchContext } from './context.ts';
import { carryOut } from './effects.ts';
import type { HostState } from './host-state.ts';
import { judge, resultNames, untilHolds, type WithResult } from './judge.ts';
import { createShell } from './open-shell.ts';
import { type Prepared, type PreparedCall, prepareTask } from './prepare.ts';
import { retried } from './retry.ts';
import type { Intention, Shell } from './shell.ts';
import { failedCall, lostResult, skippedCall, type TaskResult, taskResult } from './task-result.ts';
import { environmentOf } from './variables.ts';

/** Hears what becomes of the tasks of a group on one host, in task order. */
export interface GroupListener {
  readonly item: (index: number, result: CallResult, item: Item, hidden: boolean) => void;
  readonly retry: (index: number, attempt: number, left: number, message: string) => void;
  readonly task: (index: number, result: TaskResult) => Promise<void>;
  readonly intend: (changes: readonly Intention[]) => Promise<void>;
}

/** Runs a fused group on one host: everything is prepared first, then sent in as few round trips as it takes. */
export async function runGroupOnHost(
  tasks: readonly Task[],
  host: HostState,
  batch: BatchContext,
  listener: GroupListener,
): Promise<void> {
  const prepared: Prepared[] = [];
  for (const [index, task] of tasks.entries()) {
    const one = await prepareTask(task, index, host, batch);
    prepared.push(one);
    if (endsPreparing(one)) break;
  }
  const calls = prepared
    .flatMap((one) => (one.kind === 'calls' ? one.calls : []))
    .flatMap((one) => (one.kind === 'call' ? [one.call] : []));
  const shellOf = shells(calls, host, batch, listener.intend);
  const stream = executeAll(calls, shellOf);
  for (const [index, one] of prepared.entries()) {
    const task = tasks[index];
    if (task === undefined) return;
    const result = await finishTask(task, index, one, { host, batch, listener, shellOf, stream });
    await listener.task(index, result);
    if (result.lost !== undefined || (result.outcome === 'failed' && !result.ignored)) return;
  }
}

/** What comes after a failure that nobody ignores must not be sent. */
function endsPreparing(prepared: Prepared): boolean {
  if (prepared.kind === 'skipped' || prepared.ignoreErrors) return false;
  return prepared.kind === 'failed' || prepared.calls.some((call) => call.kind === 'failed');
}

interface Surroundings {
  readonly host: HostState;
  readonly batch: BatchContext;
  readonly listener: GroupListener;
  readonly shellOf: (call: Call) => Shell;
  readonly stream: AsyncGenerator<Executed, void, void>;
}

/** The calls of a group share a shell; items of a delegated task may each go to another host. */
function shells(
  calls: readonly Call[],
  host: HostState,
  batch: BatchContext,
  intend: Shell['intend'],
): (call: Call) => Shell {
  const made = new Map<Call | undefined, Shell>();
  return (call) => {
    const key = call.task.keywords.delegateTo === undefined ? undefined : call;
    const before = made.get(key);
    if (before !== undefined) return before;
    const shell = createShell(calls[0] !== undefined && key === undefined ? calls[0] : call, host, batch, intend);
    made.set(key, shell);
    return shell;
  };
}

async function* executeAll(
  calls: readonly Call[],
  shellOf: (call: Call) => Shell,
): AsyncGenerator<Executed, void, void> {
  const [first] = calls;
  if (first === undefined) return;
  if (first.task.keywords.delegateTo === undefined) yield* executeCalls(calls, shellOf(first));
  else for (const call of calls) yield* executeCalls([call], shellOf(call));
}

async function finishTask(task: Task, index: number, prepared: Prepared, around: Surroundings): Promise<TaskResult> {
  if (prepared.kind !== 'calls') return taskResult(task, prepared, []);
  const results: CallResult[] = [];
  for (const one of prepared.calls) {
    const result = await finishCall(task, index, one, around);
    if ('lost' in result) return lostResult(result.lost, prepared.hidden);
    results.push(result);
    if (result.item !== undefined) around.listener.item(index, result, result.item, prepared.hidden);
    if (one.kind !== 'call') continue;
    for (const effect of result.effects) {
      const done = await carryOut(effect, around.host, around.batch, around.shellOf(one.call));
      if (!done.ok)
        return taskResult(
          task,
          {
            kind: 'failed',
            failure: { at: task.at, ...done.error },
            ignoreErrors: prepared.ignoreErrors,
            hidden: prepared.hidden,
          },
          [],
        );
    }
  }
  return taskResult(task, prepared, results);
}

async function finishCall(
  task: Task,
  index: number,
  one: PreparedCall,
  around: Surroundings,
): Promise<CallResult | { readonly lost: Failure }> {
  if (one.kind === 'skipped') return skippedCall(one.item, one.note);
  if (one.kind === 'failed') return failedCall(one.item, one.failure);
  const { call } = one;
  const withResult: WithResult = (json) => {
    const extra = resultNames(task, json, call.item?.variables ?? new Map());
    return environmentOf(around.batch, around.host, { keywords: task.keywords, role: task.role, extra }, call.answers);
  };
  const judgeOne = (result: CallResult): Promise<CallResult> => judge(task, result, withResult, call.answers);
  if (task.until.length > 0 || task.retries !== undefined) {
    return retried(call, around.shellOf(call), {
      judge: judgeOne,
      until: (result) => untilHolds(task, result, withResult, call.answers),
      tell: (attempt, left, message) => around.listener.retry(index, attempt, left, message),
    });
  }
  const next = await around.stream.next();
  if (next.done === true) throw new Error('The calls ended before their tasks');
  if (next.value.kind === 'lost') return { lost: next.value.failure };
  registerSecrets(task, next.value.result, around.batch);
  return judgeOne(next.value.result);
}

/** What a module's `returns` marks as secret is never shown, whatever later tasks do with it. */
function registerSecrets(task: Task, { result }: CallResult, batch: BatchContext): void {
  for (const [name, field] of Object.entries(task.module.returns.shape)) {
    const value = metaOf(field)?.['secret'] === true ? result[name] : undefined;
    if (typeof value === 'string' && value !== '') batch.play.run.options.redactor.register(value);
  }
}
