import { basename } from 'node:path';
import { didYouMean } from '../core/suggest.ts';
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
  if (from.role !== undefined) places.push(`${from.role.path}/${kind}`, from.role.path);
  places.push(`${own}/${kind}`, own, `${from.baseDir}/${kind}`, from.baseDir);
  return [...new Set(places.map((place) => resolvePath(place, name)))];
}

export function findFile(files: Files, from: SearchFrom, kind: string, name: string): string | undefined {
  return firstThatExists(files, candidatePaths(from, kind, name));
}

/** A file with a similar name in one of the searched places. */
export function similarFile(files: Files, from: SearchFrom, kind: string, name: string): string | undefined {
  const folders = candidatePaths(from, kind, name).map(folderOf);
  const names = [...new Set(folders)].flatMap((folder) => files.list(folder));
  const near = didYouMean(basename(name), names);
  if (near !== undefined) return near;
  const stem = basename(name).replace(/\.[^.]*$/, '');
  const same = names.find((one) => one !== basename(name) && one.replace(/\.[^.]*$/, '') === stem);
  return same === undefined ? undefined : `Did you mean "${same}"?`;
}
