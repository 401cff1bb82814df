import { compilePythonRegex, expandPythonReplacement } from '../core/python-regex.ts';
import type { Edited } from './edit-file.ts';

/** Every match of a pattern, between two others where they are given. */
export interface ReplaceWish {
  readonly regexp: string;
  readonly replace: string;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** Edits as Ansible's replace does; the text says what is wrong with a pattern. */
export function editMatches(text: string, wish: ReplaceWish): Edited | string {
  const section = sectionOf(text, wish);
  if (typeof section === 'string') return section;
  if (section === undefined) {
    const pattern = sectionPattern(wish);
    return { text, msg: `Pattern for before/after params did not match the given file: ${pattern}` };
  }
  const regex = compilePythonRegex(wish.regexp, { multiline: true });
  if (!regex.ok) return `Cannot read "regexp": ${regex.error}`;
  const old = text.slice(section.start, section.end);
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  for (const match of old.matchAll(regex.value)) {
    const expanded = expandPythonReplacement(wish.replace, match);
    if (!expanded.ok) return `Cannot read "replace": ${expanded.error}`;
    parts.push(old.slice(from, match.index), expanded.value);
    from = match.index + match[0].length;
    count += 1;
  }
  const edited = parts.join('') + old.slice(from);
  if (edited === old) return { text, msg: '' };
  return { text: text.slice(0, section.start) + edited + text.slice(section.end), msg: `${count} replacements made` };
}

function sectionPattern({ after, before }: ReplaceWish): string {
  if (after !== undefined && before !== undefined) return `${after}(?P<subsection>.*?)${before}`;
  return after === undefined ? `(?P<subsection>.*)${before ?? ''}` : `${after}(?P<subsection>.*)`;
}

/** Where to look; undefined where `after` and `before` match nothing. */
function sectionOf(
  text: string,
  wish: ReplaceWish,
): { readonly start: number; readonly end: number } | string | undefined {
  if (wish.after === undefined && wish.before === undefined) return { start: 0, end: text.length };
  const regex = compilePythonRegex(sectionPattern(wish), { dotAll: true });
  if (!regex.ok) return `Cannot read "after" or "before": ${regex.error}`;
  const [start, end] = regex.value.exec(text)?.indices?.groups?.['subsection'] ?? [];
  return start === undefined || end === undefined ? undefined : { start, end };
}
