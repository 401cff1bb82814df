import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { isList } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import { orderHosts } from '../inventory/order.ts';
import { matchHosts } from '../inventory/patterns.ts';
import type { Entry, Play } from '../playbook/tree.ts';
import type { Variables } from '../vars/term.ts';
import type { BatchContext, PlayContext, PlayEvaluator, RunContext } from './context.ts';
import { definitionsOf } from './definitions.ts';
import { loadPlayFiles, loadPrompts, loadVarsFiles } from './file-vars.ts';
import { gatherTask } from './gather.ts';
import { type HostState, isActive } from './host-state.ts';
import { templateFileNames } from './inputs.ts';
import { playEvaluator } from './play-evaluator.ts';
import { playSettings } from './play-settings.ts';
import { createReads } from './reads.ts';
import { noteRoles } from './role-once.ts';
import { candidates } from './search.ts';

/** A play that has its hosts and their variables; nothing of it has run. */
export interface OpenPlay {
  readonly context: PlayContext;
  /** All hosts that it names, in its order. */
  readonly ordered: readonly HostState[];
  readonly evaluate: PlayEvaluator;
}

/** Finds the hosts of a play and reads what it names: prompts and files of variables. Undefined where no host is left. */
export async function openPlay(run: RunContext, play: Play): Promise<Result<OpenPlay | undefined, Failure>> {
  const { options } = run;
  const { clock, emit } = options;
  const alone = playEvaluator(run, play, []);
  const prompts = await loadPrompts(play, options, alone);
  if (!prompts.ok) return prompts;
  const answered = playEvaluator(run, play, prompts.value);
  const bare = playEvaluator(run, play, [...prompts.value, ...(await loadPlayFiles(play, options, answered))]);
  const name = play.name === undefined ? undefined : await bare(play.name);
  const pattern = await bare(play.hosts);
  if (!pattern.ok) return pattern;
  const patterns = isList(pattern.value) ? pattern.value.map(toText) : [toText(pattern.value)];
  const text = patterns.join(',');
  const matched = matchHosts(patterns, run.inventory);
  const title = name?.ok === true ? toText(name.value) : text;
  for (const one of matched.diagnostics)
    emit({ type: 'warning', at: clock.now(), message: one.message, place: play.at });
  const allowed = matched.hosts.filter((host) => options.limit === undefined || options.limit.has(host));
  const settings = await playSettings(play, bare);
  if (!settings.ok) return settings;
  const ordered = orderHosts(allowed, settings.value.order, options.random).map(run.host);
  for (const host of ordered) {
    if (host.stopped?.kind === 'ended') host.stopped = undefined;
    if (host.doubt?.until === 'play-end') host.doubt = undefined;
  }
  const hosts = ordered.filter(isActive);
  const named = allowed.map(run.host);
  if (hosts.length === 0) {
    emit({
      type: 'play-skipped',
      at: clock.now(),
      name: title,
      reason: ordered.length === 0 ? 'no-hosts-matched' : 'no-hosts-left',
      place: play.at,
    });
    return ok(undefined);
  }
  const playId = run.nextId('play');
  emit({
    type: 'play-start',
    at: clock.now(),
    playId,
    name: title,
    hosts: hosts.map((host) => host.name),
    place: play.at,
  });
  const fileVars = new Map<string, readonly Variables[]>(hosts.map((host) => [host.name, prompts.value]));
  const templateNames: Parameters<typeof createReads>[1] = (task) => {
    const src = task.args.kind === 'mapping' ? task.args.entries.get('src') : undefined;
    // With delimiters of its own the file reads other names than those that are found here.
    const isPlain =
      task.args.kind === 'mapping' && ![...task.args.entries.keys()].some((name) => name.endsWith('_string'));
    return src?.kind === 'constant' && isPlain
      ? templateFileNames(run.inputs, candidates(play, task, 'templates', toText(src.value)))
      : undefined;
  };
  const context: PlayContext = {
    run,
    play,
    playId,
    name: title,
    settings: settings.value,
    named,
    added: [],
    hosts,
    fileVars,
    reads: createReads(definitionsOf(run, play, fileVars), templateNames),
    dynamicHandlers: [],
    publicRoles: [],
    roleUses: new Map(),
    includedRoles: [],
  };
  for (const section of play.sections) noteRoles(context.roleUses, section.entries);
  for (const host of hosts) host.rolesRun.clear();
  for (const host of hosts) {
    const batch: BatchContext = { play: context, hosts, size: named.length };
    const loaded = await loadVarsFiles(host, batch);
    if (!loaded.ok) return loaded;
    fileVars.set(host.name, [...prompts.value, ...loaded.value]);
  }
  return ok({ context, ordered, evaluate: bare });
}

/** What runs before handlers are flushed, each time. */
export function partsOf(context: PlayContext): readonly (readonly Entry[])[] {
  const { play } = context;
  const of = (kind: string): readonly Entry[] =>
    play.sections.filter((one) => one.kind === kind).flatMap((one) => one.entries);
  const gather = gatherTask(context);
  const before = [...(gather === undefined ? [] : [gather]), ...of('pre_tasks')];
  const main = [...of('roles'), ...of('tasks')];
  const hasPreTasks = of('pre_tasks').length > 0;
  return hasPreTasks ? [before, main, of('post_tasks')] : [[...before, ...main], of('post_tasks')];
}
