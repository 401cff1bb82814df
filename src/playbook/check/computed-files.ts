import type { Term } from '../../vars/term.ts';
import { folderOf, resolvePath } from '../files.ts';
import type { Loading } from '../loading.ts';
import { candidatePaths, type SearchFrom } from '../search.ts';

/**
 * The files that a computed name may stand for, such as all of `vars/` for `vars/{{ ansible_os_family }}.yml`. `undefined`
 * where too little of the name is literal to say. What is computed is taken for a single name, without a slash.
 */
export function possibleFiles(
  loading: Loading,
  from: SearchFrom,
  kind: string,
  term: Term,
): readonly string[] | undefined {
  if (term.kind !== 'template') return undefined;
  const written = term.template.text
    .replace(/\{\{\s*playbook_dir\s*\}\}/g, absolute(from.baseDir))
    .replace(/\{\{\s*role_path\s*\}\}/g, absolute(from.role?.path ?? from.baseDir));
  if (written.includes('{%') || written.includes('{#')) return undefined;
  const slash = lastSlash(written);
  const folder = written.slice(0, slash + 1);
  const name = written.slice(slash + 1);
  const literal = name.replace(/\{\{.*?\}\}/g, '');
  if (folder.includes('{{') || literal === '') return undefined;
  const pattern = new RegExp(
    `^${name
      .split(/\{\{.*?\}\}/)
      .map(escaped)
      .join('[^/]+')}$`,
  );
  const places = folder.startsWith(here)
    ? [resolvePath('.', folder.slice(here.length))]
    : candidatePaths(from, kind, `${folder}x`).map(folderOf);
  const found = [...new Set(places)].flatMap((place) =>
    loading.options
      .list(place)
      .filter((one) => pattern.test(one))
      .map((one) => resolvePath(place, one)),
  );
  return found.length === 0 ? undefined : found;
}

/** Marks a path that is complete already. */
const here = '\0';

function absolute(path: string): string {
  return here + path;
}

/** The last slash that is no part of what is computed. */
function lastSlash(written: string): number {
  return written.replace(/\{\{.*?\}\}/g, (inside) => 'x'.repeat(inside.length)).lastIndexOf('/');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
