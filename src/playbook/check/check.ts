import type { Loading } from '../loading.ts';
import type { Include, Play, Playbook, Task } from '../tree.ts';
import { checkConditions } from './conditions.ts';
import { define, loopNames, ownResult } from './definitions.ts';
import { checkFiles } from './files.ts';
import { addHandlers, checkNotify } from './handlers.ts';
import { checkHosts } from './hosts.ts';
import { checkLoop, typesFor } from './loops.ts';
import { addSource, anything, type Sources, templateNames } from './sources.ts';
import { createTemplateFiles, type TemplateFiles } from './templates.ts';
import { readsOfInclude, readsOfTask } from './uses.ts';
import { checkReads, ownNames, type Reader } from './variables.ts';
import {
  type Contents,
  createExpander,
  type Expander,
  type Inside,
  outside,
  tasksBelow,
  type Visitor,
  walk,
} from './walk.ts';
import { addRole, createPlayScope, createWorld, type PlayScope, type View, type World } from './world.ts';

/** Holds playbooks against what can be known before anything runs: names, fields, handlers, hosts, files. */
export function checkPlaybooks(loading: Loading, playbooks: readonly Playbook[]): void {
  const world = createWorld(loading);
  const tools: Tools = { expander: createExpander(loading), templates: createTemplateFiles(loading) };
  for (const playbook of playbooks) for (const play of playbook.plays) checkPlay(world, tools, play);
}

/** What is read once for all plays. */
interface Tools {
  readonly expander: Expander;
  readonly templates: TemplateFiles;
}

function checkPlay(world: World, tools: Tools, play: Play): void {
  checkHosts(world, play);
  if (!(play.gatherFacts?.kind === 'constant' && play.gatherFacts.value === false)) world.facts = true;
  const scope = createPlayScope(world, play);
  const { expander, templates } = tools;
  gatherHandlers(scope, expander);
  // A handler may run after any section, so what it sets may be there for any later task.
  for (const handler of play.handlers) define(world, handler);
  const visitor = visitorOf(scope, tools);
  for (const section of play.sections) walk(section.entries, visitor, expander, outside);
  for (const handler of play.handlers) checkTask(scope, handler, outside, templates);
}

/** Handlers of the play and of all roles that its tasks include. */
function gatherHandlers(scope: PlayScope, expander: Expander): void {
  addHandlers(scope.handlers, scope.play.handlers);
  const visitor: Visitor = {
    task: () => undefined,
    include: (_include, inside, contents) => {
      if (contents === undefined) scope.handlers.open = true;
      for (const one of contents ?? []) addHandlers(scope.handlers, one.handlers);
      return inside;
    },
  };
  for (const section of scope.play.sections) walk(section.entries, visitor, expander, outside);
}

function visitorOf(scope: PlayScope, tools: Tools): Visitor {
  return {
    task: (task, inside) => {
      checkTask(scope, task, inside, tools.templates);
      define(scope.world, task);
    },
    include: (include, inside, contents) => enter(scope, tools.expander, include, inside, contents),
  };
}

function checkTask(scope: PlayScope, task: Task, inside: Inside, templates: TemplateFiles): void {
  const view: View = { scope, ...inside };
  const types = typesFor(view, task);
  const reader: Reader = { view, entry: task, own: ownNames(task, loopNames(task, types.item)) };
  checkReads(reader, readsOfTask(task), ownResult(task));
  checkTemplates(reader, task, templates);
  checkLoop(scope.world.loading, task, types);
  checkConditions(scope.world.loading, task, types.ofName);
  checkNotify(scope, task);
}

/** The files that a task needs, and what the templates among them read. */
function checkTemplates(reader: Reader, task: Task, templates: TemplateFiles): void {
  const { scope } = reader.view;
  for (const { need, path } of checkFiles(scope.world.loading, task, scope.play.baseDir)) {
    if (need.kind !== 'template') continue;
    const template = templates.read(path, need.options);
    if (template === undefined) continue;
    const inFile: Sources = new Map(templateNames.map((name) => [name, [anything]]));
    const own = { ...reader.own, layers: [inFile, ...reader.own.layers] };
    checkReads({ ...reader, own }, [{ formula: template, moment: 'item' }], new Map());
  }
}

function enter(
  scope: PlayScope,
  expander: Expander,
  include: Include,
  inside: Inside,
  contents: readonly Contents[] | undefined,
): Inside {
  const { world } = scope;
  const view: View = { scope, ...inside };
  const types = typesFor(view, include);
  const fromLoop = loopNames(include, types.item);
  checkReads({ view, entry: include, own: ownNames(include, fromLoop) }, readsOfInclude(include), new Map());
  checkLoop(world.loading, include, types);
  if (include.register !== undefined) addSource(world.global, include.register, anything);
  if (contents === undefined) {
    world.open = true;
    return inside;
  }
  for (const one of contents) {
    for (const role of one.roles) addRole(scope.sources, role);
    if ('role' in one && include.public) addRole(scope.sources, one.role);
    for (const handler of one.handlers) define(world, handler);
    // In a loop the second round sees what the first has set.
    if (include.loop !== undefined) for (const task of tasksBelow(one.entries, expander)) define(world, task);
  }
  const locals: Sources = new Map([...inside.locals, ...fromLoop]);
  return { locals, includes: [...inside.includes, include] };
}
