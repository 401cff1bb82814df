import pLimit from 'p-limit';
import { toText } from '../expr/runtime/text.ts';
import type { Disrupts, Listing } from '../module/define.ts';
import { mayChangeBalancer } from '../module/balancer-files.ts';
import type { Foreseen } from '../module/guard.ts';
import type { Entry, Include, Task } from '../playbook/tree.ts';
import type { CallResult } from './call.ts';
import { executeCalls } from './calls.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import { environmentOf } from './variables.ts';
import type { BatchContext } from './context.ts';
import { doubtHost, raiseDoubt } from './doubt.ts';
import { carryOut } from './effects.ts';
import { handlersOf } from './handler-names.ts';
import { type HostState, newHostState } from './host-state.ts';
import { argumentsIn, type KnownArguments, knownArguments } from './known-arguments.ts';
import { loadIncluded, wantedBy, withVars } from './included.ts';
import { notifiedBy } from './notify.ts';
import { namedBy } from './observing.ts';
import { optional, type PreparedCall, prepareTask } from './prepare.ts';
import { passesOver } from './role-once.ts';
import { selects } from './selection.ts';
import type { Shell } from './shell.ts';
import { createShells, type Shells } from './shells.ts';
import { mayList, mostOf } from './takes.ts';
import { failedCall, skippedCall, taskResult } from './task-result.ts';
import { dependsOn, unknownCall } from './unknown.ts';

/**
 * What the entries would take away on each host, told before anything is changed: every plan is made as in check mode.
 * Where a plan cannot be known ahead (it depends on what a command prints, say), the most that its module may take away
 * counts. What a delegated task takes away counts for the host that it is delegated to.
 */
export async function foresee(
  entries: readonly Entry[],
  hosts: readonly HostState[],
  batch: BatchContext,
): Promise<Foresight> {
  const limit = pLimit(Math.max(1, batch.play.run.options.forks));
  const quiet = quietly(batch);
  const sights = hosts.map(({ name }): Sight => {
    const host = quiet.play.run.host(name);
    return { host, batch: quiet, shells: createShells(host, quiet, async () => undefined), taken: [] };
  });
  await Promise.all(sights.map((sight) => limit(() => look(entries, sight))));
  return new Map(sights.map((sight) => [sight.host.name, sight.taken]));
}

/** By the host whose tasks take something away, here or where they are delegated to. */
export type Foresight = ReadonlyMap<string, readonly Taken[]>;

/** Whether any of the entries, or a handler that they may notify, may load a list into a balancer: what is included when it runs may. */
export function mayLoadLists(entries: readonly Entry[], { play }: BatchContext): boolean {
  return mayLoad([...entries, ...handlersOf(play)]);
}

function mayLoad(entries: readonly Entry[]): boolean {
  return entries.some((entry) => {
    if (entry.kind === 'block') return mayLoad([...entry.entries, ...entry.rescue, ...entry.always]);
    return entry.kind === 'include' || entry.module.lists !== undefined;
  });
}

/** What background tasks of these hosts may still take away when their batch is done; nothing where the roll waits for them. */
export function lingeringOf(names: readonly string[], foresight: Foresight, entries: readonly Entry[]): Foresight {
  if (waitsForJobs(entries)) return new Map();
  return new Map(
    names.flatMap((name) => {
      const left = (foresight.get(name) ?? []).filter((one) => one.lingers === true);
      return left.length === 0 ? [] : [[name, left] as const];
    }),
  );
}

function waitsForJobs(entries: readonly Entry[]): boolean {
  return entries.some((entry) => {
    if (entry.kind === 'block') return waitsForJobs([...entry.entries, ...entry.rescue, ...entry.always]);
    return entry.kind === 'task' && entry.module.name === 'async_status';
  });
}

/** One host, with what it would know and be by then. */
interface Sight {
  /** A copy: nothing that is foreseen is true yet. */
  readonly host: HostState;
  readonly batch: BatchContext;
  readonly shells: Shells;
  readonly taken: Taken[];
}

interface Taken {
  readonly host: string;
  readonly disrupts: readonly Disrupts[];
  /** By a task in the background that nobody waits for: it may still go on when its batch is done. */
  readonly lingers?: true;
  readonly list?: Listing;
}

/** The same play, in check mode and without a word, on copies of its hosts. */
function quietly(batch: BatchContext): BatchContext {
  const { play } = batch;
  const copies = new Map<string, HostState>();
  const host = (name: string): HostState => {
    const copy = copies.get(name) ?? copyOf(play.named.find((one) => one.name === name) ?? newHostState(name));
    copies.set(name, copy);
    return copy;
  };
  const run = { ...play.run, host, options: { ...play.run.options, check: true, emit: () => undefined } };
  return {
    size: batch.size,
    hosts: batch.hosts.map((one) => host(one.name)),
    play: {
      ...play,
      run,
      named: play.named.map((one) => host(one.name)),
      hosts: play.hosts.map((one) => host(one.name)),
      dynamicHandlers: [...play.dynamicHandlers],
      publicRoles: [...play.publicRoles],
      includedRoles: [...play.includedRoles],
    },
  };
}

function copyOf(real: HostState): HostState {
  return {
    ...real,
    facts: new Map(real.facts),
    setFacts: new Map(real.setFacts),
    includeVars: new Map(real.includeVars),
    rolesRun: new Map(real.rolesRun),
    rolesEnded: new Set(real.rolesEnded),
    notified: new Set(real.notified),
    called: new Map(real.called),
    perhaps: new Map(real.perhaps),
    counts: { ...real.counts },
    pretended: [...real.pretended],
  };
}

/** The entries, then what they notify. */
async function look(entries: readonly Entry[], sight: Sight): Promise<void> {
  await lookAt(entries, sight);
  const { host, batch } = sight;
  const ran = new Set<string>();
  for (;;) {
    const isDue = (id: string): boolean => !ran.has(id) && (host.notified.has(id) || host.perhaps.has(id));
    const due = handlersOf(batch.play).find((one) => isDue(one.id));
    if (due === undefined) return;
    ran.add(due.id);
    if (host.notified.has(due.id)) host.perhaps.delete(due.id);
    await (due.kind === 'include' ? lookInto(due, sight) : lookAtTask(due, sight));
  }
}

async function lookAt(entries: readonly Entry[], sight: Sight): Promise<void> {
  for (const entry of entries) {
    if (sight.batch.play.run.options.signal.aborted) return;
    if (entry.kind === 'block') await lookAt([...entry.entries, ...entry.rescue, ...entry.always], sight);
    else if (!selects(sight.batch.play, entry) || passesOver(sight.host, entry.role)) continue;
    else if (entry.kind === 'include') await lookInto(entry, sight);
    else await lookAtTask(entry, sight);
  }
}

/** What a dynamic include brings; where that cannot be known, anything. */
async function lookInto(include: Include, { host, batch, ...sight }: Sight): Promise<void> {
  const found = await wantedBy(include, host, batch);
  if (found.kind === 'skipped') return;
  if (found.kind !== 'wanted') {
    sight.taken.push({ host: host.name, disrupts: include.disrupts ?? ['node'], list: 'unknown' });
    if (found.kind === 'unknown') doubtHost(host, found.note, 'run-end');
    return;
  }
  const before = host.doubt;
  if (found.doubt !== undefined) host.doubt ??= { because: found.doubt, until: 'play-end' };
  for (const one of found.wanted) {
    const loaded = loadIncluded({ ...one, include: withVars(include, one.vars) }, batch);
    if (!loaded.ok) continue;
    batch.play.dynamicHandlers.push(...loaded.value.handlers);
    batch.play.publicRoles.push(...loaded.value.roles);
    await lookAt(loaded.value.entries, { host, batch, ...sight });
  }
  if (host.doubt?.until !== 'run-end') host.doubt = before;
}

async function lookAtTask(written: Task, sight: Sight): Promise<void> {
  // A task that changes something even in check mode must not do so now.
  const { checkMode: _, ...keywords } = written.keywords;
  const task: Task = { ...written, keywords };
  if (task.module.name === 'meta') return;
  const { host, batch } = sight;
  const prepared = await prepareTask(task, 0, host, batch);
  const results: CallResult[] = [];
  if (prepared.kind === 'unknown') raiseDoubt(task, host, prepared.note);
  if (prepared.kind === 'unknown' || prepared.kind === 'failed')
    atMost(task, await knownArguments(task, undefined, host, batch), await delegateOf(task, undefined, sight), sight);
  if (prepared.kind === 'calls')
    for (let at = 0; ; at += 1) {
      const last = results.at(-1)?.result;
      const one = prepared.calls[at] ?? (last === undefined ? undefined : await prepared.further?.(at, last));
      if (one === undefined) break;
      results.push(await lookAtCall(task, one, sight));
    }
  const { term, outcome, result } = taskResult(task, prepared, results);
  if (task.register !== undefined) host.setFacts.set(task.register, { term, level: 'set-fact', origin: 'register' });
  if (outcome === 'ok' || outcome === 'skipped') return;
  for (const { handler } of await notifiedBy(task, result, host, batch, () => undefined)) {
    if (outcome === 'changed') host.notified.add(handler.id);
    else host.perhaps.set(handler.id, dependsOn(task));
  }
}

async function lookAtCall(task: Task, one: PreparedCall, sight: Sight): Promise<CallResult> {
  const { host, batch, shells } = sight;
  if (one.kind === 'skipped') return skippedCall(one.item, one.note);
  if (one.kind !== 'call') {
    const name = await delegateOf(task, one.item?.variables, sight);
    atMost(task, await knownArguments(task, one.item?.variables, host, batch), name, sight);
    if (one.kind === 'failed') return failedCall(one.item, one.failure);
    raiseDoubt(task, host, one.note);
    return unknownCall(one.item, one.note);
  }
  const { call } = one;
  const name = await delegateOf(task, call.item?.variables, sight);
  // To wait for something now, or to ask where nobody answers, tells nothing of what it does then.
  const waits = namedBy(call, new Map()).some((observation) => observation.kind === 'wait');
  const where = await shells.unknown(call);
  const shell = waits || where !== undefined ? undefined : await shells.of(call);
  const next = shell === undefined ? undefined : await executeCalls([call], shell).next();
  if (shell === undefined || next === undefined || next.done === true || next.value.kind === 'lost') {
    atMost(task, argumentsIn(call.params), name, sight);
    return unknownCall(call.item, where ?? dependsOn(task));
  }
  const { result } = next.value;
  // What is refused now may be allowed once the tasks before it are done.
  if (result.takes === undefined) atMost(task, argumentsIn(call.params), name, sight);
  else {
    const { disrupts, list } = result.takes;
    const isLeft = call.background?.awaited === false;
    sight.taken.push({
      host: name,
      disrupts,
      ...(list === undefined ? {} : { list: asLeft(list, shell) }),
      ...(isLeft ? { lingers: true } : {}),
    });
  }
  for (const effect of result.effects)
    if (effect.kind === 'set-facts') await carryOut(effect, { host, factsOf: [host] }, batch, shell);
  return result;
}

/** Nobody can tell what it does: the most that it may take away counts. */
function atMost(task: Task, known: KnownArguments, host: string, { taken }: Sight): void {
  const list = mayList(task, known);
  taken.push({ host, disrupts: mostOf(task, known), ...(list === undefined ? {} : { list }) });
}

/** A service reads a file that a task before it may have changed. */
function asLeft(list: Listing, { pretended }: Shell): Listing {
  return list === 'file' && pretended.some(({ change }) => mayChangeBalancer(change)) ? 'changed-file' : list;
}

/** The host that a task works on: its own, or the one it is delegated to. A name that nobody can tell is no host's: guards refuse it. */
async function delegateOf(
  task: Task,
  extra: Parameters<typeof knownArguments>[1],
  { host, batch }: Sight,
): Promise<string> {
  const { keywords, role } = task;
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, { keywords, role, ...(extra === undefined ? {} : { extra }) }, answers);
  const delegate = await optional(keywords.delegateTo, env, answers);
  if (!delegate.ok) return 'a host that cannot be told ahead';
  return delegate.value === undefined ? host.name : toText(delegate.value);
}

/** What some hosts take away together. */
export function takenBy(names: readonly string[], foresight: Foresight): ReadonlyMap<string, Foreseen> {
  const taken = names.flatMap((name) => foresight.get(name) ?? []);
  const byHost = new Map<string, { readonly disrupts: Set<Disrupts>; readonly lists: Listing[] }>();
  for (const { host, disrupts, list } of taken) {
    const one = byHost.get(host) ?? { disrupts: new Set<Disrupts>(), lists: [] };
    for (const what of disrupts) if (what !== 'nothing') one.disrupts.add(what);
    if (list !== undefined) one.lists.push(list);
    byHost.set(host, one);
  }
  return byHost;
}
