import type { Term } from '../../vars/term.ts';
import { findFile } from '../search.ts';
import { literalOfTerm } from '../text.ts';
import type { Include, Task } from '../tree.ts';
import { readVariablesFile } from '../variables.ts';
import { attemptType, resultType } from './result-type.ts';
import { addSource, addVariables, anything, type Sources } from './sources.ts';
import { typeOfTerm } from './type.ts';
import type { World } from './world.ts';

/** What a task sets for those after it. */
export function define(world: World, task: Task): void {
  const { global } = world;
  if (task.register !== undefined) addSource(global, task.register, { type: resultType(task), at: task.at });
  switch (task.module.name) {
    case 'set_fact':
      return setFacts(world, task);
    case 'include_vars':
      return includeVars(world, task);
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
      if (argument(task, 'free_form') === 'refresh_inventory') world.open = true;
      return;
    default:
      if ('ansible_facts' in task.module.returns.shape) world.open = true;
  }
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
  if (task.args.kind === 'dynamic') {
    world.open = true;
    return;
  }
  for (const [name, term] of task.args.entries) {
    if (name === 'cacheable') continue;
    if (/\{\{|\{%/.test(name)) world.open = true;
    else addSource(world.global, name, { type: typeOfTerm(term), at: term.at });
  }
}

/** A file that is named is read; a folder, or a name that is computed, may define anything. */
function includeVars(world: World, task: Task): void {
  const into = task.args.kind === 'mapping' ? task.args.entries.get('name') : undefined;
  if (into !== undefined) {
    const name = literalOfTerm(into);
    if (name === undefined) world.open = true;
    else addSource(world.global, name, anything);
    return;
  }
  const file = argument(task, 'file');
  const path = file === undefined ? undefined : findFile(world.loading.options, fromOf(task), 'vars', file);
  if (path === undefined) world.open = true;
  else addVariables(world.global, readVariablesFile(world.loading, path, 'include-vars', path));
}

function fromOf(task: Task) {
  return { file: task.file, role: task.role, baseDir: task.role?.path ?? '.' };
}

function addHost(world: World, task: Task): void {
  if (task.args.kind === 'dynamic') {
    world.open = true;
    world.openGroups = true;
    return;
  }
  for (const [name, term] of task.args.entries) {
    if (['name', 'groups', 'group', 'groupname', 'hostname', 'host'].includes(name)) addNames(world, term);
    else if (/\{\{|\{%/.test(name)) world.open = true;
    else addSource(world.global, name, anything);
  }
}

function groupBy(world: World, task: Task): void {
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

/** What a loop adds to what its task or include sees. */
export function loopNames(entry: Task | Include, itemOf: (entry: Task | Include) => Sources): Sources {
  const { loop } = entry;
  if (loop === undefined) return new Map();
  const names: Sources = new Map(itemOf(entry));
  if (!names.has(loop.control.loopVar)) names.set(loop.control.loopVar, [anything]);
  names.set('ansible_loop_var', [anything]);
  if (loop.control.indexVar !== undefined) {
    names.set(loop.control.indexVar, [{ type: { kind: 'integer' } }]);
    names.set('ansible_index_var', [anything]);
  }
  if (loop.control.extended) names.set('ansible_loop', [anything]);
  return names;
}
