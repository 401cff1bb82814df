/** A text that a person wrote, kept whole so that every later message can show its line. */
export interface Source {
  /** As the person named it: relative to the working directory where possible. */
  readonly path: string;
  readonly text: string;
}

/** A range of a source: UTF-16 offsets, `end` exclusive. Line and column are computed when printed. */
export interface Location {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Both count from 1; the column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStarts.set(source, starts);
  return starts;
}

/** Offsets outside the text are clamped to it. */
export function positionOf(source: Source, offset: number): Position {
  const starts = startsOf(source);
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: clamped - (starts[low] ?? 0) + 1 };
}

/** The text of one line, without its line break. `line` counts from 1. */
export function lineText(source: Source, line: number): string {
  const starts = startsOf(source);
  const from = starts[line - 1];
  if (from === undefined) return '';
  const to = starts[line];
  return source.text.slice(from, to === undefined ? undefined : to - 1).replace(/\r$/, '');
}

/** `path:line:column`, the form that terminals and editors make clickable. */
export function placeText(at: Location): string {
  const { line, column } = positionOf(at.source, at.start);
  return `${at.source.path}:${line}:${column}`;
}
