import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, find, findAll } from '../../src/expr/python/regex/match.ts';
import { begin } from '../../src/expr/session.ts';
import { environment } from '../rig/expr-environment.ts';

/** Patterns that mean the same in Python and in JavaScript: those differ where a repeated group matches nothing. */
const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', 'x', '1');
const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    atom,
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(atom, fc.constantFrom('*', '+', '?', '{1,2}', '{2}', '*?', '+?', '??', '{0,2}?')).map(([a, q]) => a + q),
    fc.tuple(atom, tie('node'), fc.constantFrom('?', '{0,2}', '??')).map(([a, b, q]) => `(?:${a}${b})${q}`),
    tie('node').map((a) => `(${a})`),
    tie('node').map((a) => `(?=${a})`),
    tie('node').map((a) => `(?!${a})`),
    fc.constantFrom('^', '\\b', '\\B'),
  ),
})).node;
const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', '1', ' ', '\n', '_'), maxLength: 12 });

describe('patterns', () => {
  const { rt } = begin(environment(new Map()), false).frame;

  it('match where JavaScript matches', () => {
    fc.assert(
      fc.property(pattern, subject, (source, text) => {
        const ours = find(compile(source), text, 'search', rt);
        const theirs = new RegExp(source, 'u').exec(text);
        expect(ours && [ours.start, ours.group(0)]).toEqual(theirs ? [theirs.index, theirs[0]] : undefined);
      }),
      { numRuns: 5000 },
    );
  });

  it('match at the beginning and as a whole as their anchors say', () => {
    fc.assert(
      fc.property(pattern, subject, (source, text) => {
        const program = compile(source);
        expect(find(program, text, 'match', rt) !== undefined).toBe(new RegExp(`^(?:${source})`, 'u').test(text));
        expect(find(program, text, 'full', rt) !== undefined).toBe(new RegExp(`^(?:${source})$`, 'u').test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('are found one behind the other, without a gap that holds one', () => {
    fc.assert(
      fc.property(pattern, subject, (source, text) => {
        let end = 0;
        for (const match of findAll(compile(source), text, rt)) {
          expect(match.start).toBeGreaterThanOrEqual(end);
          ({ end } = match);
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('are read or refused, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '(',
            ')',
            '[',
            ']',
            '*',
            '+',
            '?',
            '{',
            '}',
            ',',
            '\\',
            '^',
            '$',
            '|',
            'a',
            '1',
            ':',
            '<',
            'P',
            '=',
            '!',
            '-',
            '#',
            'i',
          ),
        }),
        (source) => {
          try {
            compile(source);
          } catch (error) {
            expect(error).toMatchObject({ reason: 'value' });
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
