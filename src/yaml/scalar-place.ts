import type { Location, Source } from '../core/source.ts';
import type { YamlScalar } from './node.ts';

/** The value of a scalar with the range of the source that each of its UTF-16 units was written as. */
interface Mapped {
  readonly value: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * What `place` of a scalar is: exact where its value can be followed through the source, else the whole of it. The
 * places are looked up when the first one is asked for, since most scalars hold no template.
 */
export function placeIn(
  source: Source,
  at: Location,
  style: YamlScalar['style'],
  value: YamlScalar['value'],
): YamlScalar['place'] {
  let found: Mapped | undefined | 'not yet' = 'not yet';
  return (from, to) => {
    if (found === 'not yet') {
      found = typeof value === 'string' ? mapScalar(source.text, at.start, at.end, style, value) : undefined;
    }
    if (found === undefined) return at;
    const { starts, ends } = found;
    const start = Math.min(starts[from] ?? ends.at(-1) ?? at.start, at.end);
    const end = to > from ? (ends[Math.min(to, ends.length) - 1] ?? start) : start;
    return { source, start, end: Math.min(end, at.end) };
  };
}

/** The value of a text in quotes, as its source has it. */
export function foldedText(text: string, { start, end }: Location, style: 'single' | 'double'): string {
  return readFlow(text, start + 1, end - 1, style === 'single' ? apostrophe : escape).value;
}

/**
 * Reads a scalar once more from its source, keeping the place of each unit of its value. `from` and `to` are the range
 * of the scalar with its quotes or block header. The result holds only if its value is the one that the parser found;
 * a block scalar is tried with each indentation that its first line allows.
 */
function mapScalar(
  text: string,
  from: number,
  to: number,
  style: YamlScalar['style'],
  value: string,
): Mapped | undefined {
  for (const mapped of readings(text, from, to, style)) {
    if (mapped.value === value) return mapped;
  }
  return undefined;
}

function* readings(text: string, from: number, to: number, style: YamlScalar['style']): Generator<Mapped> {
  switch (style) {
    case 'plain':
      yield readFlow(text, from, to, () => undefined);
      return;
    case 'single':
      yield readFlow(text, from + 1, to - 1, apostrophe);
      return;
    case 'double':
      yield readFlow(text, from + 1, to - 1, escape);
      return;
    case 'literal':
    case 'folded':
      yield* readBlock(text, from, to, style);
  }
}

interface Builder {
  readonly chars: string[];
  readonly starts: number[];
  readonly ends: number[];
}

function newBuilder(): Builder {
  return { chars: [], starts: [], ends: [] };
}

/** Each unit of `written` stands for the whole range, as an escape cannot be cut. */
function push(builder: Builder, written: string, start: number, end: number): void {
  for (let index = 0; index < written.length; index++) {
    builder.chars.push(written.charAt(index));
    builder.starts.push(start);
    builder.ends.push(end);
  }
}

function mapped({ chars, starts, ends }: Builder): Mapped {
  return { value: chars.join(''), starts, ends };
}

/** What a special spelling at an offset stands for, and where it ends. */
type Unescape = (text: string, at: number) => { readonly written: string; readonly end: number } | undefined;

const apostrophe: Unescape = (text, at) => (text.startsWith("''", at) ? { written: "'", end: at + 2 } : undefined);

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const escape: Unescape = (text, at) => {
  if (text.charAt(at) !== '\\') return undefined;
  const kind = text.charAt(at + 1);
  const digits = hexDigits[kind];
  if (digits !== undefined) {
    const hex = text.slice(at + 2, at + 2 + digits);
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? { written: String.fromCodePoint(code), end: at + 2 + digits } : undefined;
  }
  const joined = /^\\\r?\n[ \t]*/.exec(text.slice(at, at + 1024));
  if (joined !== null) return { written: '', end: at + joined[0].length };
  const written = escapes[kind];
  return written === undefined ? undefined : { written, end: at + 2 };
};

/** Plain and quoted scalars: white space around a line break is dropped; one break is a space, each further one a break. */
function readFlow(text: string, from: number, to: number, unescape: Unescape): Mapped {
  const builder = newBuilder();
  let at = from;
  while (at < to) {
    const special = unescape(text, at);
    if (special !== undefined) {
      push(builder, special.written, at, special.end);
      at = special.end;
      continue;
    }
    const fold = foldAt(text, at, to);
    if (fold !== undefined) {
      push(builder, fold.breaks === 1 ? ' ' : '\n'.repeat(fold.breaks - 1), at, fold.end);
      at = fold.end;
      continue;
    }
    push(builder, text.charAt(at), at, at + 1);
    at += 1;
  }
  return mapped(builder);
}

/** White space with at least one line break in it. */
function foldAt(text: string, at: number, to: number): { readonly breaks: number; readonly end: number } | undefined {
  let end = at;
  let breaks = 0;
  for (; end < to; end++) {
    const char = text.charAt(end);
    if (char === '\n') breaks += 1;
    else if (char !== ' ' && char !== '\t' && !(char === '\r' && text.charAt(end + 1) === '\n')) break;
  }
  return breaks === 0 ? undefined : { breaks, end };
}

interface Line {
  readonly start: number;
  /** Without its line break. */
  readonly end: number;
}

function* readBlock(text: string, from: number, to: number, style: 'literal' | 'folded'): Generator<Mapped> {
  const headerEnd = text.indexOf('\n', from);
  if (headerEnd === -1 || headerEnd >= to) {
    yield mapped(newBuilder());
    return;
  }
  const chomp = /[+-]/.exec(text.slice(from, headerEnd).replace(/\s#.*/, ''))?.[0] ?? '';
  const lines = linesOf(text, headerEnd + 1, to);
  const first = lines.find((line) => text.slice(line.start, line.end).trim() !== '');
  const deepest = first === undefined ? 0 : /^ */.exec(text.slice(first.start, first.end))?.[0].length;
  for (let indent = deepest ?? 0; indent >= 0; indent--) yield blockWith(text, lines, indent, style, chomp);
}

function linesOf(text: string, from: number, to: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = from; start < to; ) {
    const found = text.indexOf('\n', start);
    const next = found === -1 || found >= to ? to : found + 1;
    const bare = text.slice(start, next).replace(/\r?\n$/, '');
    lines.push({ start, end: start + bare.length });
    start = next;
  }
  return lines;
}

function blockWith(
  text: string,
  lines: readonly Line[],
  indent: number,
  style: 'literal' | 'folded',
  chomp: string,
): Mapped {
  const builder = newBuilder();
  const contents = lines.map(({ start, end }) => ({ start: Math.min(start + indent, end), end }));
  const isBlank = (line: Line): boolean => /^ *$/.test(text.slice(line.start, line.end));
  let last = -1;
  for (const [index, line] of contents.entries()) {
    if (isBlank(line)) continue;
    const previous = contents[last];
    const blankLines = contents.slice(last + 1, index);
    if (previous === undefined || style === 'literal') {
      if (previous !== undefined) push(builder, '\n', previous.end, previous.end + 1);
      for (const blank of blankLines) pushLine(builder, text, blank);
    } else {
      push(builder, joint(text, previous, line, blankLines.length), previous.end, line.start);
    }
    for (let at = line.start; at < line.end; at++) push(builder, text.charAt(at), at, at + 1);
    last = index;
  }
  const previous = contents[last];
  if (chomp === '+') {
    if (previous !== undefined) push(builder, '\n', previous.end, previous.end + 1);
    for (const blank of contents.slice(last + 1)) pushLine(builder, text, blank);
  } else if (chomp === '' && previous !== undefined) {
    push(builder, '\n', previous.end, previous.end + 1);
  }
  return mapped(builder);
}

/** What a folded block has between two lines: a space, unless blank lines or deeper ones are concerned. */
function joint(text: string, previous: Line, line: Line, blanks: number): string {
  if (isDeeper(text, previous) || isDeeper(text, line)) return '\n'.repeat(blanks + 1);
  return blanks === 0 ? ' ' : '\n'.repeat(blanks);
}

/** A line of spaces with its line break, as literal blocks keep them. */
function pushLine(builder: Builder, text: string, line: Line): void {
  for (let at = line.start; at < line.end; at++) push(builder, text.charAt(at), at, at + 1);
  push(builder, '\n', line.end, line.end + 1);
}

function isDeeper(text: string, line: Line): boolean {
  return /[ \t]/.test(text.charAt(line.start));
}
