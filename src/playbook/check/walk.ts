import { type IncludedRole, type IncludedTasks, roleOf, tasksOf } from '../load-include.ts';
import type { Loading } from '../loading.ts';
import { literalOfTerm } from '../text.ts';
import type { Entry, Include, Task } from '../tree.ts';
import { type Inside, outside } from './inside.ts';
import { literalTargets, type Target } from './targets.ts';

/** What is done with what is met, in the order it runs. */
export interface Visitor {
  readonly task: (task: Task, inside: Inside) => void;
  /** What an include names; absent where that is only known later. */
  readonly targets: (include: Include, inside: Inside) => readonly Target[] | undefined;
  /** Before what it includes; `contents` is absent where that is only known later. Says what its contents are inside of. */
  readonly include: (include: Include, inside: Inside, contents: readonly Contents[] | undefined) => Inside;
}

export type Contents = IncludedTasks | IncludedRole;

/** Reads what includes name, once for each name. */
export interface Expander {
  /** In the order of the targets; absent where one of them cannot be read. */
  readonly contentsOf: (include: Include, targets: readonly Target[]) => readonly Contents[] | undefined;
}

export function createExpander(loading: Loading): Expander {
  const known = new Map<Include, Map<string, Contents | undefined>>();
  const read = (include: Include, name: string): Contents | undefined => {
    const before = known.get(include) ?? new Map<string, Contents | undefined>();
    known.set(include, before);
    if (!before.has(name)) before.set(name, readOne(loading, include, name));
    return before.get(name);
  };
  return {
    contentsOf: (include, targets) => {
      const contents = targets.flatMap((target) => read(include, target.name) ?? []);
      return contents.length === targets.length ? contents : undefined;
    },
  };
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
  const contents = isInside ? [] : targets === undefined ? undefined : expander.contentsOf(include, targets);
  const inner = visitor.include(include, inside, contents);
  for (const [index, { entries }] of (contents ?? []).entries()) {
    const target = targets?.[index];
    const choices =
      target?.chosenBy === undefined
        ? inner.choices
        : [...inner.choices, { include, formula: target.chosenBy, value: target.name }];
    walk(entries, visitor, expander, { ...inner, choices }, [...trail, key]);
  }
}

/** Every task that may run below some entries, whatever the order. */
export function tasksBelow(entries: readonly Entry[], expander: Expander): readonly Task[] {
  const found: Task[] = [];
  const visitor: Visitor = {
    task: (task) => found.push(task),
    targets: literalTargets,
    include: (_include, inside) => inside,
  };
  walk(entries, visitor, expander, outside);
  return found;
}
