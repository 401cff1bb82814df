import type { Diagnostic } from '../../core/diagnostic.ts';
import { closest, didYouMean } from '../../core/suggest.ts';
import type { FreeNames } from '../../expr/api.ts';
import { infer, takesAnything, typesAskedBy } from '../../expr/types/infer.ts';
import { followPath, type Suspect } from '../../expr/types/path.ts';
import type { TypeOfName } from '../../expr/types/type.ts';
import { oneSlipAway } from '../../core/near.ts';
import type { Include, Role, Task } from '../tree.ts';
import { mayBeFact, nearestFact } from './facts.ts';
import { checkGroupUse } from './hosts.ts';
import { loopNames } from './loops.ts';
import { placeOfKey, placeOfRegister } from './name-place.ts';
import { typeNames } from './name-types.ts';
import { reachOf } from './reach.ts';
import { addVariables, type Source, type Sources } from './sources.ts';
import { type Formula, formulasOf, type Moment, type Read, type Use } from './uses.ts';
import { addRole, isOpen, knownNames, sourcesOf, type View } from './world.ts';

/** What a task has of its own: its variables, its role's, its loop's, its result. */
export interface OwnNames {
  /** Its variables and its role's. */
  readonly layers: readonly Sources[];
  /** What its loop sets for each round. */
  readonly loop: Sources;
  /** Names that its conditions ask about; where they are not there, nothing is evaluated. */
  readonly guarded: ReadonlySet<string>;
}

/** Who reads, and the types of the names that it sees outside of its loop. */
export function readerOf(view: View, entry: Task | Include): { readonly reader: Reader; readonly ofName: TypeOfName } {
  const vars: Sources = new Map();
  for (const layer of entry.keywords.vars) addVariables(vars, layer);
  const layers = [vars, roleSources(entry.role)];
  const ofName = typeNames(view, layers);
  const guarded = entry.keywords.when.flatMap((one) => one.names.variables.filter((use) => use.guarded));
  const own = { layers, loop: loopNames(entry, ofName), guarded: new Set(guarded.map((use) => use.name)) };
  return { reader: { view, entry, own }, ofName };
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

/** What is read, and by what. */
export interface Reader {
  readonly view: View;
  readonly entry: Task | Include;
  readonly own: OwnNames;
}

/** Reports names that nothing defines and fields that nothing has, wherever a task reads them. */
export function checkReads(reader: Reader, reads: readonly Read[], self: Sources): void {
  const visited = new Set<FreeNames>();
  const { layers: own, loop } = reader.own;
  const seenAt = (layers: readonly Sources[]) => ({ layers, ofName: typeNames(reader.view, layers) });
  const seen = { before: seenAt(own), after: seenAt([self, loop, ...own]), item: seenAt([loop, ...own]) };
  for (const { formula, moment } of reads) {
    const { layers, ofName } = moment === 'before-loop' ? seen.before : moment === 'after' ? seen.after : seen.item;
    const context: Context = { ...reader, layers, ofName, formula, moment, conditional: false, visited };
    checkNames(context, formula.names, undefined);
    checkTypes(context, formula, undefined);
  }
}

interface Context extends Reader {
  readonly layers: readonly Sources[];
  readonly ofName: TypeOfName;
  /** The whole that is evaluated. */
  readonly formula: Formula;
  /** Only a branch on the way here reads on. */
  readonly conditional: boolean;
  readonly moment: Moment;
  readonly visited: Set<FreeNames>;
}

/** `through`: the use of the variable whose value this is. */
function checkNames(context: Context, names: FreeNames, through: Use | undefined): void {
  if (context.visited.has(names)) return;
  context.visited.add(names);
  for (const use of names.variables) checkUse(context, use, through);
}

function checkUse(context: Context, use: Use, through: Use | undefined): void {
  const { view, layers, own } = context;
  const sources = sourcesOf(view, layers, use.name);
  const isGuarded = use.guarded || own.guarded.has(use.name);
  if (sources.length === 0) {
    if (isOpen(view)) return;
    if (isGuarded) suspectVariable(context, use);
    else undefinedVariable(context, use, through);
    return;
  }
  if (use.name === 'groups' || use.name === 'hostvars') {
    checkGroupUse(view.scope.world, use, isGuarded || severityOf(context, use, false) !== 'error');
  }
  checkPath(context, use, sources, isGuarded);
  if (!isGuarded) checkFact(context, use);
  const [only] = sources;
  if (sources.length === 1 && only?.term !== undefined && !isGuarded) {
    const inner = { ...context, conditional: context.conditional || use.conditional };
    for (const formula of formulasOf(partOf(only.term, use.path))) {
      if (!context.visited.has(formula.names)) checkTypes(inner, formula, use);
      checkNames(inner, formula.names, use);
    }
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

/**
 * An error only where a host comes by for certain, or may come by and a name was misspelt; a warning where hosts may come
 * by; where none does, a warning of what is one slip away from a name, and nothing else.
 */
function severityOf(context: Context, use: Use, isMisspelt: boolean, isSlip = false): 'error' | 'warning' | 'none' {
  const { view, entry, formula, moment } = context;
  const conditional = context.conditional || use.conditional;
  // What an included file reads depends on where its tag stands, which is not looked at.
  const isIncluded = moment === 'included';
  const reach = reachOf(view, entry, isIncluded ? undefined : { formula, name: use.name, conditional });
  if (reach === 'never') return isSlip ? 'warning' : 'none';
  if (moment === 'shown') return 'warning';
  return (reach === 'certain' && !isIncluded) || isMisspelt ? 'error' : 'warning';
}

function undefinedVariable(context: Context, use: Use, through: Use | undefined): void {
  const { report, excused } = context.view.scope.world.loading;
  if (excused.has(use.name)) return;
  const known = knownNames(context.view, context.layers);
  const near = didYouMean(use.name, known);
  const severity = severityOf(context, use, near !== undefined, oneSlipAway(use.name, known) !== undefined);
  if (severity === 'none') return;
  const message = `Nothing defines the variable "${use.name}"`;
  const help = near ?? helpFor(use.name);
  const related = [...relatedTo(through), ...placeOf(context, closest(use.name, known))];
  report[severity]('playbook/undefined-variable', use.at, message, help, related);
}

/** Where the name is set that was probably meant. */
function placeOf(context: Context, name: string | undefined): NonNullable<Diagnostic['related']> {
  const places = name === undefined ? [] : sourcesOf(context.view, context.layers, name);
  const found = places.find((source) => source.at !== undefined);
  if (name === undefined || found?.at === undefined) return [];
  const at = found.term === undefined ? placeOfRegister(name, found.at) : placeOfKey(name, found.at);
  return [{ message: `"${name}" is set here`, at }];
}

/** What is asked for may be missing; that it is nearly the name of something else is worth a word. */
function suspectVariable(context: Context, use: Use): void {
  const { report, excused } = context.view.scope.world.loading;
  const near = excused.has(use.name) ? undefined : oneSlipAway(use.name, knownNames(context.view, context.layers));
  if (near === undefined || severityOf(context, use, false) === 'none') return;
  const message = `Nothing defines the variable "${use.name}", and there is one with nearly the same name`;
  report.warning('playbook/undefined-variable', use.at, message, `Did you mean "${near}"?`, placeOf(context, near));
}

/** A value that may have any field has one with nearly this name. */
function warnOfSuspect(context: Context, use: Use, suspect: Suspect | undefined): void {
  if (suspect === undefined || severityOf(context, use, false) === 'none') return;
  const owner = [use.name, ...use.path.slice(0, suspect.index)].join('.');
  const message = `"${owner}" is not known to have a field "${suspect.key}"`;
  context.view.scope.world.loading.report.warning(
    'playbook/unknown-field',
    use.at,
    message,
    `Did you mean "${suspect.near}"?`,
  );
}

/**
 * What no value of the types at hand can do. Where something with a computed name may have set anything, only fields that
 * filters name are held against what is known.
 */
function checkTypes(context: Context, formula: Formula, through: Use | undefined): void {
  if (takesAnything(formula)) return;
  const { view, entry, ofName } = context;
  for (const problem of infer(formula, ofName).problems) {
    const isOfNames = problem.kind === 'type' && problem.names.size > 0;
    if (isOfNames && isOpen(view)) continue;
    if (reachOf(view, entry, undefined) === 'never') continue;
    const isSure = !(problem.conditional || context.conditional || mayBeAsked(context, problem.names));
    const { report } = view.scope.world.loading;
    const code = problem.kind === 'field' ? 'playbook/unknown-field' : 'playbook/type-mismatch';
    report[isSure ? 'error' : 'warning'](code, problem.at, problem.message, problem.help, relatedTo(through));
  }
}

/** Whether a condition around asks for the type of one of the names, so that a value of another may pass. */
function mayBeAsked({ view, entry }: Context, names: ReadonlySet<string>): boolean {
  const conditions = [...view.includes, entry].flatMap((one) => one.keywords.when);
  return conditions.some((one) => typesAskedBy(one).some((name) => names.has(name)));
}

function helpFor(name: string): string {
  return name.startsWith('ansible_')
    ? 'If it is a fact, gather facts before it is read'
    : 'Define it in vars, defaults, the inventory or with -e, or read it with "| default(...)"';
}

function relatedTo(through: Use | undefined): NonNullable<Diagnostic['related']> {
  return through === undefined ? [] : [{ message: `Read here, through "${through.name}"`, at: through.at }];
}

/** `ansible_facts.hostnam`: of facts only a name that is nearly a known one is known to be wrong. */
function checkFact(context: Context, use: Use): void {
  const [fact] = use.path;
  if (use.name !== 'ansible_facts' || fact === undefined || mayBeFact(fact) || isOpen(context.view)) return;
  const { report } = context.view.scope.world.loading;
  report.error(
    'playbook/unknown-field',
    use.at,
    `Nothing gathers the fact "${fact}"`,
    `Did you mean "${nearestFact(fact)}"?`,
  );
}

function checkPath(context: Context, use: Use, sources: readonly Source[], isGuarded: boolean): void {
  if (use.path.length === 0) return;
  const found = followPath(context.ofName(use.name), use.path);
  if (found.ok) return warnOfSuspect(context, use, found.suspect);
  const { report } = context.view.scope.world.loading;
  // Asking whether a field is there is what guards are for; only of a result is it known that it never will be.
  if (isGuarded && sources.some((source) => source.term !== undefined)) return;
  const severity = isGuarded
    ? 'warning'
    : severityOf(context, use, found.near !== undefined, oneSlipAway(found.key, [found.near ?? ''], 3) !== undefined);
  if (severity === 'none') return;
  const owner = [use.name, ...use.path.slice(0, found.index)].join('.');
  const message = `"${owner}" has no field "${found.key}"`;
  if (severity === 'warning') {
    report.warning('playbook/unknown-field', use.at, message, found.help);
    return;
  }
  const places = sources.flatMap(({ at }) => (at === undefined ? [] : [{ message: `"${use.name}" is set here`, at }]));
  report.error('playbook/unknown-field', use.at, message, found.help, places.slice(0, 3));
}
