import type { Paint, Style } from './paint.ts';
import { type Location, lineText, positionOf } from './source.ts';
import { textWidth } from './width.ts';

const tabStop = 4;
/** Longer lines are shown as a window around the range. */
const maxColumns = 120;
const contextColumns = 30;

/**
 * The source line of a place and a squiggle under the range, clipped to that line; aligned whatever tabs and wide
 * characters the line has. Control characters are drawn as their pictures, so that a file cannot steer the terminal.
 */
export function excerpt(at: Location, paint: Paint, style: Style, indent = '  '): readonly string[] {
  const start = positionOf(at.source, at.start);
  const line = lineText(at.source, start.line);
  if (line.trim() === '') return [];
  const from = Math.min(start.column - 1, line.length);
  const to = Math.max(from, Math.min(from + Math.max(0, at.end - at.start), line.length));
  const head = printable(line.slice(0, from), 0);
  const body = printable(line.slice(from, to), textWidth(head));
  const tail = printable(line.slice(to), textWidth(head) + textWidth(body));
  const shown = clip(head, body, tail);
  const squiggle = '~'.repeat(Math.max(1, textWidth(shown.body)));
  return [
    `${indent}${shown.head}${shown.body}${shown.tail}`.trimEnd(),
    `${indent}${' '.repeat(textWidth(shown.head))}${paint(style, squiggle)}`,
  ];
}

/** Tabs become spaces up to the next stop, other control characters their pictures. */
function printable(text: string, column: number): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\t') out += ' '.repeat(tabStop - ((column + textWidth(out)) % tabStop));
    else if (code < 0x20) out += String.fromCodePoint(0x2400 + code);
    else if (code >= 0x7f && code < 0xa0) out += '\u2421';
    else out += char;
  }
  return out;
}

interface Parts {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
}

function clip(head: string, body: string, tail: string): Parts {
  if (textWidth(head + body + tail) <= maxColumns) return { head, body, tail };
  const shortHead = textWidth(head) > contextColumns ? `…${takeLast(head, contextColumns)}` : head;
  const shortBody = take(body, maxColumns - textWidth(shortHead));
  const room = maxColumns - textWidth(shortHead) - textWidth(shortBody);
  const shortTail = shortBody === body ? take(tail, Math.max(0, room)) : '';
  const cut = shortBody !== body || shortTail !== tail;
  return { head: shortHead, body: shortBody, tail: cut ? `${shortTail}…` : shortTail };
}

function take(text: string, columns: number): string {
  let out = '';
  let width = 0;
  for (const char of text) {
    width += textWidth(char);
    if (width > columns) break;
    out += char;
  }
  return out;
}

function takeLast(text: string, columns: number): string {
  const chars = Array.from(text).reverse();
  let out = '';
  let width = 0;
  for (const char of chars) {
    width += textWidth(char);
    if (width > columns) break;
    out = char + out;
  }
  return out;
}
