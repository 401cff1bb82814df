import type { Expression, FreeNames, Template } from '../../expr/api.ts';
import type { Term } from '../../vars/term.ts';
import type { Include, Keywords, Task } from '../tree.ts';

export type Use = FreeNames['variables'][number];

/** When something of a task is evaluated, which decides what it can see. */
export type Moment =
  /** Before the loop: no item yet. */
  | 'before-loop'
  /** For each item. */
  | 'item'
  /** After the module ran: its own result is there. */
  | 'after'
  /** In a file that a template includes, perhaps. */
  | 'included'
  /** Shown only; a name that is not there stays as written. */
  | 'shown';

/** What is evaluated in one piece. */
export type Formula = Template | Expression;

export interface Read {
  readonly formula: Formula;
  readonly moment: Moment;
}

/** All that is computed in a term, its parts included. */
export function formulasOf(term: Term | undefined): readonly Formula[] {
  if (term === undefined) return [];
  switch (term.kind) {
    case 'template':
      return [term.template];
    case 'expression':
      return [term.expression];
    case 'list':
      return term.items.flatMap(formulasOf);
    case 'mapping':
      return term.entries.flatMap(({ key, value }) => [...formulasOf(key), ...formulasOf(value)]);
    case 'constant':
    case 'unknown':
      return [];
  }
}

function reads(
  moment: Moment,
  terms: readonly (Term | undefined)[],
  expressions: readonly Expression[] = [],
): readonly Read[] {
  return [...terms.flatMap(formulasOf), ...expressions].map((formula) => ({ formula, moment }));
}

function keywordTerms(keywords: Keywords): readonly (Term | undefined)[] {
  return [
    keywords.become,
    keywords.becomeUser,
    keywords.becomeMethod,
    keywords.becomeFlags,
    keywords.becomeExe,
    keywords.remoteUser,
    keywords.port,
    keywords.connection,
    ...keywords.environment,
    keywords.ignoreErrors,
    keywords.ignoreUnreachable,
    keywords.anyErrorsFatal,
    keywords.checkMode,
    keywords.diff,
    keywords.noLog,
    keywords.throttle,
    keywords.runOnce,
    keywords.delegateTo,
    keywords.delegateFacts,
    keywords.timeout,
  ];
}

/** What a task reads, apart from the variables of its own that nothing asks for. */
export function readsOfTask(task: Task): readonly Read[] {
  const { keywords, loop } = task;
  const args = task.args.kind === 'dynamic' ? [task.args.term] : [...task.args.entries.values()];
  const defaults = keywords.moduleDefaults.flatMap((one) => one.get(task.module.name) ?? []);
  return [
    ...reads('before-loop', [loop?.term]),
    ...reads('item', [...args, ...defaults, ...keywordTerms(keywords), ...task.notify], keywords.when),
    ...reads('item', [task.retries, task.delay, task.async, task.poll, loop?.control.pause]),
    ...reads('after', [], [...task.until, ...(task.changedWhen ?? []), ...(task.failedWhen ?? [])]),
    ...reads('after', [], loop?.control.breakWhen),
    ...reads('shown', [task.name, loop?.control.label]),
  ];
}

export function readsOfInclude(include: Include): readonly Read[] {
  const { keywords, loop } = include;
  return [
    ...reads('before-loop', [loop?.term]),
    ...reads(
      'item',
      [include.target, include.tasksFrom, include.varsFrom, include.defaultsFrom, include.handlersFrom],
      keywords.when,
    ),
    ...reads('shown', [include.name, loop?.control.label]),
  ];
}
