import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isList, isMapping, type Value } from '../../src/core/value.ts';
import { createScope, type Scope } from '../../src/vars/scope.ts';
import type { Variables } from '../../src/vars/term.ts';
import { valueOf } from '../../src/vars/value-of.ts';
import { variablesOfNode } from '../../src/vars/variables.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Name = (typeof names)[number];

/** A value: a number, a text that prints names, or a list or mapping of such. */
type Shape =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly reads: readonly Name[] }
  | { readonly kind: 'list'; readonly items: readonly Shape[] }
  | { readonly kind: 'mapping'; readonly x: Shape; readonly y: Shape };

/** Reads only names behind it, so that no variable is defined by itself. */
function shapes(index: number): fc.Arbitrary<Shape> {
  const number = fc.nat(99).map((value): Shape => ({ kind: 'number', value }));
  const later = names.slice(index + 1);
  const text = fc
    .subarray([...later], { maxLength: Math.min(2, later.length) })
    .map((reads): Shape => ({ kind: 'text', reads }));
  const leaf = fc.oneof(number, text);
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    fc.array(leaf, { maxLength: 2 }).map((items): Shape => ({ kind: 'list', items })),
    fc.tuple(leaf, leaf).map(([x, y]): Shape => ({ kind: 'mapping', x, y })),
  );
}

type Layer = ReadonlyMap<Name, Shape>;
const layer: fc.Arbitrary<Layer> = fc
  .tuple(...names.map((_, index) => fc.option(shapes(index), { nil: undefined })))
  .map(
    (values) =>
      new Map(names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]] as const]))),
  );

function yamlOf(shape: Shape): string {
  if (shape.kind === 'number') return String(shape.value);
  if (shape.kind === 'text')
    return JSON.stringify(`<${shape.reads.map((name) => `{{ ${name} | default("none") | to_json }}`).join(' ')}>`);
  if (shape.kind === 'list') return `[${shape.items.map(yamlOf).join(', ')}]`;
  return `{x: ${yamlOf(shape.x)}, y: ${yamlOf(shape.y)}}`;
}

const compile = (one: Layer): Variables =>
  variablesOfNode(
    parseYaml({ path: 'layer', text: [...one].map(([name, shape]) => `${name}: ${yamlOf(shape)}\n`).join('') }).root,
    'play',
    'play',
  ).variables;

const scopeOf = (layers: readonly Layer[]): Scope =>
  createScope({ layers: layers.map(compile), answer: () => undefined, now: () => 0, random: () => 0 });

const merged = (layers: readonly Layer[]): Layer => new Map(layers.flatMap((one) => [...one]));

/** What the value should be, worked out the slow way: everything evaluated, strongest layer only. */
function expected(shape: Shape, all: Layer): Value {
  if (shape.kind === 'number') return BigInt(shape.value);
  if (shape.kind === 'list') return shape.items.map((item) => expected(item, all));
  if (shape.kind === 'mapping')
    return new Map([
      ['x', expected(shape.x, all)],
      ['y', expected(shape.y, all)],
    ]);
  const texts = shape.reads.map((name) => {
    const found = all.get(name);
    return printed(found === undefined ? 'none' : expected(found, all));
  });
  return `<${texts.join(' ')}>`;
}

/** As Python writes JSON. */
function printed(value: Value): string {
  if (isMapping(value)) return `{${[...value].map(([key, item]) => `${printed(key)}: ${printed(item)}`).join(', ')}}`;
  if (isList(value)) return `[${value.map(printed).join(', ')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

const valueIn = (scope: Scope, name: Name): Value | undefined => {
  const outcome = valueOf(name, scope);
  if (outcome === undefined) return undefined;
  if (outcome.kind !== 'value')
    throw new Error(outcome.kind === 'failed' ? outcome.error.message : 'Nothing was to be asked');
  return outcome.value;
};

const layers = fc.array(layer, { minLength: 1, maxLength: 4 });

describe('a scope', () => {
  it('gives what evaluating everything in the strongest layer gives', () => {
    fc.assert(
      fc.property(layers, (all) => {
        const scope = scopeOf(all);
        const flat = merged(all);
        for (const name of names) {
          const shape = flat.get(name);
          expect(valueIn(scope, name)).toEqual(shape && expected(shape, flat));
        }
      }),
    );
  });

  it('does not care in which order variables are read', () => {
    fc.assert(
      fc.property(layers, fc.shuffledSubarray([...names], { minLength: names.length }), (all, order) => {
        const scope = scopeOf(all);
        const values = new Map(order.map((name) => [name, valueIn(scope, name)]));
        const fresh = scopeOf(all);
        for (const name of names) expect(values.get(name)).toEqual(valueIn(fresh, name));
      }),
    );
  });

  it('is the same over layers that were merged before', () => {
    fc.assert(
      fc.property(layers, layers, (weak, strong) => {
        const whole = scopeOf([...weak, ...strong]);
        const halves = scopeOf([merged(weak), merged(strong)]);
        for (const name of names) expect(valueIn(whole, name)).toEqual(valueIn(halves, name));
        expect([...whole.names()].sort()).toEqual([...halves.names()].sort());
      }),
    );
  });

  it('explains each name with one candidate a layer, the one that counts first', () => {
    fc.assert(
      fc.property(layers, (all) => {
        const compiled = all.map(compile);
        const scope = createScope({ layers: compiled, answer: () => undefined, now: () => 0, random: () => 0 });
        for (const name of names) {
          const terms = compiled.flatMap((one) => one.get(name)?.term ?? []).reverse();
          expect(scope.explain(name).map((candidate) => candidate.term)).toEqual(terms);
        }
      }),
    );
  });
});
