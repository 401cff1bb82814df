import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEdits } from '../../../src/report/line-edits.ts';
import { unifiedDiff } from '../../../src/report/unified-diff.ts';

const diff = (before: string, after: string): readonly string[] =>
  unifiedDiff({ subject: 'x', before, after }).map((line) => line.text);
const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('');

describe('unifiedDiff', () => {
  it('says nothing of equal texts', () => {
    expect(diff('a\nb\n', 'a\nb\n')).toEqual([]);
    expect(diff('', '')).toEqual([]);
  });

  it('shows three lines around a change, and joins hunks that touch', () => {
    expect(diff(numbers(1, 20), numbers(1, 20).replace('5\n', 'five\n').replace('12\n', ''))).toEqual([
      '--- x',
      '+++ x',
      '@@ -2,14 +2,13 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
      ' 9',
      ' 10',
      ' 11',
      '-12',
      ' 13',
      ' 14',
      ' 15',
    ]);
  });

  it('keeps hunks apart that have more than six lines between them', () => {
    const lines = diff(numbers(1, 30), `0\n${numbers(1, 29)}`);
    expect(lines.filter((line) => line.startsWith('@@'))).toEqual(['@@ -1,3 +1,4 @@', '@@ -27,4 +28,3 @@']);
  });

  it('writes a new and a removed file as patch reads them', () => {
    expect(diff('', 'a\nb\n')).toEqual(['--- x', '+++ x', '@@ -0,0 +1,2 @@', '+a', '+b']);
    expect(diff('a\n', '')).toEqual(['--- x', '+++ x', '@@ -1 +0,0 @@', '-a']);
  });

  it('shows a missing line break at the end', () => {
    expect(diff('a\n', 'a')).toEqual(['--- x', '+++ x', '@@ -1 +1 @@', '-a', '+a', '\\ No newline at end of file']);
  });

  it('gives up on the smallest diff of texts that have next to nothing in common', () => {
    const before = Array.from({ length: 3000 }, (_, index) => `a${index}`);
    const after = Array.from({ length: 3000 }, (_, index) => `b${index}`);
    expect(lineEdits(before, after)).toHaveLength(6000);
  });
});

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  const [other, ...others] = b;
  if (first === undefined || other === undefined) return 0;
  if (first === other) return 1 + longestCommon(rest, others);
  return Math.max(longestCommon(rest, b), longestCommon(a, others));
}

describe('lineEdits', () => {
  it('leads from the old lines to the new ones with the fewest edits', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = lineEdits(before, after);
        expect(edits.filter((edit) => edit.kind !== 'added').map((edit) => edit.line)).toEqual(before);
        expect(edits.filter((edit) => edit.kind !== 'removed').map((edit) => edit.line)).toEqual(after);
        if (before.length < 9 && after.length < 9) {
          expect(edits.filter((edit) => edit.kind === 'same')).toHaveLength(longestCommon(before, after));
        }
      }),
      { numRuns: 500 },
    );
  });
});
