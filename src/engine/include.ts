import { existsSync } from 'node:fs';
import { formatDiagnostics } from '../core/diagnostic-text.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject, Value } from '../core/value.ts';
import { toJson } from '../core/value.ts';
import type { Environment } from '../expr/api.ts';
import { toText } from '../expr/runtime/text.ts';
import type { IncludedTasks } from '../playbook/load-include.ts';
import type { Include, Role } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term, Variables } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { type Answers, createAnswers, settle } from './ask.ts';
import { holds, type Verdict } from './conditions.ts';
import type { BatchContext, Inside, RunEntries } from './context.ts';
import { doubtHost } from './doubt.ts';
import type { Doubt, HostState } from './host-state.ts';
import { loopItems } from './loop-items.ts';
import type { Loaded } from './options.ts';
import { loopVariables } from './prepare.ts';
import { refused, templateFailure } from './results.ts';
import { noteRoles } from './role-once.ts';
import { candidates } from './search.ts';
import { reportFailure, reportIncluded, reportSkipped, reportUnknown, startTask } from './telling.ts';
import { environmentOf, known } from './variables.ts';

/** One file or role to be included for some of the hosts. */
interface Wanted {
  readonly target: string;
  readonly from: Readonly<Record<'tasks' | 'vars' | 'defaults' | 'handlers', string | undefined>>;
  readonly include: Include;
  readonly hosts: HostState[];
}

/** Evaluates a dynamic include on each host, then runs each distinct thing that was asked for on the hosts that asked for it. */
export async function runInclude(
  include: Include,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  runEntries: RunEntries,
): Promise<void> {
  const taskId = batch.play.run.nextId('task');
  startTask(include, taskId, 'include', include.what === 'role' ? 'include_role' : 'include_tasks', batch, hosts[0]);
  const wanted = new Map<string, Wanted>();
  const doubts = new Map<HostState, Doubt>();
  for (const host of hosts) {
    const found = await wantedBy(include, host, batch);
    if (found.kind === 'unknown') {
      doubtHost(host, found.note, 'run-end');
      reportUnknown(batch, taskId, host, found.note);
      continue;
    }
    if (found.kind === 'skipped') {
      reportSkipped(batch, taskId, host, found.note);
      continue;
    }
    if (found.kind === 'failed') {
      reportFailure(batch, taskId, include, host, found.failure, inside);
      continue;
    }
    for (const one of found.wanted) {
      const key = JSON.stringify([one.target, one.from, one.vars === undefined ? null : toJson(one.vars)]);
      const before = wanted.get(key);
      if (before !== undefined) before.hosts.push(host);
      else wanted.set(key, { target: one.target, from: one.from, include: withVars(include, one.vars), hosts: [host] });
    }
    const result: JsonObject = { changed: false, include: found.wanted.map((one) => one.target) };
    if (found.doubt === undefined) reportIncluded(batch, taskId, host, result);
    else {
      doubts.set(host, { because: found.doubt, until: 'play-end' });
      reportUnknown(batch, taskId, host, found.doubt);
    }
  }
  const brought = [...wanted.values()].flatMap((one) => {
    const loaded = load(one, batch);
    if (loaded.ok) {
      // Ansible counts each file or role that was included, not the task.
      for (const host of one.hosts) if (!doubts.has(host)) host.counts.ok += 1;
      return [{ ...loaded.value, hosts: one.hosts }];
    }
    const message = `Cannot include "${one.target}":\n${formatDiagnostics(loaded.diagnostics, 'text', { color: false })}`;
    for (const host of one.hosts) reportFailure(batch, taskId, include, host, refused(message, include.at), inside);
    return [];
  });
  for (const { entries, handlers, roles, role, hosts: some } of brought) {
    batch.play.dynamicHandlers.push(...handlers);
    noteRoles(batch.play.roleUses, entries);
    if (role !== undefined) batch.play.includedRoles.push(role);
    batch.play.publicRoles.push(...roles, ...(role !== undefined && include.public ? [role] : []));
    const included = some.filter((host) => host.stopped === undefined);
    for (const host of included) host.doubt ??= doubts.get(host);
    await runEntries(entries, included, batch, inside);
    for (const host of included) if (host.doubt === doubts.get(host)) host.doubt = undefined;
  }
}

type Want = Omit<Wanted, 'hosts' | 'include'> & { readonly vars: Value | undefined };
type Found =
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Check mode: nobody knows what would be included. */
  | { readonly kind: 'unknown'; readonly note: string }
  /** With why nobody knows whether it would be, in check mode. */
  | { readonly kind: 'wanted'; readonly wanted: readonly Want[]; readonly doubt: string | undefined };

async function wantedBy(include: Include, host: HostState, batch: BatchContext): Promise<Found> {
  const answers = createAnswers(answererFor(batch.play, include));
  const setting = { keywords: include.keywords, role: include.role };
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
  const items = await loopItems(include.loop, env, answers);
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
function withVars(include: Include, vars: Value | undefined): Include {
  if (!(vars instanceof Map)) return include;
  const layer: Variables = new Map(
    [...vars].map(([name, value]) => [String(name), known(value, 'include-param', 'loop')]),
  );
  return { ...include, keywords: { ...include.keywords, vars: [...include.keywords.vars, layer] } };
}

function load(one: Wanted, batch: BatchContext): Loaded<IncludedTasks & { readonly role?: Role }> {
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
  const paths = candidates(batch.play.play, one.include, 'tasks', one.target);
  return loader.tasks(paths.find((path) => existsSync(path)) ?? paths[0] ?? one.target, one.include);
}
