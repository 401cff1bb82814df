import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/core/redact.ts';

// A small alphabet, so that secrets overlap, repeat and contain each other.
const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', "'", '\\', ' '), minLength: 4, maxLength: 9 });
const secrets = fc.array(piece, { minLength: 1, maxLength: 4 });
const noise = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '\n', ' ', "'"), maxLength: 12 });

const cutAt = (text: string, cuts: readonly number[]): readonly string[] => {
  const places = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
  return places.slice(1).map((to, index) => text.slice(places[index], to));
};

describe('the redactor', () => {
  it('shows no registered secret', () => {
    fc.assert(
      fc.property(secrets, fc.array(fc.oneof(noise, fc.nat()), { maxLength: 8 }), (known, parts) => {
        const redactor = createRedactor();
        for (const secret of known) redactor.register(secret);
        const text = parts.map((part) => (typeof part === 'string' ? part : known[part % known.length])).join('');
        const shown = redactor.text(text);
        for (const secret of known) expect(shown.includes(secret)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('shows the same in a stream as in one piece, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.constantFrom('x', 'ab', 'abc', 'a b')), { maxLength: 4 }),
        fc.array(fc.oneof(noise, fc.nat()), { maxLength: 10 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (known, parts, cuts) => {
          const redactor = createRedactor();
          for (const secret of known) redactor.register(secret);
          const text = parts
            .map((part) => (typeof part === 'string' ? part : (known[part % Math.max(1, known.length)] ?? '')))
            .join('');
          const stream = redactor.stream();
          const shown = cutAt(text, cuts).map((chunk) => stream.push(chunk));
          expect(shown.join('') + stream.end()).toBe(redactor.text(text));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
