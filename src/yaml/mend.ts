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

export function applyMends(text: string, mends: readonly Mend[]): string {
  let out = text;
  for (const { from, to, as } of mends) {
    const part = out.slice(from, to);
    const filler = {
      plain: () => 'x'.repeat(part.length),
      comment: () => comment(part),
      spaces: () => ' '.repeat(part.length),
      joined: () => part.replaceAll(/\r?\n[ \t]*/g, (blank) => ' '.repeat(blank.length)),
    };
    out = out.slice(0, from) + filler[as]() + out.slice(to);
  }
  return out;
}

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
