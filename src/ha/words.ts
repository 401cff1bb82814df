import type { Diagnostic } from '../core/diagnostic.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Location, Source } from '../core/source.ts';
import type { HaCode } from './codes.ts';

/** One word of an haproxy configuration, without its quotes and escapes. */
export interface Word {
  readonly text: string;
  readonly at: Location;
}

/** What haproxy reads of one line; never empty. */
export type Line = readonly [Word, ...Word[]];

export function problem(code: HaCode, message: string, at: Location, related?: Diagnostic['related']): Diagnostic {
  return { code, severity: 'error', message, at, ...(related === undefined ? {} : { related }) };
}

/**
 * The lines of an haproxy configuration as words, by haproxy's rules ("Quoting and escaping" in its manual): `#` begins a
 * comment wherever it is neither quoted nor escaped, quotes may stand within a word, nothing goes on in the next line.
 */
export function linesOf(source: Source): Result<readonly Line[], Diagnostic> {
  const lines: Line[] = [];
  let start = 0;
  for (const raw of source.text.split('\n')) {
    const words = wordsOf(source, start, raw.replace(/\r$/, ''));
    if (!words.ok) return words;
    const [first, ...rest] = words.value;
    if (first !== undefined) lines.push([first, ...rest]);
    start += raw.length + 1;
  }
  return ok(lines);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function wordsOf(source: Source, offset: number, line: string): Result<readonly Word[], Diagnostic> {
  const place = (start: number, end: number): Location => ({ source, start: offset + start, end: offset + end });
  const words: Word[] = [];
  let text = '';
  let wordStart: number | undefined;
  let quote: { readonly char: string; readonly at: number } | undefined;
  const endWord = (end: number): void => {
    if (wordStart !== undefined) words.push({ text, at: place(wordStart, end) });
    text = '';
    wordStart = undefined;
  };
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (quote === undefined && char === '#') break;
    if (quote === undefined && (char === ' ' || char === '\t')) {
      endWord(at);
      at++;
      continue;
    }
    wordStart ??= at;
    if (quote === undefined ? char === '"' || char === "'" : char === quote.char) {
      quote = quote === undefined ? { char, at } : undefined;
      at++;
    } else if (char === '\\' && quote?.char !== "'") {
      const escape = escapeAt(line, at, quote !== undefined);
      if (escape === undefined) {
        const message = 'A backslash ends the line, and haproxy does not continue lines';
        return err(problem('ha/trailing-backslash', message, place(at, at + 1)));
      }
      text += escape.text;
      at += escape.length;
    } else if (char === '$' && quote?.char === '"') {
      const message = 'This value comes from the environment of the haproxy process, so it cannot be known';
      return err(problem('ha/environment', message, place(at, line.length)));
    } else {
      text += char;
      at++;
    }
  }
  if (quote !== undefined)
    return err(problem('ha/open-quote', `Expected ${quote.char} before the end of the line`, place(quote.at, at)));
  endWord(at);
  return ok(words);
}

interface Escape {
  readonly text: string;
  readonly length: number;
}

/** Within double quotes a backslash that escapes nothing special stays. */
function escapeAt(line: string, at: number, quoted: boolean): Escape | undefined {
  const next = line.charAt(at + 1);
  if (next === '') return undefined;
  if (quoted) return '"\\$'.includes(next) ? { text: next, length: 2 } : { text: '\\', length: 1 };
  const hex = /^x([0-9a-fA-F]{2})/.exec(line.slice(at + 1));
  if (hex !== null) return { text: String.fromCharCode(Number.parseInt(hex[1] ?? '', 16)), length: 4 };
  return { text: escapes[next] ?? next, length: 2 };
}
