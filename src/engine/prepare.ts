import type { Random } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { fromJson, isMapping, type JsonObject, toJson, type Value } from '../core/value.ts';
import { type Environment, OMIT } from '../expr/api.ts';
import { isTruthy } from '../expr/runtime/compare.ts';
import { toText } from '../expr/runtime/text.ts';
import { inputOf, type Need, type NeedTable, type Resolved, type ResolvedInputs } from '../module/need.ts';
import { supportsBackground } from '../playbook/background.ts';
import type { Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term, Variables } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { evaluateArguments } from './arguments.ts';
import { type Answers, createAnswers, settle } from './ask.ts';
import type { Background, Call, Item } from './call.ts';
import { holds } from './conditions.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { resolveNeed } from './inputs.ts';
import { loopItems } from './loop-items.ts';
import { onlyReads } from './pretended.ts';
import { readsItself } from './reads-itself.ts';
import { noItems, refused, templateFailure } from './results.ts';
import { candidates } from './search.ts';
import { environmentOf, known, type Setting } from './variables.ts';

/** What a task comes to on one host, before anything is sent. */
export type Prepared =
  | (Common & { readonly kind: 'skipped'; readonly note: string })
  | (Common & { readonly kind: 'failed'; readonly failure: Failure })
  /** Check mode: it depends on what only the real run will show. */
  | (Common & { readonly kind: 'unknown'; readonly note: string })
  | (Common & {
      readonly kind: 'calls';
      readonly calls: readonly PreparedCall[];
      readonly loop: boolean;
      /** The items after the first, for a loop whose items see what those before them did: `previous` is the last result. */
      readonly further?: (at: number, previous: JsonObject) => Promise<PreparedCall | undefined>;
    });

interface Common {
  readonly ignoreErrors: boolean;
  /** `no_log`. */
  readonly hidden: boolean;
  /** Files of the controller were read for it. */
  readonly inputs: boolean;
}

/** One item may be skipped, or fail, on its own. */
export type PreparedCall =
  | { readonly kind: 'call'; readonly call: Call; readonly inputs: boolean }
  | { readonly kind: 'skipped'; readonly item: Item | undefined; readonly note: string }
  | { readonly kind: 'unknown'; readonly item: Item | undefined; readonly note: string; readonly inputs: boolean }
  | { readonly kind: 'failed'; readonly item: Item | undefined; readonly failure: Failure; readonly inputs: boolean };

/** Evaluates conditions, loop, arguments and inputs of a task on a host. */
export async function prepareTask(task: Task, index: number, host: HostState, batch: BatchContext): Promise<Prepared> {
  const answers = createAnswers(answererFor(batch.play, task));
  const setting: Setting = { keywords: task.keywords, role: task.role, file: task.file };
  const env = environmentOf(batch, host, setting, answers);
  const ignore = await flag(task.keywords.ignoreErrors, env, answers, false);
  const ignoreErrors = ignore.ok && ignore.value;
  const noLog = await flag(task.keywords.noLog, env, answers, false);
  const common = { ignoreErrors, hidden: !noLog.ok || noLog.value, inputs: false };
  const doubt = host.doubt?.because ?? host.perhaps.get(task.id);
  if (doubt !== undefined) {
    const verdict = await holds(task.keywords.when, env, answers);
    return verdict.kind === 'false'
      ? { kind: 'skipped', note: verdict.text, ...common }
      : { kind: 'unknown', note: doubt, ...common };
  }
  if (task.loop === undefined) {
    const one = await prepareCall(task, index, undefined, setting, answers, host, batch, common);
    if (one.kind === 'skipped') return { kind: 'skipped', note: one.note, ...common };
    if (one.kind === 'unknown') return { kind: 'unknown', note: one.note, ...common };
    if (one.kind === 'failed') return { kind: 'failed', failure: one.failure, ...common, inputs: one.inputs };
    return { kind: 'calls', calls: [one], loop: false, ...common, inputs: one.inputs };
  }
  const items = await loopItems({ loop: task.loop, action: task.action }, env, answers);
  if (!items.ok) {
    const verdict = await holds(task.keywords.when, env, answers);
    if (verdict.kind === 'false') return { kind: 'skipped', note: verdict.text, ...common };
    const failure = templateFailure(items.error);
    const check = await flag(task.keywords.checkMode, env, answers, batch.play.run.options.check);
    return failure.reason === 'not-known' && check.ok && check.value
      ? { kind: 'unknown', note: failure.message, ...common }
      : { kind: 'failed', failure, ...common };
  }
  if (items.value.length === 0) return { kind: 'skipped', note: noItems, ...common };
  const { loop } = task;
  const prepareItem = async (at: number, previous?: JsonObject): Promise<PreparedCall | undefined> => {
    const value = items.value[at];
    if (value === undefined) return undefined;
    const variables = loopVariables(loop.control, items.value, value, at);
    const own: Variables =
      previous === undefined || task.register === undefined
        ? new Map()
        : new Map([[task.register, known(fromJson(previous), 'set-fact', 'register')]]);
    const itemSetting: Setting = { ...setting, extra: variables, own };
    const label = await labelOf(loop, value, environmentOf(batch, host, itemSetting, answers), answers);
    const item: Item = { value, index: at, ...label, variables };
    return prepareCall(task, index, item, itemSetting, answers, host, batch, common);
  };
  const calls: PreparedCall[] = [];
  let unknown: Extract<PreparedCall, { kind: 'unknown' }> | undefined;
  const byStep = readsItself(task, batch.play.reads);
  for (const at of byStep ? [0] : items.value.keys()) {
    await batch.play.run.takeTurn();
    const one = await prepareItem(at);
    if (one === undefined) continue;
    calls.push(unknown === undefined || onlyReads(task.module) ? one : { ...unknown, item: itemOf(one) });
    if (one.kind === 'unknown') unknown ??= one;
  }
  const inputs = calls.some((one) => one.kind !== 'skipped' && one.inputs);
  return { kind: 'calls', calls, loop: true, ...common, inputs, ...(byStep ? { further: prepareItem } : {}) };
}

export function itemOf(one: PreparedCall): Item | undefined {
  return one.kind === 'call' ? one.call.item : one.item;
}

async function labelOf(
  { control }: NonNullable<Task['loop']>,
  value: Value,
  env: Environment,
  answers: Answers,
): Promise<Pick<Item, 'label' | 'labelProblem'>> {
  const { label } = control;
  if (label === undefined) return { label: toText(value) };
  const outcome = await settle(() => evaluateTerm(label, env), answers);
  if (outcome.kind === 'value') return { label: toText(outcome.value) };
  return { label: toText(value), labelProblem: outcome.error };
}

/** `item`, `loop_control.index_var`, and `ansible_loop` where it is asked for. */
export function loopVariables(
  control: NonNullable<Task['loop']>['control'],
  items: readonly Value[],
  value: Value,
  at: number,
): ReadonlyMap<string, Value> {
  const extra = new Map<string, Value>([
    [control.loopVar, value],
    ['ansible_loop_var', control.loopVar],
  ]);
  if (control.indexVar !== undefined) {
    extra.set(control.indexVar, BigInt(at));
    extra.set('ansible_index_var', control.indexVar);
  }
  if (control.extended) {
    const length = items.length;
    const loop = new Map<Value, Value>([
      ['index', BigInt(at + 1)],
      ['index0', BigInt(at)],
      ['revindex', BigInt(length - at)],
      ['revindex0', BigInt(length - at - 1)],
      ['first', at === 0],
      ['last', at === length - 1],
      ['length', BigInt(length)],
    ]);
    if (control.allItems) loop.set('allitems', items);
    const previous = items[at - 1];
    const next = items[at + 1];
    if (at > 0 && previous !== undefined) loop.set('previtem', previous);
    if (next !== undefined) loop.set('nextitem', next);
    extra.set('ansible_loop', loop);
  }
  return extra;
}

async function prepareCall(
  task: Task,
  index: number,
  item: Item | undefined,
  setting: Setting,
  answers: Answers,
  host: HostState,
  batch: BatchContext,
  { ignoreErrors, hidden }: Common,
): Promise<PreparedCall> {
  const { run } = batch.play;
  const own = environmentOf(batch, host, setting, answers);
  const check = await flag(task.keywords.checkMode, own, answers, run.options.check);
  const fail = (failure: Failure, reads = false): PreparedCall =>
    failure.reason === 'not-known' && check.ok && check.value
      ? { kind: 'unknown', item, note: failure.message, inputs: reads }
      : { kind: 'failed', item, failure, inputs: reads };
  const verdict = await holds(task.keywords.when, own, answers);
  if (verdict.kind === 'false') return { kind: 'skipped', item, note: verdict.text };
  if (verdict.kind === 'failed') return fail(templateFailure(verdict.error));
  const delegated = await optional(task.keywords.delegateTo, own, answers);
  if (!delegated.ok) return fail(templateFailure(delegated.error));
  const delegate = delegated.value === undefined ? undefined : toText(delegated.value);
  const env = delegate === undefined ? own : environmentOf(batch, host, { ...setting, delegate }, answers);
  const args = await evaluateArguments(task, env, answers, run.options.redactor);
  if (!args.ok) {
    return fail(
      args.error.kind === 'expression' ? templateFailure(args.error.error) : refused(args.error.message, task.at),
    );
  }
  const delegateFacts = await flag(task.keywords.delegateFacts, env, answers, false);
  if (!delegateFacts.ok) return fail(templateFailure(delegateFacts.error));
  const diff = await flag(task.keywords.diff, env, answers, run.options.diff);
  const timeout = await optional(task.keywords.timeout, env, answers);
  const background = await optional(task.async, env, answers);
  const poll = await optional(task.poll, env, answers);
  const environment = await environmentVariables(task, env, answers);
  if (!check.ok) return fail(templateFailure(check.error));
  if (!diff.ok) return fail(templateFailure(diff.error));
  if (!environment.ok) return fail(templateFailure(environment.error));
  if (!timeout.ok) return fail(templateFailure(timeout.error));
  if (!background.ok) return fail(templateFailure(background.error));
  if (!poll.ok) return fail(templateFailure(poll.error));
  const asyncSeconds = secondsOf(background.value);
  if (asyncSeconds > 0 && !supportsBackground(task.module.name)) {
    return fail(
      refused(
        `This action (${task.action}) does not support async.`,
        task.at,
        'The controller has a part in what this module does; take "async" away',
      ),
    );
  }
  const context = {
    host: host.name,
    check: check.value,
    diff: diff.value,
    verbosity: run.options.verbosity,
    now: Math.floor(run.options.clock.now() / 1000),
  };
  const inputs = new Map<string, Resolved>();
  for (const need of task.module.needs?.(args.value.params, context) ?? []) {
    const resolved = await resolveNeed(need, {
      cache: run.inputs,
      env,
      answers,
      readFile: run.options.readFile,
      decrypt: run.options.decrypt,
      onSecret: run.options.redactor.register,
      search: (kind, name) => candidates(batch.play.play, task, kind, name),
    });
    if (!resolved.ok) {
      return fail(
        resolved.error.kind === 'template'
          ? templateFailure(resolved.error.error)
          : refused(resolved.error.message, task.at),
        true,
      );
    }
    inputs.set(JSON.stringify(need), { need, input: resolved.value });
  }
  const limits = [secondsOf(timeout.value), asyncSeconds].filter((one) => one > 0);
  return {
    kind: 'call',
    inputs: inputs.size > 0,
    call: {
      task,
      index,
      ...(item === undefined ? {} : { item }),
      env,
      answers,
      params: args.value.params,
      argumentsHash: args.value.hash,
      inputs: inputsOf(inputs),
      context,
      environment: environment.value,
      ignoreErrors,
      hidden,
      ...(delegate === undefined ? {} : { delegate }),
      delegateFacts: delegateFacts.value,
      ...(asyncSeconds > 0 ? { background: backgroundOf(asyncSeconds, poll.value, run.options.random) } : {}),
      ...(limits.length > 0 ? { timeoutMs: Math.min(...limits) * 1000 } : {}),
    },
  };
}

/** An id in the form of Ansible's, which nothing reads a meaning into. */
function backgroundOf(seconds: number, poll: Value | undefined, random: Random): Background {
  const digits = String(Math.floor(random() * 1e12)).padStart(12, '0');
  return {
    id: `j${digits}.${1 + Math.floor(random() * 4e6)}`,
    seconds,
    awaited: poll === undefined || secondsOf(poll) > 0,
  };
}

function secondsOf(value: Value | undefined): number {
  return value === undefined ? 0 : Number(toJson(value));
}

function inputsOf(resolved: ResolvedInputs): Call['inputs'] {
  return <const N extends Need>(need: N): NeedTable[N['kind']] => {
    const found = inputOf(resolved, need);
    if (found === undefined) throw new Error(`A module read an input that it did not name: ${JSON.stringify(need)}`);
    return found;
  };
}

type Evaluated<T> = Result<T, Extract<Awaited<ReturnType<typeof holds>>, { kind: 'failed' }>['error']>;

/** A keyword that is true or false. */
export async function flag(
  term: Term | undefined,
  env: Environment,
  answers: Answers,
  otherwise: boolean,
): Promise<Evaluated<boolean>> {
  const value = await optional(term, env, answers);
  if (!value.ok) return value;
  return ok(value.value === undefined ? otherwise : isTruthy(lenient(value.value)));
}

/** A keyword's value; absent without the keyword, or with `omit`. */
export async function optional(
  term: Term | undefined,
  env: Environment,
  answers: Answers,
): Promise<Evaluated<Value | undefined>> {
  if (term === undefined) return ok(undefined);
  const outcome = await settle(() => evaluateTerm(term, env), answers);
  if (outcome.kind === 'failed') return err(outcome.error);
  return ok(outcome.value === OMIT ? undefined : outcome.value);
}

/** Templates in keywords give text: `"{{ flag }}"` may come as "no". */
function lenient(value: Value): Value {
  return typeof value === 'string' && ['no', 'false', 'off', '0', ''].includes(value.toLowerCase()) ? false : value;
}

async function environmentVariables(
  task: Task,
  env: Environment,
  answers: Answers,
): Promise<Evaluated<Readonly<Record<string, string>>>> {
  const variables: Record<string, string> = {};
  for (const term of task.keywords.environment) {
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    if (outcome.kind === 'failed') return err(outcome.error);
    const layers = Array.isArray(outcome.value) ? outcome.value : [outcome.value];
    for (const layer of layers) {
      if (!isMapping(layer)) continue;
      for (const [name, value] of layer) if (value !== OMIT) variables[toText(name)] = toText(value);
    }
  }
  return ok(variables);
}
