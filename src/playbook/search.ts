import { basename } from 'node:path';
import { closest } from '../core/suggest.ts';
import { type Files, firstThatExists, folderOf, resolvePath } from './files.ts';
import type { Role } from './tree.ts';

/** Where a file may lie: what the file that names it, its role and its playbook offer. */
export interface SearchFrom {
  readonly file: string;
  readonly role: Role | undefined;
  readonly baseDir: string;
}

/**
 * The places that Ansible looks in for a file of a task, nearest first. `kind` is the folder of its sort: `files`,
 * `templates`, `vars`, `tasks` or `handlers`; `included` is that of tasks which are read when their turn comes.
 */
export function candidatePaths(from: SearchFrom, kind: string, name: string): readonly string[] {
  const own = folderOf(from.file);
  const { role, baseDir } = from;
  const folder = kind === 'included' ? 'tasks' : kind;
  const isList = folder === 'tasks' || folder === 'handlers';
  // What tasks_from names looks from tasks/, whatever folder it lies in; what it brings looks from its own folder, too.
  const isEntry = isList && role?.entry !== undefined && role.entry === from.file;
  const beside = isEntry ? [] : isList ? [own, `${own}/${folder}`] : [`${own}/${folder}`, own];
  const around = role === undefined ? [] : isList ? [role] : [role, ...role.includers];
  const ofRoles = around.flatMap(({ path }) => [`${path}/${folder}`, path]);
  const places = kind === 'tasks' || kind === 'handlers' ? [...beside, ...ofRoles] : [...ofRoles, ...beside];
  return [...new Set([...places, `${baseDir}/${folder}`, baseDir].map((place) => resolvePath(place, name)))];
}

export function findFile(files: Files, from: SearchFrom, kind: string, name: string): string | undefined {
  return firstThatExists(files, candidatePaths(from, kind, name));
}

/** The file that was probably meant, by its name, in one of the searched places. */
export function similarFile(files: Files, from: SearchFrom, kind: string, name: string): string | undefined {
  const folders = [...new Set(candidatePaths(from, kind, name).map(folderOf))];
  const wanted = basename(name);
  const near = closest(
    wanted,
    folders.flatMap((folder) => files.list(folder)),
  );
  for (const folder of folders) {
    const names = files.list(folder);
    const found =
      names.find((one) => one === near) ?? names.find((one) => one !== wanted && stem(one) === stem(wanted));
    if (found !== undefined) return resolvePath(folder, found);
  }
  return undefined;
}

/** `Did you mean "x"?` of a path. */
export function meant(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `Did you mean "${basename(path)}"?`;
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
