import { findFile, meant, type SearchFrom, similarFile } from '../search.ts';
import type { TemplateFile, TemplateFiles } from './templates.ts';
import type { Formula } from './uses.ts';
import type { World } from './world.ts';

const pattern =
  /\b(?:lookup|query|q)\(\s*(['"])(?:ansible\.builtin\.)?(template|file)\1\s*,\s*(['"])([^'"{}]+)\3\s*(?:,([^)]*))?\)/g;
const options = { trimBlocks: true, lstripBlocks: false, newlineSequence: '\n' } as const;

/**
 * Files that lookups name literally: reports those that are not there, and gives the templates among them.
 * One that asks for no error (`errors='ignore'`) may miss its file.
 */
export function lookedUp(
  { loading, writesHere }: Pick<World, 'loading' | 'writesHere'>,
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
    if (/\berrors\s*=/.test(rest)) return [];
    const similar = similarFile(loading.options, from, kind, name);
    const at = formula.place(start, start + name.length);
    const message = `There is no file "${name}" in ${kind}/ or beside the playbook`;
    // A task before may bring it, unless another file was meant.
    const severity = writesHere && similar === undefined ? 'warning' : 'error';
    loading.report[severity]('playbook/file-not-found', at, message, meant(similar));
    return [];
  });
}
