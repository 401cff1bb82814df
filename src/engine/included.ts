import type { Failure } from '../core/failure.ts';
import type { Value } from '../core/value.ts';
import type { Environment } from '../expr/api.ts';
import { toText } from '../expr/runtime/text.ts';
import type { IncludedTasks } from '../playbook/load-include.ts';
import type { Include, Role } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term, Variables } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { type Answers, createAnswers, settle } from './ask.ts';
import { holds, type Verdict } from './conditions.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { loopItems } from './loop-items.ts';
import type { Loaded } from './options.ts';
import { loopVariables } from './prepare.ts';
import { templateFailure } from './results.ts';
import { environmentOf, known } from './variables.ts';

/** One file or role to be included for some of the hosts. */
export interface Wanted {
  readonly target: string;
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string | undefined>>;
  readonly include: Include;
  readonly hosts: HostState[];
}

type Want = Omit<Wanted, 'hosts' | 'include'> & { readonly vars: Value | undefined };
type Found =
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Check mode: nobody knows what would be included. */
  | { readonly kind: 'unknown'; readonly note: string }
  /** With why nobody knows whether it would be, in check mode. */
  | { readonly kind: 'wanted'; readonly wanted: readonly Want[]; readonly doubt: string | undefined };

/** What a dynamic include names on one host. */
export async function wantedBy(include: Include, host: HostState, batch: BatchContext): Promise<Found> {
  const answers = createAnswers(answererFor(batch.play, include));
  const setting = { keywords: include.keywords, role: include.role, file: include.file };
  const env = environmentOf(batch, host, setting, answers);
  const { check } = batch.play.run.options;
  const fail = (failure: Failure): Found =>
    failure.reason === 'not-known' && check ? { kind: 'unknown', note: failure.message } : { kind: 'failed', failure };
  let doubt: string | undefined;
  const may = async (one: Environment): Promise<Exclude<Verdict, { kind: 'failed' }> | Found> => {
    const verdict = await holds(include.keywords.when, one, answers);
    if (verdict.kind !== 'failed') return verdict;
    if (!check || verdict.error.reason !== 'unknown') return fail(templateFailure(verdict.error));
    doubt ??= verdict.error.message;
    return { kind: 'true' };
  };
  if (include.loop === undefined) {
    const verdict = await may(env);
    if (verdict.kind === 'false') return { kind: 'skipped', note: verdict.text };
    if (verdict.kind !== 'true') return verdict;
    const one = await want(include, env, answers, undefined);
    return one.kind === 'failed' ? fail(one.failure) : { kind: 'wanted', wanted: [one.want], doubt };
  }
  const items = await loopItems({ loop: include.loop, action: include.action }, env, answers);
  if (!items.ok) return fail(templateFailure(items.error));
  const wanted: Want[] = [];
  for (const [at, value] of items.value.entries()) {
    const extra = loopVariables(include.loop.control, items.value, value, at);
    const itemEnv = environmentOf(batch, host, { ...setting, extra }, answers);
    const verdict = await may(itemEnv);
    if (verdict.kind === 'false') continue;
    if (verdict.kind !== 'true') return verdict;
    const one = await want(include, itemEnv, answers, new Map<Value, Value>(extra));
    if (one.kind === 'failed') return fail(one.failure);
    wanted.push(one.want);
  }
  return wanted.length === 0 ? { kind: 'skipped', note: 'No items left' } : { kind: 'wanted', wanted, doubt };
}

async function want(
  include: Include,
  env: Environment,
  answers: Answers,
  vars: Value | undefined,
): Promise<{ readonly kind: 'want'; readonly want: Want } | { readonly kind: 'failed'; readonly failure: Failure }> {
  const read = async (term: Term | undefined): Promise<string | undefined | Failure> => {
    if (term === undefined) return undefined;
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    return outcome.kind === 'failed' ? templateFailure(outcome.error) : toText(outcome.value);
  };
  const [target, tasks, varsFrom, defaults, handlers] = await Promise.all([
    read(include.target),
    read(include.tasksFrom),
    read(include.varsFrom),
    read(include.defaultsFrom),
    read(include.handlersFrom),
  ]);
  for (const one of [target, tasks, varsFrom, defaults, handlers])
    if (typeof one === 'object') return { kind: 'failed', failure: one };
  const text = (one: typeof target): string | undefined => (typeof one === 'string' ? one : undefined);
  return {
    kind: 'want',
    want: {
      target: text(target) ?? '',
      from: { tasks: text(tasks), vars: text(varsFrom), defaults: text(defaults), handlers: text(handlers) },
      vars,
    },
  };
}

/** The loop's variables become parameters of the include. */
export function withVars(include: Include, vars: Value | undefined): Include {
  if (!(vars instanceof Map)) return include;
  const layer: Variables = new Map(
    [...vars].map(([name, value]) => [String(name), known(value, 'include-param', 'loop')]),
  );
  return { ...include, keywords: { ...include.keywords, vars: [...include.keywords.vars, layer] } };
}

export function loadIncluded(
  one: Pick<Wanted, 'target' | 'from' | 'include'>,
  batch: BatchContext,
): Loaded<IncludedTasks & { readonly role?: Role }> {
  const { load: loader } = batch.play.run.options;
  if (one.include.what === 'role') {
    const { tasks, vars, defaults, handlers } = one.from;
    return loader.role(one.target, one.include, {
      ...(tasks === undefined ? {} : { tasks }),
      ...(vars === undefined ? {} : { vars }),
      ...(defaults === undefined ? {} : { defaults }),
      ...(handlers === undefined ? {} : { handlers }),
    });
  }
  return loader.tasks(one.target, one.include);
}
