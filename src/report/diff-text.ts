import type { Diff } from '../core/events.ts';
import type { Paint } from '../core/paint.ts';
import { printable } from './printable.ts';
import { type DiffLine, unifiedDiff } from './unified-diff.ts';

const styles = { header: 'bold', hunk: 'cyan', removed: 'red', added: 'green' } as const satisfies Partial<
  Record<DiffLine['kind'], string>
>;

/** A diff as lines of a report. */
export function diffText(diff: Diff, paint: Paint): readonly string[] {
  return unifiedDiff(diff).map(({ kind, text }) =>
    kind === 'same' ? printable(text) : paint(styles[kind], printable(text)),
  );
}
