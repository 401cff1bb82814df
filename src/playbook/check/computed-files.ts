import type { Term } from '../../vars/term.ts';
import { folderOf, resolvePath } from '../files.ts';
import type { Loading } from '../loading.ts';
import { candidatePaths, findFile, type SearchFrom } from '../search.ts';
import type { Loop } from '../tree.ts';

/**
 * The files that a computed name may stand for, such as all of `vars/` for `vars/{{ ansible_os_family }}.yml`, or those that
 * a loop over a written list names. `undefined` where too little is literal to say.
 */
export function possibleFiles(
  loading: Loading,
  from: SearchFrom,
  kind: string,
  term: Term,
  loop?: Loop,
): readonly string[] | undefined {
  const items = (loop === undefined ? undefined : itemsNamedBy(term, loop)) ?? [term];
  const found = items.map((item) => filesNamed(loading, from, kind, item));
  const all = found.flatMap((one) => one ?? []);
  return all.length === 0 || found.includes(undefined) ? undefined : all;
}

function filesNamed(loading: Loading, from: SearchFrom, kind: string, term: Term): readonly string[] | undefined {
  if (term.kind === 'template') return matchingFiles(loading, from, kind, term.template.text);
  if (term.kind !== 'constant' || typeof term.value !== 'string') return undefined;
  const path = findFile(loading.options, from, kind, term.value);
  return path === undefined ? [] : [path];
}

/** What is computed is taken for a single name, without a slash. */
function matchingFiles(loading: Loading, from: SearchFrom, kind: string, text: string): readonly string[] | undefined {
  const written = text
    .replace(/\{\{\s*playbook_dir\s*\}\}/g, absolute(from.baseDir))
    .replace(/\{\{\s*role_path\s*\}\}/g, absolute(from.role?.path ?? from.baseDir));
  if (written.includes('{%') || written.includes('{#')) return undefined;
  const slash = lastSlash(written);
  const folder = written.slice(0, slash + 1);
  const name = written.slice(slash + 1);
  if (folder.includes('{{') || name.replace(/\{\{.*?\}\}/g, '') === '') return undefined;
  const pattern = new RegExp(
    `^${name
      .split(/\{\{.*?\}\}/)
      .map(escaped)
      .join('[^/]+')}$`,
  );
  const places = folder.startsWith(here)
    ? [resolvePath('.', folder.slice(here.length))]
    : candidatePaths(from, kind, `${folder}x`).map(folderOf);
  return [...new Set(places)].flatMap((place) =>
    loading.options
      .list(place)
      .filter((one) => pattern.test(one))
      .map((one) => resolvePath(place, one)),
  );
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

/** `{{ item }}` of a list that is written out, or of the files of with_first_found. */
function itemsNamedBy(term: Term, loop: Loop): readonly Term[] | undefined {
  if (term.kind !== 'template') return undefined;
  if (!new RegExp(`^\\s*\\{\\{\\s*${loop.control.loopVar}\\s*\\}\\}\\s*$`).test(term.template.text)) return undefined;
  const listed = loop.term.kind === 'list' ? loop.term.items : [loop.term];
  if (loop.kind !== 'first_found') return loop.term.kind === 'list' ? listed : undefined;
  return listed.flatMap((item) => firstFound(item) ?? [item]);
}

/** The files of `{files: [...], paths: [...]}`, each below each path. */
function firstFound(item: Term): readonly Term[] | undefined {
  if (item.kind !== 'mapping') return undefined;
  const part = (name: string): readonly Term[] => {
    const found = item.entries.find(({ key }) => key.kind === 'constant' && key.value === name)?.value;
    return found === undefined ? [] : found.kind === 'list' ? found.items : [found];
  };
  const [path, ...more] = part('paths');
  const folder = path?.kind === 'constant' && typeof path.value === 'string' ? path.value : undefined;
  // What lies below several or computed paths cannot be told from here.
  if (more.length > 0 || (path !== undefined && folder === undefined)) return undefined;
  return part('files').map((file) => (folder === undefined ? file : below(folder, file)));
}

function below(folder: string, file: Term): Term {
  if (file.kind === 'constant' && typeof file.value === 'string') return { ...file, value: `${folder}/${file.value}` };
  if (file.kind !== 'template') return file;
  return { ...file, template: { ...file.template, text: `${folder}/${file.template.text}` } };
}
