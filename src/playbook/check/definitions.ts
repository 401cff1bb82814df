import type { Location } from '../../core/source.ts';
import { isLocalhost } from '../../inventory/address.ts';
import type { Term } from '../../vars/term.ts';
import { createLoading, type Loading } from '../loading.ts';
import { findFile, similarFile } from '../search.ts';
import { literalOfTerm } from '../text.ts';
import type { Task } from '../tree.ts';
import { readVariablesFile } from '../variables.ts';
import { possibleFiles } from './computed-files.ts';
import { possibleTexts } from './literal-arguments.ts';
import { attemptType, resultType } from './result-type.ts';
import { addSource, addVariables, anything, everyLayer, type Sources } from './sources.ts';
import type { Type } from '../../expr/types/type.ts';
import { typeOfTerm } from './type.ts';
import type { PlayScope, World } from './world.ts';

const results = new WeakMap<Location, Type>();

/** The same for a task that many plays use, so that what it registers is one possibility and not as many. */
function resultOf(task: Task): Type {
  const type = results.get(task.at) ?? resultType(task);
  results.set(task.at, type);
  return type;
}

/** What a task sets for those after it. */
export function define(scope: PlayScope, task: Task): void {
  const { world } = scope;
  const { global } = world;
  world.writesHere ||= mayWriteHere(scope, task);
  if (task.register !== undefined) addSource(global, task.register, { type: resultOf(task), at: task.at });
  switch (task.module.name) {
    case 'set_fact':
      return setFacts(world, task);
    case 'include_vars':
      return includeVars(scope, task);
    case 'add_host':
      return addHost(world, task);
    case 'group_by':
      return groupBy(world, task);
    case 'setup':
    case 'gather_facts':
      world.facts = true;
      return;
    case 'service_facts':
      return addSource(global, 'services', anything);
    case 'package_facts':
      return addSource(global, 'packages', anything);
    case 'meta':
      if (argument(task, task.module.freeForm ?? '') === 'refresh_inventory') {
        world.open = true;
        world.openGroups = true;
      }
      return;
    default:
      if ('ansible_facts' in task.module.returns.shape) world.open = true;
  }
}

/** Fetches a file, or runs where files of the controller may be written. */
function mayWriteHere(scope: PlayScope, task: Task): boolean {
  if (task.module.name === 'fetch') return true;
  const { delegateTo, connection } = task.keywords;
  const isHere = (term: Term): boolean => isLocalhost(literalOfTerm(term) ?? 'localhost');
  if (delegateTo !== undefined) return isHere(delegateTo);
  if (connection !== undefined && literalOfTerm(connection) !== 'local') return false;
  const { hosts } = scope.play;
  return connection !== undefined || (hosts.kind === 'list' ? hosts.items : [hosts]).some(isHere);
}

/** The result of a task while its own `until`, `changed_when` and `failed_when` are asked. */
export function ownResult(task: Task): Sources {
  if (task.register === undefined) return new Map();
  return new Map([[task.register, [{ type: attemptType(task), at: task.at }]]]);
}

function argument(task: Task, name: string): string | undefined {
  return task.args.kind === 'mapping' ? literalOfTerm(task.args.entries.get(name)) : undefined;
}

function setFacts(world: World, task: Task): void {
  for (const [name, term] of argumentsOf(task)) {
    if (name === undefined) world.open = true;
    else if (name !== 'cacheable') addSource(world.global, name, { type: typeOfTerm(term), at: term.at });
  }
}

/** Names and values; a name that is only known when the task runs is `undefined`. */
function argumentsOf({ args }: Task): readonly (readonly [string | undefined, Term])[] {
  if (args.kind === 'mapping') return [...args.entries];
  const { term } = args;
  if (term.kind !== 'mapping') return [[undefined, term]];
  return term.entries.map(({ key, value }) => [literalOfTerm(key), value]);
}

/** A file that is named is read, of a computed name all that it may stand for; a folder may define anything. */
function includeVars({ world, play }: PlayScope, task: Task): void {
  const { loading } = world;
  const args = task.args.kind === 'mapping' ? task.args.entries : new Map<string, Term>();
  const into = args.get('name');
  if (into !== undefined) {
    const name = literalOfTerm(into);
    if (name === undefined) world.open = true;
    else addSource(world.global, name, anything);
    return;
  }
  const from = { file: task.file, role: task.role, baseDir: play.baseDir };
  const term = args.get('file');
  const literal = term === undefined ? undefined : possibleTexts(term, task.loop);
  for (const name of literal ?? []) {
    const path = findFile(loading.options, from, 'vars', name);
    const meant = path ?? similarFile(loading.options, from, 'vars', name);
    if (path !== undefined) addVariables(world.global, readVariablesFile(loading, path, 'include-vars', path));
    else if (meant !== undefined) addFile(loading, world.global, meant);
    else world.open = true;
  }
  if (literal !== undefined) return;
  const paths = term === undefined ? undefined : possibleFiles(loading, from, 'vars', term, task.loop);
  if (paths === undefined) world.open = true;
  for (const path of paths ?? []) addFile(loading, world.global, path);
}

/** The variables of a file that may never be read: what is wrong in it is said by whoever reads it. */
function addFile(loading: Loading, sources: Sources, path: string): void {
  const scratch = createLoading(loading.options);
  addVariables(sources, readVariablesFile(scratch, path, 'include-vars', path));
}

/** Hosts that come into groups have their variables from here on. */
function openInventory(world: World): void {
  const { inventory } = world.loading.options;
  for (const layer of inventory === undefined ? [] : everyLayer(inventory)) addVariables(world.global, layer);
}

function addHost(world: World, task: Task): void {
  openInventory(world);
  for (const [name, term] of argumentsOf(task)) {
    if (name === undefined) {
      world.open = true;
      world.openGroups = true;
    } else if (['name', 'groups', 'group', 'groupname', 'hostname', 'host'].includes(name)) addNames(world, term);
    else addSource(world.global, name, anything);
  }
}

function groupBy(world: World, task: Task): void {
  openInventory(world);
  if (task.args.kind === 'dynamic') world.openGroups = true;
  else for (const name of ['key', 'parents']) addNames(world, task.args.entries.get(name));
}

/** Hosts and groups that a later play may name. */
function addNames(world: World, term: Term | undefined): void {
  if (term === undefined) return;
  if (term.kind === 'list') return term.items.forEach((item) => addNames(world, item));
  const text = literalOfTerm(term);
  if (text === undefined) world.openGroups = true;
  else for (const name of text.split(',')) world.addedGroups.add(name.trim());
}

/** What the vars_files of a play define: of alternatives all of them, since which are there may change. */
export function defineVarsFiles(scope: PlayScope): void {
  const { world, play, sources } = scope;
  const { loading } = world;
  const from = { file: play.at.source.path, role: undefined, baseDir: play.baseDir };
  for (const { candidates } of play.varsFiles) {
    const names = candidates.map(literalOfTerm);
    const literal = names.flatMap((name) =>
      name === undefined ? [] : [findFile(loading.options, from, 'vars', name)],
    );
    for (const path of literal) {
      if (path !== undefined) addVariables(sources, readVariablesFile(loading, path, 'vars-file', path));
    }
    const computed = candidates.filter((_, index) => names[index] === undefined);
    for (const candidate of computed) {
      const paths = possibleFiles(loading, from, 'vars', candidate);
      if (paths === undefined) scope.open = true;
      for (const path of paths ?? []) addFile(loading, sources, path);
    }
    // None is there, which was reported: the one that was meant defines what the author counts on.
    if (computed.length === 0 && literal.every((path) => path === undefined)) {
      const meant = similarFile(loading.options, from, 'vars', names[0] ?? '');
      if (meant === undefined) scope.open = true;
      else addFile(loading, sources, meant);
    }
  }
}
