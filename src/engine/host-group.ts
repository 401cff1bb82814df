import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { toJson, type Value } from '../core/value.ts';
import type { ExprError } from '../expr/api.ts';
import { toText } from '../expr/runtime/text.ts';
import { metaOf } from '../module/arguments.ts';
import type { Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Variables } from '../vars/term.ts';
import { settle } from './ask.ts';
import type { Call, CallResult, Item } from './call.ts';
import { type Executed, executeCalls } from './calls.ts';
import type { BatchContext } from './context.ts';
import { raiseDoubt } from './doubt.ts';
import { carryOut } from './effects.ts';
import type { HostState } from './host-state.ts';
import { all, judge, untilHolds, type WithResult } from './judge.ts';
import { namedBy, nothingKnown } from './observing.ts';
import { itemOf, optional, type Prepared, type PreparedCall, prepareTask } from './prepare.ts';
import { rest } from './rest.ts';
import { templateFailure } from './results.ts';
import { retried } from './retry.ts';
import type { Intention, Shell } from './shell.ts';
import { createShells, type Shells } from './shells.ts';
import { failedCall, lostResult, skippedCall, type TaskResult, taskResult } from './task-result.ts';
import { callTerm, unknownCall } from './unknown.ts';
import { environmentOf } from './variables.ts';

/** Hears what becomes of the tasks of a group on one host, in task order. */
export interface GroupListener {
  readonly item: (index: number, result: CallResult, item: Item, hidden: boolean) => void;
  readonly retry: (index: number, attempt: number, left: number, message: string, hidden: boolean) => void;
  /** Whether the host goes on. */
  readonly task: (index: number, result: TaskResult) => Promise<boolean>;
  readonly intend: (changes: readonly Intention[]) => Promise<void>;
}

/** Runs a fused group on one host: everything is prepared first, then sent in as few round trips as it takes. */
export async function runGroupOnHost(
  tasks: readonly Task[],
  host: HostState,
  batch: BatchContext,
  listener: GroupListener,
  registerOn: readonly HostState[],
): Promise<void> {
  const shells = createShells(host, batch, listener.intend);
  const { takeTurn } = batch.play.run;
  for (let from = 0; from < tasks.length; ) {
    const prepared: Prepared[] = [];
    let first: Call | undefined;
    for (const [offset, task] of tasks.slice(from).entries()) {
      const one = await prepareTask(task, from + offset, host, batch);
      // On the controller itself, the files that a task reads there may be what the tasks before it make: they go first.
      if (one.inputs && first !== undefined && (await shells.isLocal(first))) break;
      prepared.push(one);
      if (endsPreparing(one)) break;
      if (first === undefined) {
        [first] = callsOf(one);
        // Of those behind it nobody knows whether their turn comes.
        if (first !== undefined && isSureToAsk(first)) shells.ahead(first);
      }
      await takeTurn();
    }
    const stream = executeAll(prepared.flatMap(callsOf), shells);
    for (const one of prepared) {
      const index = from;
      const task = tasks[index];
      if (task === undefined) return;
      from += 1;
      const result = await finishTask(task, index, one, { host, batch, listener, shells, stream, registerOn });
      if (!(await listener.task(index, result))) return;
      await takeTurn();
      // Nothing more comes through a stream that was lost; "ignore_unreachable" has the rest tried anew.
      if (result.lost !== undefined) break;
    }
  }
}

/** Whether a call goes to its host whatever comes, once it is its turn. */
function isSureToAsk(call: Call): boolean {
  const isTriedAgain = call.task.until.length > 0 || call.task.retries !== undefined;
  return !isTriedAgain && namedBy(call, nothingKnown.facts).length > 0;
}

function callsOf(prepared: Prepared): readonly Call[] {
  return prepared.kind === 'calls' ? prepared.calls.flatMap((one) => (one.kind === 'call' ? [one.call] : [])) : [];
}

/** What comes after a failure that nobody ignores must not be sent. */
function endsPreparing(prepared: Prepared): boolean {
  if (prepared.kind === 'unknown') return true;
  if (prepared.kind === 'skipped' || prepared.ignoreErrors) return false;
  if (prepared.kind === 'failed') return true;
  return prepared.calls.some((call) => call.kind === 'failed' || itemOf(call)?.labelProblem !== undefined);
}

interface Surroundings {
  readonly host: HostState;
  readonly batch: BatchContext;
  readonly listener: GroupListener;
  /** `run_once`: what it finds counts for all of these. */
  readonly registerOn: readonly HostState[];
  readonly shells: Shells;
  readonly stream: AsyncGenerator<Executed, void, void>;
}

/** Whether something happens between the items of a loop. */
function stepByStep({ loop }: Task): boolean {
  return loop !== undefined && (loop.control.pause !== undefined || loop.control.breakWhen.length > 0);
}

/** Runs the calls that follow one another in one shell together. */
async function* executeAll(calls: readonly Call[], shells: Shells): AsyncGenerator<Executed, void, void> {
  for (let from = 0; from < calls.length; ) {
    const together: Call[] = [];
    let shell: Shell | undefined;
    const [first] = calls.slice(from);
    const because = first === undefined ? undefined : await shells.unknown(first);
    if (first !== undefined && because !== undefined) {
      yield { kind: 'result', result: unknownCall(first.item, because) };
      from += 1;
      continue;
    }
    for (const call of calls.slice(from)) {
      const own = await shells.of(call);
      if (own !== (shell ?? own) || (together.length > 0 && stepByStep(call.task))) break;
      shell = own;
      together.push(call);
    }
    if (shell !== undefined) yield* executeCalls(together, shell);
    from += together.length;
  }
}

async function finishTask(task: Task, index: number, prepared: Prepared, around: Surroundings): Promise<TaskResult> {
  if (prepared.kind === 'unknown') raiseDoubt(task, around.host, prepared.note);
  if (prepared.kind !== 'calls') return taskResult(task, prepared, []);
  const results: CallResult[] = [];
  let { stream } = around;
  for (let at = 0; ; at += 1) {
    const last = results.at(-1)?.result;
    const one = prepared.calls[at] ?? (last === undefined ? undefined : await prepared.further?.(at, last));
    if (one === undefined) break;
    if (at > 0 && !(await pauseBetween(task, one, around))) break;
    if (at >= prepared.calls.length) stream = executeAll(one.kind === 'call' ? [one.call] : [], around.shells);
    const finished = await finishCall(task, index, one, { ...around, stream });
    if ('lost' in finished) return lostResult(task, finished.lost, prepared.hidden);
    const named = await labelled(task, one, finished, around);
    const effected = one.kind === 'call' ? await carryOutAll(named, one.call, around) : ok(named);
    if (!effected.ok) {
      return taskResult(task, { ...prepared, kind: 'failed', failure: { at: task.at, ...effected.error } }, []);
    }
    const result = effected.value;
    results.push(result);
    if (result.item !== undefined) around.listener.item(index, result, result.item, prepared.hidden);
    if (one.kind !== 'call') continue;
    const enough = await breaks(task, one.call, result, around);
    if (!enough.ok) {
      const failure = templateFailure(enough.error);
      const isUnknown = result.unknown !== undefined && failure.reason === 'not-known';
      if (!isUnknown) results.splice(-1, 1, failedCall(one.call.item, failure));
      break;
    }
    if (enough.value) break;
  }
  return taskResult(task, prepared, results);
}

/** The result with what its effects came to. A module leaves `changed` to an effect that only the controller can judge. */
async function carryOutAll(
  finished: CallResult,
  call: Call,
  around: Surroundings,
): Promise<Result<CallResult, Failure>> {
  let result = finished;
  for (const effect of finished.effects) {
    const done = await carryOut(
      effect,
      { host: around.host, factsOf: factsOwners(call, around) },
      around.batch,
      await around.shells.of(call),
    );
    if (!done.ok) return done;
    const isChanged = done.value['changed'] === true && result.outcome === 'ok';
    result = {
      ...result,
      result: { ...result.result, ...done.value },
      outcome: isChanged ? 'changed' : result.outcome,
    };
  }
  return ok(result);
}

/** Whose facts a call finds: its host's, or with `run_once` those of all; with `delegate_facts` the delegate's. */
function factsOwners(call: Call, { batch, registerOn }: Surroundings): readonly HostState[] {
  return call.delegate !== undefined && call.delegateFacts ? [batch.play.run.host(call.delegate)] : registerOn;
}

function resultEnvironment(task: Task, call: Call, around: Surroundings): WithResult {
  const { keywords, role, register } = task;
  const extra = call.item?.variables ?? new Map<string, Value>();
  return (result) => {
    const term = callTerm(task, result, true);
    const own: Variables = new Map(
      register === undefined ? [] : [[register, { term, level: 'set-fact', origin: 'register' }]],
    );
    return environmentOf(around.batch, around.host, { keywords, role, extra, own }, call.answers);
  };
}

/** `loop_control.pause`, in seconds. False where the run was stopped meanwhile. */
async function pauseBetween(task: Task, one: PreparedCall, around: Surroundings): Promise<boolean> {
  if (one.kind !== 'call') return true;
  const pause = await optional(task.loop?.control.pause, one.call.env, one.call.answers);
  const seconds = pause.ok && pause.value !== undefined ? Number(toJson(pause.value)) : 0;
  const { clock, signal } = around.batch.play.run.options;
  return seconds > 0 ? rest(clock, seconds * 1000, signal) : true;
}

/** Whether `loop_control.break_when` ends the loop after this item. */
async function breaks(
  task: Task,
  call: Call,
  result: CallResult,
  around: Surroundings,
): Promise<Result<boolean, ExprError>> {
  const conditions = task.loop?.control.breakWhen ?? [];
  if (conditions.length === 0) return ok(false);
  return all(conditions, resultEnvironment(task, call, around)(result), call.answers);
}

async function finishCall(
  task: Task,
  index: number,
  one: PreparedCall,
  around: Surroundings,
): Promise<CallResult | { readonly lost: Failure }> {
  if (one.kind === 'skipped') return skippedCall(one.item, one.note);
  if (one.kind === 'failed') return failedCall(one.item, one.failure);
  if (one.kind === 'unknown') {
    raiseDoubt(task, around.host, one.note);
    return unknownCall(one.item, one.note);
  }
  const { call } = one;
  const withResult = resultEnvironment(task, call, around);
  const judgeOne = (result: CallResult): Promise<CallResult> => judge(task, result, withResult, call.answers);
  if (task.until.length > 0 || task.retries !== undefined) {
    const because = await around.shells.unknown(call);
    if (because !== undefined) return unknownCall(call.item, because);
    return retried(call, await around.shells.of(call), {
      judge: judgeOne,
      until: (result) => untilHolds(task, result, withResult, call.answers),
      tell: (attempt, left, message) => around.listener.retry(index, attempt, left, message, call.hidden),
    });
  }
  const next = await around.stream.next();
  if (next.done === true) throw new Error('The calls ended before their tasks');
  if (next.value.kind === 'lost') return { lost: next.value.failure };
  registerSecrets(task, next.value.result, around.batch);
  return judgeOne(next.value.result);
}

/** A label may tell of the item's own result. One that cannot be told fails the item, though it ran, as in Ansible. */
async function labelled(task: Task, one: PreparedCall, result: CallResult, around: Surroundings): Promise<CallResult> {
  const problem = itemOf(one)?.labelProblem;
  if (result.item === undefined || problem === undefined) return result;
  let error = problem;
  if (one.kind === 'call' && task.loop?.control.label !== undefined) {
    const { label } = task.loop.control;
    const env = resultEnvironment(task, one.call, around)(result);
    const outcome = await settle(() => evaluateTerm(label, env), one.call.answers);
    if (outcome.kind === 'value') return { ...result, item: { ...result.item, label: toText(outcome.value) } };
    error = outcome.error;
  }
  const failure = templateFailure(error);
  if (failure.reason === 'not-known') return result;
  const message = `Failed to template loop_control.label: ${failure.message}`;
  return {
    ...result,
    outcome: 'failed',
    failure: result.failure ?? { ...failure, message },
    result: { ...result.result, failed: true, msg: message },
  };
}

/** What a module's `returns` marks as secret is never shown, whatever later tasks do with it. */
function registerSecrets(task: Task, { result }: CallResult, batch: BatchContext): void {
  for (const [name, field] of Object.entries(task.module.returns.shape)) {
    const value = metaOf(field)?.['secret'] === true ? result[name] : undefined;
    if (typeof value === 'string' && value !== '') batch.play.run.options.redactor.register(value);
  }
}
