import type { FreeNames } from '../expr/api.ts';
import type { Task } from '../playbook/tree.ts';
import type { Term, Variables } from '../vars/term.ts';

/** The variables that something may read, transitively through the variables that those are made of. */
export interface Reads {
  readonly names: ReadonlySet<string>;
  /** It may read anything: a name is only known when it runs. */
  readonly anything: boolean;
  /** It reads which hosts are still in the play, which every failure changes. */
  readonly hosts: boolean;
  /** The controller's files, environment or commands shape it. */
  readonly lookups: boolean;
}

/** Variables that hold all others. */
const wholes = new Set(['hostvars', 'vars']);

/** Variables whose value changes when a host fails. */
const hostLists = new Set(['play_hosts', 'ansible_play_hosts', 'ansible_play_batch']);

interface Collector {
  readonly names: Set<string>;
  anything: boolean;
  lookups: boolean;
}

function addNames(into: Collector, names: FreeNames): void {
  for (const variable of names.variables) into.names.add(variable.name);
  if (names.computed) into.anything = true;
  if (names.lookups) into.lookups = true;
}

function addTerm(into: Collector, term: Term | undefined): void {
  if (term === undefined) return;
  switch (term.kind) {
    case 'constant':
    case 'unknown':
      return;
    case 'template':
      addNames(into, term.template.names);
      return;
    case 'expression':
      addNames(into, term.expression.names);
      return;
    case 'list':
      for (const item of term.items) addTerm(into, item);
      return;
    case 'mapping':
      for (const entry of term.entries) {
        addTerm(into, entry.key);
        addTerm(into, entry.value);
      }
  }
}

/** Every term and expression that is evaluated before a task's changes are sent. */
function addTask(into: Collector, task: Task): void {
  const { keywords } = task;
  for (const expression of keywords.when) addNames(into, expression.names);
  const terms: (Term | undefined)[] = [
    task.name,
    task.loop?.term,
    task.loop?.control.label,
    keywords.become,
    keywords.becomeUser,
    keywords.becomeMethod,
    keywords.becomeFlags,
    keywords.becomeExe,
    keywords.remoteUser,
    keywords.port,
    keywords.connection,
    keywords.ignoreErrors,
    keywords.ignoreUnreachable,
    keywords.checkMode,
    keywords.diff,
    keywords.noLog,
    keywords.delegateTo,
    keywords.timeout,
    ...keywords.environment,
    ...task.notify,
    ...keywords.moduleDefaults.flatMap((defaults) => [...defaults.values()]),
    ...(task.args.kind === 'dynamic' ? [task.args.term] : task.args.entries.values()),
  ];
  for (const term of terms) addTerm(into, term);
}

/** Reads of tasks in the setting of one play, where `definitions` gives all terms that a name may stand for. */
export function createReads(
  definitions: (name: string) => readonly Term[],
  templateNames: (task: Task) => FreeNames | undefined,
): (task: Task) => Reads {
  const known = new Map<Task, Reads>();
  return (task) => {
    const before = known.get(task);
    if (before !== undefined) return before;
    const into: Collector = { names: new Set(), anything: false, lookups: false };
    addTask(into, task);
    if (task.module.name === 'template') {
      const names = templateNames(task);
      if (names === undefined) into.anything = true;
      else addNames(into, names);
    }
    const own = task.keywords.vars;
    for (const name of into.names) {
      if (wholes.has(name)) into.anything = true;
      for (const term of [...definitions(name), ...termsNamed(own, name)]) addTerm(into, term);
    }
    const { names, anything, lookups } = into;
    const reads: Reads = { names, anything, lookups, hosts: [...names].some((name) => hostLists.has(name)) };
    known.set(task, reads);
    return reads;
  };
}

function termsNamed(layers: readonly Variables[], name: string): Term[] {
  return layers.flatMap((layer) => {
    const variable = layer.get(name);
    return variable === undefined ? [] : [variable.term];
  });
}
