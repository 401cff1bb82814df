import type { Location } from '../core/source.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Action } from './action.ts';
import { earlyText } from './early-text.ts';
import type { Fields } from './fields.ts';
import { inclusionArguments, targetNode } from './include.ts';
import { inherit } from './inherit.ts';
import { ownKeywords } from './own-keywords.ts';
import { findFile, meant, similarFile } from './search.ts';
import { nameOf, originOf, readDisrupts, readNotify } from './task.ts';
import type { Entry } from './tree.ts';
import { scalarText } from './values.ts';
import { earlyOf, type Readers, type Where } from './where.ts';

/** The tasks of another file, standing here: the keywords of the import reach each of them. */
export function importTasks(where: Where, fields: Fields, action: Action, read: Readers): readonly Entry[] {
  const found = openImport(where, fields, action, 'tasks');
  if (found === undefined) return [];
  return read.entries(found.where, found.root, 'A file of tasks');
}

export interface Opened {
  readonly where: Where;
  readonly root: YamlNode | undefined;
  readonly path: string;
}

const hint = 'Write include_tasks, which is read when its turn comes';

/** Finds and reads what import_tasks names. */
export function openImport(
  where: Where,
  fields: Fields,
  action: Action,
  kind: 'tasks' | 'handlers',
): Opened | undefined {
  const { loading } = where;
  const name = nameOf(where, fields);
  const own = ownKeywords(loading, fields, 'task', originOf(action.name, name));
  refuseOnImport(where, fields, action);
  const args = inclusionArguments(where, fields, action, 'tasks', false);
  const target = args === undefined ? undefined : targetNode(where, action, args, 'tasks');
  const text =
    target === undefined ? undefined : earlyText(loading, target, action.name, earlyOf(where, own.vars ?? []), hint);
  if (target === undefined || text === undefined) return undefined;
  const inside: Where = {
    ...where,
    inherited: {
      keywords: inherit(where.inherited.keywords, own),
      notify: [...where.inherited.notify, ...readNotify(where, fields)],
      disrupts: readDisrupts(where, fields) ?? where.inherited.disrupts,
    },
  };
  return openTasks(inside, { name: text, at: target.at }, kind);
}

/** What names a file, and where it does. */
export interface Naming {
  readonly name: string;
  readonly at: Location;
}

/** A file of tasks, found where Ansible looks for it. */
export function openTasks(
  where: Where,
  { name, at }: Naming,
  kind: 'tasks' | 'handlers' | 'included',
): Opened | undefined {
  const { options, report } = where.loading;
  const path = findFile(options, where, kind, name);
  if (path !== undefined) return openFile(where, { name, at }, path);
  // What is no template of the language stands as written, and was reported.
  if (/\{\{|\{%/.test(name)) {
    where.loading.gaps.add(name);
    return undefined;
  }
  const similar = similarFile(options, where, kind, name);
  report.error(
    'playbook/file-not-found',
    at,
    `There is no file of ${kind === 'included' ? 'tasks' : kind} "${name}"`,
    meant(similar),
  );
  // The rest is read as if the right name stood there, so that its mistakes are found now and not the next time.
  if (similar !== undefined && !where.trail.includes(similar)) return openFile(where, { name, at }, similar);
  where.loading.gaps.add(name);
  return undefined;
}

export function openFile(where: Where, { name, at }: Naming, path: string): Opened | undefined {
  const { loading, trail } = where;
  if (trail.includes(path)) {
    const circle = [...trail.slice(trail.indexOf(path)), path].join(' -> ');
    loading.report.error('playbook/import-cycle', at, `"${name}" imports itself: ${circle}`);
    return undefined;
  }
  const file = loading.yaml(path);
  if (file === undefined) return undefined;
  if (file.root === undefined) loading.report.warning('playbook/empty-file', at, `"${name}" has no tasks`);
  return { path, root: file.root, where: { ...where, file: path, trail: [...trail, path] } };
}

/** What an import cannot carry, since it is gone when the play runs. */
export function refuseOnImport(where: Where, fields: Fields, action: Action): void {
  for (const [name, entry] of fields.entries) {
    if (name !== 'loop' && !name.startsWith('with_')) continue;
    where.loading.report.error(
      'playbook/loop-on-import',
      entry.key.at,
      `"${action.name}" is read before the play runs and cannot have a loop`,
      `Write ${action.name.replace('import_', 'include_')}`,
    );
  }
  const register = fields.entries.get('register');
  if (register !== undefined) {
    where.loading.report.warning(
      'playbook/unused-register',
      register.key.at,
      `"${action.name}" has no result, so ${scalarText(register.key)} never sets a variable`,
    );
  }
}
