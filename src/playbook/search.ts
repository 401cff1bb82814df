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
 * `templates`, `vars`, `tasks` or `handlers`.
 */
export function candidatePaths(from: SearchFrom, kind: string, name: string): readonly string[] {
  const own = folderOf(from.file);
  const places: string[] = [];
  if (kind === 'tasks' || kind === 'handlers') places.push(own);
  const roles = from.role === undefined ? [] : [from.role, ...from.role.includers];
  for (const { path } of roles) places.push(`${path}/${kind}`, path);
  places.push(`${own}/${kind}`, own, `${from.baseDir}/${kind}`, from.baseDir);
  return [...new Set(places.map((place) => resolvePath(place, name)))];
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
