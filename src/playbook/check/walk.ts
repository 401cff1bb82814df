import { type IncludedRole, type IncludedTasks, roleOf, tasksOf } from '../load-include.ts';
import type { Loading } from '../loading.ts';
import { literalOfTerm } from '../text.ts';
import type { Entry, Include, Task } from '../tree.ts';
import { possibleTexts } from './literal-arguments.ts';
import type { Sources } from './sources.ts';

/** What is done with what is met, in the order it runs. */
export interface Visitor {
  readonly task: (task: Task, inside: Inside) => void;
  /** Before what it includes; `contents` is absent where that is only known later. Says what its contents are inside of. */
  readonly include: (include: Include, inside: Inside, contents: readonly Contents[] | undefined) => Inside;
}

/** What is around a task because of the includes that brought it. */
export interface Inside {
  /** Their loop variables and the like. */
  readonly locals: Sources;
  /** The includes, outermost first: only where they run does the task. */
  readonly includes: readonly Include[];
}

export const outside: Inside = { locals: new Map(), includes: [] };

export type Contents = IncludedTasks | IncludedRole;

/** Reads what includes name literally, once for each include. */
export interface Expander {
  readonly contentsOf: (include: Include) => readonly Contents[] | undefined;
}

export function createExpander(loading: Loading): Expander {
  const known = new Map<Include, readonly Contents[] | undefined>();
  return {
    contentsOf: (include) => {
      if (!known.has(include)) known.set(include, read(loading, include));
      return known.get(include);
    },
  };
}

/** Each file or role that a literal name, or one that only needs the items of a literal loop, stands for. */
function read(loading: Loading, include: Include): readonly Contents[] | undefined {
  const targets = possibleTexts(include.target, include.loop);
  if (targets === undefined) return undefined;
  const found = [...new Set(targets)].map((target) => readOne(loading, include, target));
  const contents = found.flatMap((one) => one ?? []);
  return contents.length === found.length ? contents : undefined;
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
    } else {
      const key = `${entry.what} ${literalOfTerm(entry.target)} ${literalOfTerm(entry.tasksFrom)} ${entry.role?.path} ${entry.file}`;
      const contents = trail.includes(key) ? [] : expander.contentsOf(entry);
      const inner = visitor.include(entry, inside, contents);
      for (const one of contents ?? []) walk(one.entries, visitor, expander, inner, [...trail, key]);
    }
  }
}

/** Every task that may run below some entries, whatever the order. */
export function tasksBelow(entries: readonly Entry[], expander: Expander): readonly Task[] {
  const found: Task[] = [];
  const visitor: Visitor = {
    task: (task) => found.push(task),
    include: (_include, inside) => inside,
  };
  walk(entries, visitor, expander, outside);
  return found;
}
