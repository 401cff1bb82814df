import { basename } from 'node:path';
import type { Location } from '../core/source.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import type { Level, Variables } from '../vars/term.ts';
import { firstThatExists, folderOf, resolvePath } from './files.ts';
import type { Loading } from './loading.ts';
import type { Role } from './tree.ts';
import { readVariablesFile } from './variables.ts';

const extensions = ['.yml', '.yaml', '.json'];

/**
 * The folder of a role: `roles/` beside the playbook, the configured folders, beside the role that names it, beside the
 * playbook, or a path.
 */
export function findRole(
  loading: Loading,
  name: string,
  baseDir: string,
  beside: string | undefined,
): string | undefined {
  const { options } = loading;
  return firstThatExists(options, [
    ...roleFolders(loading, baseDir, beside).map((folder) => resolvePath(folder, name)),
    resolvePath('.', name),
  ]);
}

/** Its name without the collection that it may be part of: `role_name`. */
export function bareRoleName({ name, collection }: Pick<Role, 'name' | 'collection'>): string {
  return collection === undefined ? name : name.slice(collection.length + 1);
}

/** The folder of a role of a collection, `namespace.name.role`: in `collections/` beside the playbook, or in a configured folder. */
export function findCollectionRole(loading: Loading, name: string, baseDir: string): string | undefined {
  const [, namespace, collection, role] = /^(\w+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
  if (role === undefined) return undefined;
  const { options } = loading;
  const folders = [resolvePath(baseDir, 'collections'), ...(options.collectionsPaths ?? [])];
  const inside = `${namespace}/${collection}/roles/${role}`;
  return firstThatExists(
    options,
    folders.map((folder) =>
      resolvePath(folder, /(^|\/)ansible_collections$/.test(folder) ? inside : `ansible_collections/${inside}`),
    ),
  );
}

function roleFolders(loading: Loading, baseDir: string, beside: string | undefined): readonly string[] {
  const near = beside === undefined ? [] : [folderOf(beside)];
  return [resolvePath(baseDir, 'roles'), ...loading.options.rolesPaths, ...near, baseDir];
}

/** Says that a role is not there. Gives the one that was probably meant. */
export function reportNoRole(
  loading: Loading,
  name: string,
  at: Location,
  baseDir: string,
  beside: string | undefined,
): string | undefined {
  const { options, report, gaps } = loading;
  const folders = roleFolders(loading, baseDir, beside);
  if (/^\w+\.\w+\.\w+$/.test(name)) {
    const message = `The role "${name}" is one of a collection that is not there`;
    const folder = `collections/ansible_collections/${name.replace(/^(\w+)\.(\w+)\..*$/, '$1/$2')}`;
    report.error('playbook/unknown-role', at, message, `Put the collection into ${folder} beside the playbook`);
    gaps.add(name);
    return undefined;
  }
  const near = closest(
    name,
    folders.slice(0, -1).flatMap((folder) => options.list(folder)),
  );
  const help = near === undefined ? `Looked in ${folders.join(', ')}` : `Did you mean "${near}"?`;
  report.error('playbook/unknown-role', at, `There is no role "${name}"`, help);
  if (near === undefined) gaps.add(name);
  return near;
}

/** The one file of a role's folder: `main`, or what `tasks_from` and the like name instead. */
export function roleFile(loading: Loading, path: string, folder: string, from: string | undefined): string | undefined {
  const names =
    from === undefined
      ? [...extensions.map((extension) => `main${extension}`), 'main']
      : ['', ...extensions].map((extension) => `${from}${extension}`);
  const { options } = loading;
  return names
    .map((name) => resolvePath(path, `${folder}/${name}`))
    .find((candidate) => options.readFile(candidate) !== undefined);
}

/** Says that `tasks_from` and the like name a file that is not there. */
export function reportNoRoleFile(
  loading: Loading,
  role: string,
  path: string,
  folder: string,
  from: string,
  at: Location,
): void {
  const there = loading.options.list(`${path}/${folder}`).map((name) => name.replace(/\.(yml|yaml|json)$/, ''));
  loading.report.error(
    'playbook/file-not-found',
    at,
    `The role "${role}" has no file "${from}" in ${folder}/`,
    didYouMean(basename(from), there) ?? (there.length === 0 ? undefined : `It has ${there.join(', ')}`),
  );
}

/** Variables of a role's `defaults/` or `vars/`; `main` may be a folder of files, read in the order of their names. */
export function roleVariables(
  loading: Loading,
  role: string,
  path: string,
  folder: 'defaults' | 'vars',
  from: { readonly name: string; readonly at: Location } | undefined,
): Variables {
  const level: Level = folder === 'defaults' ? 'role-default' : 'role';
  const origin = `role ${role}`;
  const file = roleFile(loading, path, folder, from?.name);
  if (file !== undefined) return readVariablesFile(loading, file, level, origin);
  const inside = `${path}/${folder}/${from?.name ?? 'main'}`;
  const files = variableFiles(loading, inside);
  if (files.length === 0 && from !== undefined) reportNoRoleFile(loading, role, path, folder, from.name, from.at);
  return mergeVariables(files.map((one) => readVariablesFile(loading, one, level, origin)));
}

/** The YAML files below a folder, by name. */
function variableFiles(loading: Loading, folder: string): readonly string[] {
  return [...loading.options.list(folder)]
    .sort()
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      return extensions.some((extension) => name.endsWith(extension)) ? [path] : variableFiles(loading, path);
    });
}

/** Later ones win. */
export function mergeVariables(layers: readonly Variables[]): Variables {
  return new Map(layers.flatMap((layer) => [...layer]));
}
