import type { Source } from '../../../src/core/source.ts';
import type { YamlEntry, YamlMapping } from '../../../src/yaml/node.ts';
import { columnsBefore, type Edit } from './text.ts';

/** Whether a mapping is written with braces, all on one line. */
function isFlow(mapping: YamlMapping, source: Source): boolean {
  return source.text[mapping.at.start] === '{';
}

/** The text of an entry, its key and its value. */
function written({ key, value }: YamlEntry, source: Source): string {
  return source.text.slice(key.at.start, Math.max(key.at.end + 1, value.at.end)).trimEnd();
}

/** The same mapping with another entry before this one. */
export function withEntryBefore(entry: YamlEntry, mapping: YamlMapping, source: Source, text: string): Edit {
  const at = entry.key.at.start;
  const behind = isFlow(mapping, source) ? ', ' : `\n${' '.repeat(columnsBefore(source, at))}`;
  return { from: at, to: at, text: text + behind };
}

/** An entry twice. */
export function doubled(entry: YamlEntry, mapping: YamlMapping, source: Source): Edit {
  return withEntryBefore(entry, mapping, source, written(entry, source));
}

/** The same mapping without this entry; `undefined` where nothing would be left of it. */
export function without(entry: YamlEntry, mapping: YamlMapping): Edit | undefined {
  const index = mapping.entries.indexOf(entry);
  const next = mapping.entries[index + 1];
  if (next !== undefined) return { from: entry.key.at.start, to: next.key.at.start, text: '' };
  const before = mapping.entries[index - 1];
  if (before === undefined) return undefined;
  return { from: Math.max(before.key.at.end + 1, before.value.at.end), to: entry.value.at.end, text: '' };
}

/** Another value behind the same key, on the key's line. */
export function withValue({ key, value }: YamlEntry, source: Source, text: string): Edit {
  const colon = source.text.indexOf(':', key.at.end);
  const isBlock =
    source.text.slice(colon, value.at.start).includes('\n') || /^[|>]/.test(source.text.slice(value.at.start));
  const end = isBlock ? source.text.slice(0, value.at.end).trimEnd().length : value.at.end;
  return { from: colon + 1, to: Math.max(end, colon + 1), text: ` ${text}` };
}
