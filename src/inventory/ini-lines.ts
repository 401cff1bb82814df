import type { Location, Source } from '../core/source.ts';

/** A line of an INI inventory without the blanks around it. */
export interface Line {
  readonly text: string;
  /** Of characters of the text; the whole line without arguments. */
  readonly at: (from?: number, to?: number) => Location;
}

/** Lines that say something: no empty ones, no comments. */
export function linesOf(source: Source): readonly Line[] {
  const lines: Line[] = [];
  for (const match of source.text.matchAll(/[^\r\n]+/g)) {
    const text = match[0].trim();
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const start = match.index + match[0].indexOf(text);
    lines.push({
      text,
      at: (from = 0, to = text.length) => ({ source, start: start + from, end: start + to }),
    });
  }
  return lines;
}
