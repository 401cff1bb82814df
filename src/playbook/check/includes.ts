import type { Diagnostic } from '../../core/diagnostic.ts';
import { type IncludedTasks, tasksOf } from '../load-include.ts';
import { createLoading } from '../loading.ts';
import type { Include } from '../tree.ts';
import { possibleFiles } from './computed-files.ts';
import { define } from './definitions.ts';
import { addHandlers } from './handlers.ts';
import { type Inside, outside } from './inside.ts';
import { checkLoop } from './loops.ts';
import { asReached } from './only-if.ts';
import { addSource, anything } from './sources.ts';
import { literalTargets } from './targets.ts';
import { readsOfInclude } from './uses.ts';
import { checkReads, readerOf } from './variables.ts';
import { type Brought, contentsOf, createExpander, type Expander, tasksBelow, walk } from './walk.ts';
import { addRole, type PlayScope, type View } from './world.ts';

/** Checks an include and makes known what it brings; says what its contents are inside of. */
export function enterInclude(
  scope: PlayScope,
  expander: Expander,
  include: Include,
  inside: Inside,
  brought: readonly Brought[] | undefined,
): Inside {
  const { world } = scope;
  const contents = contentsOf(brought);
  const view: View = { scope, ...inside };
  const { reader, ofName } = readerOf(view, include);
  checkReads(reader, readsOfInclude(include), new Map());
  checkLoop(world.loading, include, ofName);
  if (include.register !== undefined) addSource(world.global, include.register, anything);
  const { report } = world.loading;
  for (const { target, found } of brought ?? [])
    report.add(asReached(view, include, found, target.chosenBy !== undefined));
  const inner: Inside = {
    ...inside,
    locals: new Map([...inside.locals, ...reader.own.loop]),
    includes: [...inside.includes, include],
  };
  // Nobody else goes through these.
  const met = (one: Include, more: readonly Brought[]): void =>
    more.forEach(({ found }) => report.add(asReached({ scope, ...inner }, one, found)));
  if (contents === undefined) definePossible(scope, include);
  for (const one of contents ?? []) {
    for (const role of one.roles) addRole(scope.sources, role);
    if ('role' in one && include.public) addRole(scope.sources, one.role);
    addHandlers(scope.handlers, one.handlers);
    for (const handler of tasksBelow(one.handlers, expander, met)) define(scope, handler);
    // In a loop the second round sees what the first has set.
    if (include.loop !== undefined) for (const task of tasksBelow(one.entries, expander)) define(scope, task);
  }
  return inner;
}

/** What an include of a computed name may bring: all that the files define that it may stand for, or anything. */
function definePossible(scope: PlayScope, include: Include): void {
  const { world } = scope;
  const possible = possibleContents(scope, include);
  if (possible === undefined) {
    world.open = true;
    scope.handlers.open = true;
    return;
  }
  const { report } = world.loading;
  const enter = (_inner: Include, inside: Inside, brought: readonly Brought[] | undefined): Inside => {
    if (contentsOf(brought) === undefined) world.open = true;
    for (const { found } of brought ?? []) report.add(found.map(asWarning));
    return inside;
  };
  const visitor = {
    task: (task: Parameters<typeof define>[1]) => define(scope, task),
    targets: literalTargets,
    include: enter,
  };
  for (const { entries, roles, handlers } of possible.contents) {
    for (const role of roles) addRole(scope.sources, role);
    addHandlers(scope.handlers, handlers);
    walk(entries, visitor, possible.expander, outside);
  }
}

/** Each file that a computed name may stand for. These may never run, so that what is wrong in them is only a warning. */
function possibleContents(
  scope: PlayScope,
  include: Include,
): { readonly contents: readonly IncludedTasks[]; readonly expander: Expander } | undefined {
  if (include.what === 'role') return undefined;
  const { loading } = scope.world;
  const from = { file: include.file, role: include.role, baseDir: scope.play.baseDir };
  const paths = possibleFiles(loading, from, 'included', include.target, include.loop)?.filter(
    (path) => path !== include.file,
  );
  const scratch = createLoading(loading.options);
  const contents = paths?.map((path) => tasksOf(scratch, path, include));
  const found = contents?.flatMap((one) => one ?? []);
  loading.report.add(scratch.report.all().map(asWarning));
  return found === undefined || found.length !== contents?.length
    ? undefined
    : { contents: found, expander: createExpander(scratch) };
}

function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' };
}
