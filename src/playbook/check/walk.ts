import type { Diagnostic } from '../../core/diagnostic.ts';
import { type IncludedRole, type IncludedTasks, roleOf, tasksOf } from '../load-include.ts';
import type { Loading } from '../loading.ts';
import { createReport } from '../report.ts';
import { literalOfTerm } from '../text.ts';
import type { Entry, Include, Task } from '../tree.ts';
import { type Inside, outside } from './inside.ts';
import { literalTargets, type Target } from './targets.ts';

/** What is done with what is met, in the order it runs. */
export interface Visitor {
  readonly task: (task: Task, inside: Inside) => void;
  /** What an include names; absent where that is only known later. */
  readonly targets: (include: Include, inside: Inside) => readonly Target[] | undefined;
  /** Before what it includes; `brought` is absent where that is only known later. Says what its contents are inside of. */
  readonly include: (include: Include, inside: Inside, brought: readonly Brought[] | undefined) => Inside;
}

/** What the reading of one target gave. */
export interface Brought {
  readonly target: Target;
  /** Absent where it cannot be read. */
  readonly contents: Contents | undefined;
  readonly found: readonly Diagnostic[];
}

export type Contents = IncludedTasks | IncludedRole;

/** Reads what includes name, once for each name. What is wrong there is told by who asks. */
export interface Expander {
  /** In the order of the targets. */
  readonly read: (include: Include, targets: readonly Target[]) => readonly Brought[];
}

/** All that was brought; absent where a part of it cannot be read, or is only known later. */
export function contentsOf(brought: readonly Brought[] | undefined): readonly Contents[] | undefined {
  const contents = brought?.flatMap((one) => one.contents ?? []);
  return contents?.length === brought?.length ? contents : undefined;
}

export function createExpander(loading: Loading): Expander {
  const known = new Map<Include, Map<string, Omit<Brought, 'target'>>>();
  const read = (include: Include, name: string): Omit<Brought, 'target'> => {
    const before = known.get(include) ?? new Map<string, Omit<Brought, 'target'>>();
    known.set(include, before);
    const report = createReport();
    const one = before.get(name) ?? { contents: readOne({ ...loading, report }, include, name), found: report.all() };
    before.set(name, one);
    return one;
  };
  return { read: (include, targets) => targets.map((target) => ({ target, ...read(include, target.name) })) };
}

function readOne(loading: Loading, include: Include, target: string): Contents | undefined {
  if (include.what === 'tasks') return tasksOf(loading, target, include);
  const terms = [include.tasksFrom, include.varsFrom, include.defaultsFrom, include.handlersFrom];
  if (terms.some((term) => term !== undefined && literalOfTerm(term) === undefined)) return undefined;
  const [tasks, vars, defaults, handlers] = terms.map(literalOfTerm);
  return roleOf(loading, target, include, {
    ...(tasks === undefined ? {} : { tasks }),
    ...(vars === undefined ? {} : { vars }),
    ...(defaults === undefined ? {} : { defaults }),
    ...(handlers === undefined ? {} : { handlers }),
  });
}

/**
 * Visits tasks and includes in the order they run, with what literal includes bring in their place. An include inside of
 * itself is visited and not entered.
 */
export function walk(
  entries: readonly Entry[],
  visitor: Visitor,
  expander: Expander,
  inside: Inside,
  trail: readonly string[] = [],
): void {
  for (const entry of entries) {
    if (entry.kind === 'task') visitor.task(entry, inside);
    else if (entry.kind === 'block') {
      for (const list of [entry.entries, entry.rescue, entry.always]) walk(list, visitor, expander, inside, trail);
    } else enter(entry, visitor, expander, inside, trail);
  }
}

function enter(include: Include, visitor: Visitor, expander: Expander, inside: Inside, trail: readonly string[]): void {
  const targets = visitor.targets(include, inside);
  const names = targets?.map((target) => target.name).join(' ');
  const key = `${include.what} ${names} ${literalOfTerm(include.tasksFrom)} ${include.role?.path} ${include.file}`;
  const isInside = trail.includes(key);
  const brought = isInside ? [] : targets === undefined ? undefined : expander.read(include, targets);
  const inner = visitor.include(include, inside, brought);
  if (contentsOf(brought) === undefined) return;
  for (const { target, contents } of brought ?? []) {
    const choices =
      target.chosenBy === undefined
        ? inner.choices
        : [...inner.choices, { include, formula: target.chosenBy, value: target.name }];
    walk(contents?.entries ?? [], visitor, expander, { ...inner, choices }, [...trail, key]);
  }
}

/** Every task that may run below some entries, whatever the order. `met`: each include among them, with what it brought. */
export function tasksBelow(
  entries: readonly Entry[],
  expander: Expander,
  met?: (include: Include, brought: readonly Brought[]) => void,
): readonly Task[] {
  const found: Task[] = [];
  const visitor: Visitor = {
    task: (task) => found.push(task),
    targets: literalTargets,
    include: (include, inside, brought) => {
      met?.(include, brought ?? []);
      return inside;
    },
  };
  walk(entries, visitor, expander, outside);
  return found;
}
