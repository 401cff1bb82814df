import { describe, expect, it } from 'vitest';
import { marginOf, marginText } from '../../../src/ha/margin.ts';

const node = (name: string, ...loaded: string[]) => ({ name, loaded: new Set(loaded) });
const healthy = new Set(['cp1', 'cp2', 'cp3']);

describe('the margin in words', () => {
  it('names the weakest node, what it keeps and what it needs', () => {
    const nodes = [node('w1', 'cp1', 'cp2', 'cp3'), node('w2', 'cp1', 'cp2')];
    expect(marginText(marginOf(nodes, healthy, new Set(['cp1']), 1))).toBe(
      'weakest node w2 keeps 1 of 2 backends (cp2), needs 1',
    );
  });

  it('sees what nobody sees who looks at one node alone', () => {
    const nodes = [node('w1', 'cp1', 'cp2', 'cp3'), node('w2', 'cp1', 'cp2')];
    const verdict = marginOf(nodes, healthy, new Set(['cp1', 'cp2']), 1);
    expect(verdict.safe).toBe(false);
    expect(marginText(verdict)).toBe('weakest node w2 keeps 0 of 2 backends (none), needs 1');
  });

  it('gives a node that cannot be asked nothing to spare', () => {
    const verdict = marginOf([{ name: 'w3', loaded: 'unknown' }], healthy, new Set(), 1);
    expect(marginText(verdict)).toBe('node w3 cannot be asked and counts as having nothing to spare; 1 needed');
  });
});
