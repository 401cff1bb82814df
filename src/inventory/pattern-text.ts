import { readFileSync } from 'node:fs';
import { parseAddress } from './address.ts';
import { reasonOf, shownPath } from './text.ts';

/**
 * The single patterns of a text such as `web:&eu:!db`. Commas separate where there is one; otherwise colons do, unless
 * the whole is an address or a range, which has colons of its own.
 */
export function splitPattern(text: string): readonly string[] {
  const parts = text.includes(',')
    ? text.split(',')
    : parseAddress(text) !== undefined
      ? [text]
      : (text.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** `@file` stands for the lines of the file. */
export function withFiles(parts: readonly string[], fail: (message: string) => void): readonly string[] {
  return parts.flatMap((part) => {
    if (!part.startsWith('@')) return [part];
    try {
      return readFileSync(part.slice(1), 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    } catch (error) {
      fail(`Cannot read the hosts in "${shownPath(part.slice(1))}": ${reasonOf(error)}`);
      return [];
    }
  });
}

/** First what adds hosts, then what keeps some of them (`&`), then what takes hosts away (`!`); `all` where nothing adds. */
export function inOrder(parts: readonly string[]): readonly string[] {
  const kept = parts.filter((part) => part.startsWith('&'));
  const dropped = parts.filter((part) => part.startsWith('!'));
  const added = parts.filter((part) => !part.startsWith('&') && !part.startsWith('!'));
  return [...(added.length > 0 ? added : ['all']), ...kept, ...dropped];
}

/** A pattern without its position, and the position. Both ends of a range count. */
export interface Subscripted {
  readonly base: string;
  readonly subscript?: { readonly from: number; readonly to: number | 'end' | undefined };
  /** Written as `[x-y]`, which older releases of Ansible had. */
  readonly dashed: boolean;
}

export function takeSubscript(pattern: string): Subscripted {
  const match = /^(.+)\[(?:(-?[0-9]+)|([0-9]+)([:-])([0-9]*))\]$/s.exec(pattern);
  if (match === null || pattern.startsWith('~')) return { base: pattern, dashed: false };
  const [, base = '', index, from, separator, to] = match;
  const subscript =
    index === undefined
      ? { from: Number(from), to: to === '' ? ('end' as const) : Number(to) }
      : { from: Number(index), to: undefined };
  return { base, subscript, dashed: separator === '-' };
}

/** What a single pattern says of a name: `~` begins a regular expression that must fit from the beginning, all else is a glob. Absent where it is broken. */
export function nameTest(pattern: string): ((name: string) => boolean) | undefined {
  try {
    const expression = pattern.startsWith('~')
      ? pythonPattern(pattern.slice(1))
      : new RegExp(`^${globSource(pattern)}$`, 's');
    return (name) => expression.test(name);
  } catch {
    return undefined;
  }
}

/** Python writes named groups and flags a little differently. */
function pythonPattern(text: string): RegExp {
  const flags = /^\(\?([aiLmsux]+)\)/.exec(text);
  const source = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\Z', '$')
    .replaceAll('\\A', '^');
  return new RegExp(`^(?:${source})`, (flags?.[1] ?? '').replace(/[^ims]/g, ''));
}

/** `*`, `?`, `[abc]`, `[a-c]` and `[!abc]`; a bracket that is never closed is itself. */
function globSource(glob: string): string {
  return glob.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (text, negated: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${negated === '!' ? '^' : ''}${set.replace(/[\\^[\]]/g, '\\$&')}]`;
    if (text === '*') return '.*';
    return text === '?' ? '.' : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
}
