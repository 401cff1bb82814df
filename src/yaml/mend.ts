import { lineAfter, type SourceLine } from './line.ts';

/**
 * A repair of the text that keeps every offset, so that the parser can go on behind a mistake and find the next ones.
 * The mistake itself is reported where the mend is made.
 */
export interface Mend {
  readonly from: number;
  readonly to: number;
  /**
   * `plain`: read as a plain scalar. `comment`: the lines are left out. `spaces`: tabs are read as one space each.
   * `joined`: the lines of a text in quotes are read as one, and its value from the source.
   */
  readonly as: 'plain' | 'comment' | 'spaces' | 'joined';
}

/** The mends stand in the order of their places and do not overlap. */
export function applyMends(text: string, mends: readonly Mend[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, as } of mends) {
    parts.push(text.slice(done, from), fillers[as](text.slice(from, to)));
    done = to;
  }
  return parts.join('') + text.slice(done);
}

const fillers: Readonly<Record<Mend['as'], (part: string) => string>> = {
  plain: (part) => 'x'.repeat(part.length),
  comment,
  spaces: (part) => ' '.repeat(part.length),
  joined: (part) => part.replaceAll(/\r?\n[ \t]*/g, (blank) => ' '.repeat(blank.length)),
};

function comment(lines: string): string {
  return lines.replaceAll(/^([ \t]*)[^\s]/gm, '$1#');
}

/** This line and those after it that are indented as deep: one mistake, not one a line. */
export function linesFrom(text: string, first: SourceLine): Mend {
  let last = first;
  for (let next = lineAfter(text, first); next !== undefined; next = lineAfter(text, next)) {
    const isBlank = next.first === next.end;
    if (!isBlank && next.indent < first.indent) break;
    if (!isBlank) last = next;
  }
  return { from: first.start, to: last.end, as: 'comment' };
}
