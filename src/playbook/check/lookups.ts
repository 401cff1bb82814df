import type { Location } from '../../core/source.ts';
import type { Loading } from '../loading.ts';
import { findFile, meant, type SearchFrom, similarFile } from '../search.ts';
import type { TemplateFile, TemplateFiles } from './templates.ts';
import type { Formula } from './uses.ts';

const pattern =
  /\b(?:lookup|query|q)\(\s*(['"])(?:ansible\.builtin\.)?(template|file)\1\s*,\s*(['"])([^'"{}]+)\3\s*(?:,([^)]*))?\)/g;
const options = { trimBlocks: true, lstripBlocks: false, newlineSequence: '\n' } as const;

/**
 * Files that lookups name literally: reports those that are not there, and gives the templates among them.
 * One that asks for no error (`errors='ignore'`) may miss its file.
 */
export function lookedUp(
  loading: Loading,
  from: SearchFrom,
  formula: Formula,
  templates: TemplateFiles,
): readonly TemplateFile[] {
  if (!formula.names.lookups) return [];
  return [...formula.text.matchAll(pattern)].flatMap((match) => {
    const [whole, , plugin, , name = '', rest = ''] = match;
    const kind = plugin === 'template' ? 'templates' : 'files';
    const path = findFile(loading.options, from, kind, name);
    // With signs or variables of its own it would be read wrong here.
    const isRead = plugin === 'template' && !/(_(start|end)_string|template_vars)\s*=/.test(rest);
    if (path !== undefined) return isRead ? [templates.read(path, options)] : [];
    const start = match.index + whole.indexOf(name, whole.indexOf(','));
    if (!/\berrors\s*=/.test(rest)) report(loading, from, kind, name, formula.place(start, start + name.length));
    return [];
  });
}

function report(loading: Loading, from: SearchFrom, kind: string, name: string, at: Location): void {
  const help = meant(similarFile(loading.options, from, kind, name));
  loading.report.error(
    'playbook/file-not-found',
    at,
    `There is no file "${name}" in ${kind}/ or beside the playbook`,
    help,
  );
}
