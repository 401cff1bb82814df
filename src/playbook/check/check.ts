import type { Loading } from '../loading.ts';
import type { Play, Playbook, Task } from '../tree.ts';
import { checkConditions } from './conditions.ts';
import { define, defineVarsFiles, ownResult } from './definitions.ts';
import { checkFiles } from './files.ts';
import { addHandlers, checkNotify } from './handlers.ts';
import { checkDelegate, checkHosts } from './hosts.ts';
import { enterInclude } from './includes.ts';
import { type Inside, outside } from './inside.ts';
import { lookedUp } from './lookups.ts';
import { checkLoop } from './loops.ts';
import { checkBehindEnds, checkNever } from './never-runs.ts';
import { asReached } from './only-if.ts';
import { checkPlaySettings } from './play-settings.ts';
import { checkRoleArguments } from './role-arguments.ts';
import { anything, type Sources, templateNames } from './sources.ts';
import { targetsOf } from './static-targets.ts';
import { createTemplateFiles, type TemplateFile, type TemplateFiles } from './templates.ts';
import { checkUnread } from './unread.ts';
import { readsOfTask } from './uses.ts';
import { checkVarsSchema } from './vars-schema.ts';
import { checkReads, type Reader, readerOf } from './variables.ts';
import { createExpander, type Expander, tasksBelow, type Visitor, walk } from './walk.ts';
import { createPlayScope, createWorld, type PlayScope, type View, type World } from './world.ts';

/** Holds playbooks against what can be known before anything runs: names, fields, handlers, hosts, files. */
export function checkPlaybooks(
  loading: Loading,
  playbooks: readonly Playbook[],
  /** Of every file that was read, by path. */
  texts: ReadonlyMap<string, string>,
): void {
  const world = createWorld(loading);
  const tools: Tools = { expander: createExpander(loading), templates: createTemplateFiles(loading) };
  const scopes = playbooks.flatMap(({ plays }) => plays.map((play) => checkPlay(world, tools, play)));
  checkUnread(
    world,
    scopes.map((scope) => scope.sources),
    texts,
  );
}

/** What is read once for all plays. */
interface Tools {
  readonly expander: Expander;
  readonly templates: TemplateFiles;
}

function checkPlay(world: World, tools: Tools, play: Play): PlayScope {
  checkHosts(world, play);
  if (!(play.gatherFacts?.kind === 'constant' && play.gatherFacts.value === false)) world.facts = true;
  const scope = createPlayScope(world, play);
  const { expander } = tools;
  defineVarsFiles(scope);
  checkPlaySettings(scope);
  addHandlers(scope.handlers, play.handlers);
  // A handler may run after any section, so what it sets may be there for any later task.
  for (const handler of tasksBelow(play.handlers, expander)) define(scope, handler);
  const visitor = visitorOf(scope, tools);
  for (const section of play.sections) {
    walk(section.entries, visitor, expander, outside);
    checkBehindEnds(world.loading.report, section.entries);
  }
  walk(play.handlers, visitor, expander, outside);
  for (const task of scope.notifying) checkNotify(scope, task);
  checkVarsSchema(scope);
  return scope;
}

function visitorOf(scope: PlayScope, tools: Tools): Visitor {
  return {
    task: (task, inside) => {
      checkTask(scope, task, inside, tools.templates);
      define(scope, task);
    },
    targets: (include, inside) => targetsOf({ scope, ...inside }, include),
    include: (include, inside, brought) => enterInclude(scope, tools.expander, include, inside, brought),
  };
}

function checkTask(scope: PlayScope, task: Task, inside: Inside, templates: TemplateFiles): void {
  const view: View = { scope, ...inside };
  const { reader, ofName } = readerOf(view, task);
  checkReads(reader, readsOfTask(task), ownResult(task));
  checkTemplates(reader, task, templates);
  checkOnce(view, task);
  checkDelegate(scope.world, task);
  checkLoop(scope.world.loading, task, ofName);
  checkConditions(scope.world.loading, task, ofName);
  if (task.notify.length > 0) scope.notifying.push(task);
  checkNever(scope.world.loading.report, task);
}

/** A role's arguments are looked at where its first task stands. */
function checkOnce(view: View, task: Task): void {
  const { role } = task;
  const { checkedRoles } = view.scope;
  if (role === undefined || checkedRoles.has(role)) return;
  checkedRoles.add(role);
  checkRoleArguments(view, task, role);
}

/** The files that a task needs or looks up, and what the templates among them read. */
function checkTemplates(reader: Reader, task: Task, templates: TemplateFiles): void {
  const { scope } = reader.view;
  const from = { file: task.file, role: task.role, baseDir: scope.play.baseDir };
  for (const { formula } of readsOfTask(task)) {
    for (const file of lookedUp(scope.world, from, formula, templates)) checkTemplate(reader, file);
  }
  for (const { need, path } of checkFiles(scope.world, task, scope.play.baseDir)) {
    if (need.kind === 'template') checkTemplate(reader, templates.read(path, need.options));
  }
}

function checkTemplate(reader: Reader, { template, includes, sets, found }: TemplateFile): void {
  reader.view.scope.world.loading.report.add(asReached(reader.view, reader.entry, found));
  const inFile: Sources = new Map(templateNames.map((name) => [name, [anything]]));
  const own = { ...reader.own, layers: [inFile, ...reader.own.layers] };
  if (template !== undefined) checkReads({ ...reader, own }, [{ formula: template, moment: 'item' }], new Map());
  // An included file also sees what the others set, and is read only where its tag is come by.
  for (const name of sets) inFile.set(name, [anything]);
  for (const formula of includes) checkReads({ ...reader, own }, [{ formula, moment: 'included' }], new Map());
}
