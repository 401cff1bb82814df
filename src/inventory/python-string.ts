import { type Cursor, match, space } from './cursor.ts';

/** One of Python's string literals, or several beside each other, which are one; absent where there is none or it is not closed. */
export function pythonString(cursor: Cursor): string | undefined {
  let whole: string | undefined;
  for (;;) {
    const before = cursor.at;
    space(cursor);
    const start = match(cursor, /(?:[bBuU]|[rR][bB]?|[bB][rR])?(?:'''|"""|'|")/y);
    if (start === undefined) {
      cursor.at = before;
      return whole;
    }
    const text = body(cursor, start.replace(/^[a-z]*/i, ''), /^[a-z]*r/i.test(start));
    if (text === undefined) return undefined;
    whole = (whole ?? '') + text;
  }
}

function body(cursor: Cursor, quote: string, raw: boolean): string | undefined {
  for (let text = ''; cursor.at < cursor.text.length; ) {
    if (cursor.text.startsWith(quote, cursor.at)) {
      cursor.at += quote.length;
      return text;
    }
    const char = cursor.text[cursor.at] ?? '';
    cursor.at += 1;
    const piece = char !== '\\' ? char : raw ? rawPair(cursor) : escape(cursor);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return undefined;
}

/** In a raw string a backslash stays, and still keeps a quote from ending it. */
function rawPair(cursor: Cursor): string {
  const next = cursor.text[cursor.at] ?? '';
  cursor.at += 1;
  return `\\${next}`;
}

const simple: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** An escape that Python does not know keeps its backslash; a broken one is refused. */
function escape(cursor: Cursor): string | undefined {
  const octal = match(cursor, /[0-7]{1,3}/y);
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  const hex = match(cursor, /x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y);
  if (hex !== undefined) {
    const code = Number.parseInt(hex.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }
  const next = cursor.text[cursor.at];
  if (next === undefined || 'xuUN'.includes(next)) return undefined;
  cursor.at += 1;
  return simple.get(next) ?? `\\${next}`;
}
