import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isList, isMapping, type Mapping, type Value } from '../../src/core/value.ts';
import type { Outcome } from '../../src/expr/api.ts';
import { compileExpression, compileTemplate } from '../../src/expr/compile.ts';
import { evaluateExpression, evaluateTemplate } from '../../src/expr/evaluate.ts';
import { compareText } from '../../src/expr/runtime/compare.ts';
import { repr } from '../../src/expr/runtime/text.ts';
import { environment, placeIn } from '../rig/expr-environment.ts';

const none: Mapping = new Map();

function compute(text: string, variables: Mapping = none): Outcome {
  const compiled = compileExpression(text, placeIn(text));
  if (!compiled.ok) throw new Error(`${text}: ${compiled.diagnostics[0]?.message}`);
  return evaluateExpression(compiled.value, environment(variables));
}

function valueIn(outcome: Outcome): Value {
  if (outcome.kind !== 'value')
    throw new Error(
      `No value: ${JSON.stringify(outcome, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))}`,
    );
  return outcome.value;
}

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'grapheme' }),
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map<Value, Value>(entries)),
  ),
})).value;

const words = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  ' ',
  '\n',
  'if',
  'else',
  'endif',
  'for',
  'in',
  'endfor',
  'set',
  'x',
  'y',
  '=',
  '|',
  'default',
  'is',
  'not',
  'defined',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  ',',
  ':',
  '+',
  '~',
  "'",
  '"',
  '1',
  '2.5',
  '-',
  'and',
  'raw',
  'endraw',
  'macro',
  'endmacro',
  '\\',
  'é',
  '😀',
  '#',
  '%',
  '&',
];
const soup = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(''));

describe('any text', () => {
  it('is compiled or refused, its marks inside the text', () => {
    fc.assert(
      fc.property(fc.oneof(soup, fc.string()), fc.boolean(), (text, bare) => {
        const compiled = bare ? compileExpression(text, placeIn(text)) : compileTemplate(text, placeIn(text));
        if (compiled.ok) {
          for (const { at } of compiled.value.names.variables) {
            expect(at.start).toBeLessThan(at.end);
            expect(at.end).toBeLessThanOrEqual(text.length);
          }
          return;
        }
        expect(compiled.diagnostics.length).toBeGreaterThan(0);
        for (const { at, severity } of compiled.diagnostics) {
          expect(severity).toBe('error');
          expect(at?.start).toBeGreaterThanOrEqual(0);
          expect(at?.end).toBeLessThanOrEqual(text.length);
          expect(at?.start).toBeLessThanOrEqual(at?.end ?? -1);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('that compiles ends in a value, a request or a failure with a place', () => {
    fc.assert(
      fc.property(soup, value, (text, x) => {
        const compiled = compileTemplate(text, placeIn(text));
        if (!compiled.ok) return;
        const outcome = evaluateTemplate(compiled.value, environment(new Map<Value, Value>([['x', x]])), {
          native: true,
        });
        if (outcome.kind === 'failed') expect(outcome.error.at.source.text).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });

  it('without tags is what comes out', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/\{[{%#]/.test(text)),
        (text) => {
          const compiled = compileTemplate(text, placeIn(text));
          expect(compiled.ok && evaluateTemplate(compiled.value, environment(none), { native: true })).toEqual({
            kind: 'value',
            value: text,
          });
        },
      ),
    );
  });
});

describe('nothing of JavaScript', () => {
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__class__',
    '__mro__',
    '__globals__',
    '__init__',
    '__subclasses__',
    'call',
    'apply',
    'bind',
    'length',
    'size',
    'kind',
    'force',
    'part',
    'fields',
    'forEach',
    'then',
    'set',
    'push',
    'charAt',
    'at',
    'call_',
    'env',
    'rt',
    'engine',
    '__dict__',
    'mro',
  ];
  const bases = [
    'x',
    "''",
    '[]',
    '{}',
    '1',
    '1.5',
    'none',
    'true',
    '(1, 2)',
    'range(3)',
    'lookup',
    'namespace()',
    "cycler('a')",
    'joiner()',
    'now()',
    "'a'.upper",
    '[].append',
    '{}.get',
    'dict',
    'omit',
    'undef()',
  ];

  /** Only what Python's own types would have under these names. */
  const allowed = new Set(['set on {}']);

  it('is reached through attributes, items or filters', () => {
    for (const base of bases)
      for (const name of names)
        for (const access of [
          `${base}.${name}`,
          `(${base})['${name}']`,
          `${base} | attr('${name}')`,
          `[${base}] | map(attribute='${name}') | first`,
        ]) {
          const outcome = compute(
            `(${access}) is defined`,
            new Map<Value, Value>([['x', new Map<Value, Value>([['a', 1n]])]]),
          );
          const found = outcome.kind === 'value' && outcome.value === true;
          if (found && !allowed.has(`${name} on ${base}`)) throw new Error(`${access} is reachable`);
        }
  });

  it('is a value that leaves the language', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...names, 'items', 'keys', 'append', 'upper', 'x', '0'), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(...bases),
        (path, base) => {
          const text = `${base}${path.map((name) => (name === '0' ? '[0]' : `.${name}`)).join('')}`;
          const outcome = compute(text, new Map<Value, Value>([['x', new Map()]]));
          if (outcome.kind === 'value') expect(isPlain(outcome.value)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function isPlain(given: unknown): boolean {
  if (given === null || ['string', 'boolean', 'bigint', 'number'].includes(typeof given)) return true;
  if (isList(given)) return Object.getPrototypeOf(given) === Array.prototype && given.every(isPlain);
  return isMapping(given) && [...given].every(([key, item]) => isPlain(key) && isPlain(item));
}

describe('values', () => {
  it('are read back from what they print', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(valueIn(compute(repr(given)))).toEqual(given);
      }),
      { numRuns: 1000 },
    );
  });

  it('keep their type through a lone variable, and through JSON', () => {
    fc.assert(
      fc.property(value, (given) => {
        const variables = new Map<Value, Value>([
          ['text', JSON.stringify('x')],
          ['x', given],
        ]);
        if (!hasTags(given)) expect(valueIn(compute('x', variables))).toEqual(given);
        if (!hasTags(given)) expect(valueIn(compute('x | to_json | from_json', variables))).toEqual(given);
        if (!hasTags(given)) expect(valueIn(compute('x | to_nice_json | from_json == x', variables))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are read back from YAML, whatever the text in them', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('to_yaml', 'to_nice_yaml'), (given, filter) => {
        if (hasTags(given) || hasOddFloat(given)) return;
        expect(valueIn(compute(`x | ${filter} | from_yaml`, new Map([['x', given]])))).toEqual(given);
      }),
      { numRuns: 1000 },
    );
  });

  it('are read back from base64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        if (hasTags(given)) return;
        expect(valueIn(compute('x | b64encode | b64decode', new Map([['x', given]])))).toBe(given);
      }),
    );
  });
});

function hasTags(given: Value): boolean {
  return /\{[{%#]/.test(repr(given));
}

/** Printed with an exponent, which YAML 1.1 reads as a float only with a point; `to_yaml` writes one, so this is about -0.0. */
function hasOddFloat(given: Value): boolean {
  return repr(given).includes('-0.0');
}

describe('arithmetic', () => {
  const integer = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
  const on = (a: Value, b: Value): Mapping =>
    new Map([
      ['a', a],
      ['b', b],
    ]);

  it('divides with a rest of the sign of the divisor', () => {
    fc.assert(
      fc.property(
        integer,
        integer.filter((b) => b !== 0n),
        (a, b) => {
          expect(valueIn(compute('a // b * b + a % b == a', on(a, b)))).toBe(true);
          expect(valueIn(compute('a % b == 0 or (a % b < 0) == (b < 0)', on(a, b)))).toBe(true);
        },
      ),
    );
  });

  it('is exact on integers of any size', () => {
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        expect(valueIn(compute('[a + b, a - b, a * b, -a]', on(a, b)))).toEqual([a + b, a - b, a * b, -a]);
      }),
    );
  });

  it('orders numbers of both kinds as their exact values are ordered', () => {
    fc.assert(
      fc.property(integer, fc.double({ noNaN: true }), (a, b) => {
        expect(valueIn(compute('[a < b, a == b, a > b] | select | list | length == 1', on(a, b)))).toBe(true);
      }),
    );
  });
});

describe('lists', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !hasTags(text)));
  const on = (xs: Value): Mapping => new Map([['xs', xs]]);

  it('are sorted by code points, and stay the same when sorted again', () => {
    fc.assert(
      fc.property(texts, (xs) => {
        const sorted = valueIn(compute('xs | sort(case_sensitive=true)', on(xs)));
        expect(sorted).toEqual(xs.toSorted(compareText));
        expect(valueIn(compute('xs | sort(case_sensitive=true)', on(sorted)))).toEqual(sorted);
      }),
    );
  });

  it('are sets under union, intersect and difference', () => {
    fc.assert(
      fc.property(
        fc.array(scalar.filter((one) => !hasTags(one))),
        fc.array(scalar.filter((one) => !hasTags(one))),
        (a, b) => {
          const variables = new Map<Value, Value>([
            ['a', a],
            ['b', b],
          ]);
          expect(
            valueIn(
              compute(
                'a | union(b) | difference(b) | length == (a | unique(case_sensitive=true) | difference(b) | length)',
                variables,
              ),
            ),
          ).toBe(true);
          expect(
            valueIn(compute('(a | intersect(b)) is subset(b) and (a | intersect(b)) is subset(a)', variables)),
          ).toBe(true);
          expect(valueIn(compute('a | difference(b) | intersect(b)', variables))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are cut as Python cuts them', () => {
    const bound = fc.option(fc.bigInt({ min: -8n, max: 8n }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }).map(BigInt), { maxLength: 6 }),
        bound,
        bound,
        (xs, from, to) => {
          const text = `xs[${from ?? ''}:${to ?? ''}]`;
          expect(valueIn(compute(text, on(xs)))).toEqual(
            xs.slice(from === undefined ? undefined : Number(from), to === undefined ? undefined : Number(to)),
          );
        },
      ),
    );
  });
});
