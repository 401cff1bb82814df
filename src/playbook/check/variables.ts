import type { Location } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { FreeNames } from '../../expr/api.ts';
import type { Include, Role, Task } from '../tree.ts';
import { checkGroupUse } from './hosts.ts';
import { addVariables, type Source, type Sources } from './sources.ts';
import { unionOf } from './type.ts';
import { followPath } from './type-path.ts';
import { namesOf, type Read, type Use } from './uses.ts';
import { addRole, isOpen, knownNames, sourcesOf, type View } from './world.ts';

/** What a task has of its own: its variables, its role's, its loop's, its result. */
export interface OwnNames {
  readonly layers: readonly Sources[];
  /** Names that its conditions ask about; where they are not there, nothing is evaluated. */
  readonly guarded: ReadonlySet<string>;
}

export function ownNames(entry: Task | Include, loopNames: Sources): OwnNames {
  const vars: Sources = new Map();
  for (const layer of entry.keywords.vars) addVariables(vars, layer);
  const role = roleSources(entry.role);
  const guarded = entry.keywords.when.flatMap((one) => one.names.variables.filter((use) => use.guarded));
  return { layers: [vars, loopNames, role], guarded: new Set(guarded.map((use) => use.name)) };
}

const byRole = new WeakMap<Role, Sources>();

function roleSources(role: Role | undefined): Sources {
  if (role === undefined) return new Map();
  const known = byRole.get(role);
  if (known !== undefined) return known;
  const sources: Sources = new Map();
  addRole(sources, role);
  byRole.set(role, sources);
  return sources;
}

/** Reports names that nothing defines and fields that nothing has, wherever a task reads them. */
export function checkReads(view: View, own: OwnNames, reads: readonly Read[], self: Sources): void {
  const visited = new Set<FreeNames>();
  for (const { names, moment } of reads) {
    const layers = moment === 'after' ? [self, ...own.layers] : own.layers;
    const context: Context = { view, layers, guarded: own.guarded, shown: moment === 'shown', visited };
    checkNames(context, names, undefined);
  }
}

interface Context {
  readonly view: View;
  readonly layers: readonly Sources[];
  readonly guarded: ReadonlySet<string>;
  readonly shown: boolean;
  readonly visited: Set<FreeNames>;
}

/** `through`: the use of the variable whose value this is. */
function checkNames(context: Context, names: FreeNames, through: Use | undefined): void {
  if (context.visited.has(names)) return;
  context.visited.add(names);
  for (const use of names.variables) checkUse(context, use, through);
}

function checkUse(context: Context, use: Use, through: Use | undefined): void {
  const { view, layers } = context;
  const sources = sourcesOf(view, layers, use.name);
  const isGuarded = use.guarded || context.guarded.has(use.name);
  if (sources.length === 0) {
    if (!isGuarded && !isOpen(view)) undefinedVariable(context, use, through);
    return;
  }
  checkGroupUse(view.scope.world, use, isGuarded);
  checkPath(context, use, sources, isGuarded);
  const [only] = sources;
  if (sources.length === 1 && only?.term !== undefined && !isGuarded) {
    for (const names of namesOf(partOf(only.term, use.path))) checkNames(context, names, use);
  }
}

/** The part of a term that a path reads, as far as it is literal: its siblings are not evaluated. */
function partOf(term: Source['term'], path: readonly string[]): Source['term'] {
  const [key, ...rest] = path;
  if (key === undefined || term === undefined) return term;
  if (term.kind === 'mapping') {
    const entry = term.entries.find((one) => one.key.kind === 'constant' && one.key.value === key);
    return entry === undefined ? undefined : partOf(entry.value, rest);
  }
  if (term.kind === 'list') return /^\d+$/.test(key) ? partOf(term.items[Number(key)], rest) : undefined;
  return term;
}

function undefinedVariable(context: Context, use: Use, through: Use | undefined): void {
  const { report, excused } = context.view.scope.world.loading;
  if (excused.has(use.name)) return;
  const help = didYouMean(use.name, knownNames(context.view, context.layers)) ?? helpFor(use.name);
  const message = `Nothing defines the variable "${use.name}"`;
  if (context.shown) report.warning('playbook/undefined-variable', use.at, message, help);
  else report.error('playbook/undefined-variable', use.at, message, help, relatedTo(through));
}

function helpFor(name: string): string {
  return name.startsWith('ansible_')
    ? 'If it is a fact, gather facts before it is read'
    : 'Define it in vars, defaults, the inventory or with -e, or read it with "| default(...)"';
}

function relatedTo(
  through: Use | undefined,
): readonly { readonly message: string; readonly at: Location }[] | undefined {
  return through === undefined ? undefined : [{ message: `Read here, through "${through.name}"`, at: through.at }];
}

function checkPath(context: Context, use: Use, sources: readonly Source[], isGuarded: boolean): void {
  if (use.path.length === 0) return;
  const found = followPath(unionOf(sources.map((source) => source.type)), use.path);
  if (found.ok) return;
  const { report } = context.view.scope.world.loading;
  const owner = [use.name, ...use.path.slice(0, found.index)].join('.');
  const places = sources.flatMap((source) =>
    source.at === undefined ? [] : [{ message: `"${use.name}" is set here`, at: source.at }],
  );
  const message = `"${owner}" has no field "${found.key}"`;
  if (isGuarded || context.shown) {
    // Asking whether a field is there is what guards are for; only of a result is it known that it never will be.
    if (sources.every((source) => source.term === undefined))
      report.warning('playbook/unknown-field', use.at, message, found.help);
    return;
  }
  report.error('playbook/unknown-field', use.at, message, found.help, places.slice(0, 3));
}
