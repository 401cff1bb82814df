import type { Diagnostic } from '../core/diagnostic.ts';
import { hasErrors } from '../core/diagnostic.ts';
import type { Variables } from '../vars/term.ts';
import { readers } from './entries.ts';
import { roleFrom } from './import-role.ts';
import { openFile, openTasks } from './import-tasks.ts';
import type { Inherited } from './inherit.ts';
import { createLoading, type Loading, type LoadOptions } from './loading.ts';
import { readRole } from './role.ts';
import { named } from './role-use.ts';
import { findFile } from './search.ts';
import type { Entry, Handler, Include, Role } from './tree.ts';
import { newParts, type PlayParts, type Where } from './where.ts';

/** What an include brought, or what is wrong with it. */
export type Included<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface IncludedTasks {
  readonly entries: readonly Entry[];
  /** Of roles that the tasks import: to be added to the play's. */
  readonly roles: readonly Role[];
  readonly handlers: readonly Handler[];
}

export interface IncludedRole extends IncludedTasks {
  readonly role: Role;
}

/** The tasks of a file that include_tasks names, with the keywords that reach them. `path` is what it says, or a file that was found for it. */
export function loadTasksFile(path: string, include: Include, options: LoadOptions): Included<IncludedTasks> {
  const loading = createLoading(options);
  return finished(loading, tasksOf(loading, path, include));
}

/** A role that include_role names, with the keywords that reach it. Names are those that its arguments gave. */
export function loadRole(
  name: string,
  include: Include,
  options: LoadOptions,
  from: {
    readonly tasks?: string;
    readonly vars?: string;
    readonly defaults?: string;
    readonly handlers?: string;
  } = {},
): Included<IncludedRole> {
  const loading = createLoading(options);
  return finished(loading, roleOf(loading, name, include, from));
}

function finished<T>(loading: Loading, value: T | undefined): Included<T> {
  const diagnostics = loading.report.all();
  return value === undefined || hasErrors(diagnostics)
    ? { ok: false, diagnostics }
    : { ok: true, value, warnings: diagnostics };
}

export function tasksOf(loading: Loading, name: string, include: Include): IncludedTasks | undefined {
  const parts = newParts();
  const where = whereOf(loading, include, parts, `${include.id}/${name}`);
  const naming = { name, at: include.target.at };
  const { options } = loading;
  // Whoever runs the play may have found the file already.
  const isPath = findFile(options, where, 'included', name) === undefined && options.exists(name);
  const opened = isPath ? openFile(where, naming, name) : openTasks(where, naming, 'included');
  if (opened === undefined) return undefined;
  const entries = readers.entries(opened.where, opened.root, 'A file of tasks');
  return { entries, roles: parts.roles, handlers: parts.importedHandlers };
}

/** Files that `tasks_from` and the like name. */
export interface FromNames {
  readonly tasks?: string;
  readonly vars?: string;
  readonly defaults?: string;
  readonly handlers?: string;
}

export function roleOf(loading: Loading, name: string, include: Include, from: FromNames): IncludedRole | undefined {
  const parts = newParts();
  const where = whereOf(loading, include, parts, `${include.id}/${name}`);
  const use = named(where, name, include.target.at);
  if (use === undefined) return undefined;
  const file = (kind: keyof typeof from, at = include.target.at) => {
    const text = from[kind];
    return text === undefined ? undefined : { name: text, at };
  };
  const request = {
    use,
    from: roleFrom({
      tasks: file('tasks', include.tasksFrom?.at),
      vars: file('vars', include.varsFrom?.at),
      defaults: file('defaults', include.defaultsFrom?.at),
      handlers: file('handlers', include.handlersFrom?.at),
    }),
    allowDuplicates: include.allowDuplicates,
    byTasks: [...include.ownVars, ...addedTo(include)],
    validates: include.validates,
    handlers: parts.roleHandlers,
  };
  const found = readRole(where, request, readers);
  if (found === undefined) return undefined;
  return { ...found, roles: parts.roles, handlers: [...parts.roleHandlers, ...parts.importedHandlers] };
}

function whereOf(loading: Loading, include: Include, parts: PlayParts, id: string): Where {
  // What was added to the include since it was read, such as the variables of its loop, reaches the inside too.
  const keywords = { ...include.apply, vars: [...include.apply.vars, ...addedTo(include)] };
  const inherited: Inherited = { keywords, notify: include.notify, disrupts: include.disrupts };
  return {
    loading,
    parts,
    inherited,
    role: include.role,
    file: include.file,
    playVars: [],
    baseDir: include.baseDir,
    id,
    trail: [],
  };
}

function addedTo({ keywords, apply }: Include): readonly Variables[] {
  return keywords.vars.filter((layer) => !apply.vars.includes(layer));
}
