import type { Diff } from '../core/events.ts';
import { type Edit, lineEdits } from './line-edits.ts';

/** A line of a unified diff. */
export interface DiffLine {
  readonly kind: 'header' | 'hunk' | Edit['kind'];
  readonly text: string;
}

const context = 3;

/** What differs between two texts, in the form that `patch` reads; none where they are the same. */
export function unifiedDiff({ subject, before, after }: Diff): readonly DiffLine[] {
  const edits = lineEdits(linesOf(before), linesOf(after));
  const hunks = hunksOf(edits);
  if (hunks.length === 0) return [];
  return [
    { kind: 'header', text: `--- ${subject}` },
    { kind: 'header', text: `+++ ${subject}` },
    ...hunks.flatMap((hunk) => [{ kind: 'hunk', text: heading(hunk) } as const, ...hunk.edits.flatMap(shown)]),
  ];
}

/** Lines keep their line break, so that a missing one at the end makes a difference. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Hunk {
  /** How many old and new lines stand before it. */
  readonly oldBefore: number;
  readonly newBefore: number;
  readonly edits: readonly Edit[];
}

function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let at = 0;
  let oldBefore = 0;
  let newBefore = 0;
  const pass = (to: number): void => {
    for (; at < to; at++) {
      const kind = edits[at]?.kind;
      if (kind !== 'added') oldBefore += 1;
      if (kind !== 'removed') newBefore += 1;
    }
  };
  for (let first = nextChange(edits, 0); first !== -1; first = nextChange(edits, at)) {
    pass(Math.max(at, first - context));
    let end = first + 1;
    for (let next = nextChange(edits, end); next !== -1 && next - end <= 2 * context; next = nextChange(edits, end)) {
      end = next + 1;
    }
    const to = Math.min(edits.length, end + context);
    hunks.push({ oldBefore, newBefore, edits: edits.slice(at, to) });
    pass(to);
  }
  return hunks;
}

function nextChange(edits: readonly Edit[], from: number): number {
  for (let at = from; at < edits.length; at++) if (edits[at]?.kind !== 'same') return at;
  return -1;
}

function heading({ oldBefore, newBefore, edits }: Hunk): string {
  const olds = edits.filter((edit) => edit.kind !== 'added').length;
  const news = edits.filter((edit) => edit.kind !== 'removed').length;
  return `@@ -${span(oldBefore, olds)} +${span(newBefore, news)} @@`;
}

/** An empty range names the line before it. */
function span(before: number, count: number): string {
  const start = count === 0 ? before : before + 1;
  return count === 1 ? String(start) : `${start},${count}`;
}

const signs = { same: ' ', removed: '-', added: '+' } as const;

function shown({ kind, line }: Edit): readonly DiffLine[] {
  const text = `${signs[kind]}${line.replace(/\n$/, '')}`;
  return line.endsWith('\n')
    ? [{ kind, text }]
    : [
        { kind, text },
        { kind, text: '\\ No newline at end of file' },
      ];
}
