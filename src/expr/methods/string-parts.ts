import { fail } from '../runtime/failure.ts';
import { characters, lengthOf } from '../runtime/iterate.ts';

/** What Python takes for white space. */
const blank = String.raw`[\s\x1c-\x1f\x85]`;
const blanks = new RegExp(`${blank}+`);

export function strip(text: string, set: string | undefined, where: 'start' | 'end' | 'both'): string {
  const isIn =
    set === undefined ? (char: string): boolean => blanks.test(char) : (char: string): boolean => set.includes(char);
  const chars = characters(text);
  let from = 0;
  let to = chars.length;
  if (where !== 'end') while (from < to && isIn(chars[from] ?? '')) from++;
  if (where !== 'start') while (to > from && isIn(chars[to - 1] ?? '')) to--;
  return chars.slice(from, to).join('');
}

export function pad(text: string, width: number, fill: string, where: 'start' | 'end'): string {
  const padding = one(fill).repeat(Math.max(0, width - lengthOf(text)));
  return where === 'start' ? padding + text : text + padding;
}

/** As CPython places the odd blank: on the left where the text's own width is even. */
export function center(text: string, width: number, fill = ' '): string {
  const missing = Math.max(0, width - lengthOf(text));
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return one(fill).repeat(left) + text + fill.repeat(missing - left);
}

function one(fill: string): string {
  return lengthOf(fill) === 1 ? fill : fail('type', 'The fill character must be exactly one character');
}

export function zeroFill(text: string, width: number): string {
  const sign = text.startsWith('-') || text.startsWith('+') ? text.slice(0, 1) : '';
  return sign + '0'.repeat(Math.max(0, width - lengthOf(text))) + text.slice(sign.length);
}

export function expandTabs(text: string, size: number): string {
  let column = 0;
  let out = '';
  for (const char of text) {
    if (char === '\t') {
      const blanksToAdd = size > 0 ? size - (column % size) : 0;
      out += ' '.repeat(blanksToAdd);
      column += blanksToAdd;
    } else {
      out += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return out;
}

/** `text[start:end]` with where it begins, in characters. */
export function window(text: string, start?: number, end?: number): { readonly text: string; readonly offset: number } {
  if (start === undefined && end === undefined) return { text, offset: 0 };
  const chars = characters(text);
  const place = (at: number): number => Math.max(0, at < 0 ? at + chars.length : at);
  const from = place(start ?? 0);
  return { text: chars.slice(from, place(end ?? chars.length)).join(''), offset: from };
}

export function countIn(text: string, part: string): number {
  return part === '' ? lengthOf(text) + 1 : text.split(part).length - 1;
}

/** `count` below zero replaces all; nothing is found before, between and after all characters. */
export function replace(text: string, old: string, by: string, count: number): string {
  if (old === '') {
    const chars = characters(text);
    const times = count < 0 ? chars.length + 1 : Math.min(count, chars.length + 1);
    return chars.map((char, at) => (at < times ? by : '') + char).join('') + (times > chars.length ? by : '');
  }
  const pieces = text.split(old);
  if (count < 0 || pieces.length <= count + 1) return pieces.join(by);
  return [...pieces.slice(0, count), pieces.slice(count).join(old)].join(by);
}

/** Without a separator at runs of blanks, those at the ends dropped. */
export function split(text: string, separator: string | undefined, max: number): string[] {
  if (separator === '') fail('value', 'The separator must not be empty');
  if (separator !== undefined) {
    const pieces = text.split(separator);
    return max < 0 || pieces.length <= max + 1 ? pieces : [...pieces.slice(0, max), pieces.slice(max).join(separator)];
  }
  const pieces: string[] = [];
  let rest = strip(text, undefined, 'start');
  while (rest !== '') {
    const gap = max >= 0 && pieces.length >= max ? null : blanks.exec(rest);
    if (gap === null) {
      pieces.push(max >= 0 && pieces.length >= max ? rest : strip(rest, undefined, 'end'));
      break;
    }
    pieces.push(rest.slice(0, gap.index));
    rest = rest.slice(gap.index + gap[0].length);
  }
  return pieces;
}

export function splitFromEnd(text: string, separator: string | undefined, max: number): string[] {
  if (max < 0) return split(text, separator, max);
  const reversed = (value: string): string => characters(value).reverse().join('');
  return split(reversed(text), separator === undefined ? undefined : reversed(separator), max)
    .map(reversed)
    .reverse();
}

export function splitLines(text: string, keepEnds: boolean): string[] {
  const lines =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  return keepEnds ? lines : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}

export function partition(text: string, separator: string, which: 'first' | 'last'): [string, string, string] {
  if (separator === '') fail('value', 'The separator must not be empty');
  const at = which === 'first' ? text.indexOf(separator) : text.lastIndexOf(separator);
  if (at === -1) return which === 'first' ? [text, '', ''] : ['', '', text];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}
