import { describe, expect, it } from 'vitest';
import { placeText } from '../../../src/core/source.ts';
import type { Request } from '../../../src/expr/api.ts';
import { createTrail } from '../../../src/vars/trail.ts';
import { evaluate, layer, scopeOf, scopeWith, valueIn } from './fixture.ts';

describe('a scope', () => {
  it('gives the value of the strongest layer, whole', () => {
    const scope = scopeOf('a: {x: 1, y: 2}\nb: weak', 'a: {x: 3}');
    expect(valueIn(scope, 'a')).toEqual(new Map([['x', 3n]]));
    expect(valueIn(scope, 'b')).toBe('weak');
    expect(scope.resolve('c')).toBeUndefined();
  });

  it('puts magic before every layer', () => {
    const scope = scopeWith({
      layers: [layer('a: 1')],
      magic: (name) => (name === 'a' ? 'magic' : undefined),
      magicNames: () => ['a'],
    });
    expect(valueIn(scope, 'a')).toBe('magic');
    expect([...scope.names()]).toEqual(['a']);
  });

  it('evaluates variables when they are read, through any number of them', () => {
    const scope = scopeOf('a: "{{ b }}-{{ c.d }}"\nb: "{{ e }}"', 'c: {d: "{{ e + 1 }}"}\ne: 1');
    expect(valueIn(scope, 'a')).toBe('1-2');
    expect(valueIn(scope, 'b')).toBe(1n);
    expect(valueIn(scope, 'c')).toEqual(new Map([['d', 2n]]));
  });

  it('evaluates only the part that is read', () => {
    const scope = scopeOf('a: {good: 1, bad: "{{ missing }}", deep: [{x: "{{ 1 + 1 }}"}, "{{ missing }}"]}');
    expect(valueIn(scope, 'a.good')).toBe(1n);
    expect(valueIn(scope, 'a.deep[0].x')).toBe(2n);
    expect(valueIn(scope, "a['good']")).toBe(1n);
    expect(valueIn(scope, 'a.bad is defined')).toBe(false);
    expect(valueIn(scope, 'a.bad | default("none")')).toBe('none');
    expect(valueIn(scope, 'a.keys() | list')).toEqual(['good', 'bad', 'deep']);
    expect(evaluate('a | to_json', scope)).toMatchObject({ kind: 'failed', error: { reason: 'undefined' } });
  });

  it('tells an undefined variable inside a variable with its place', () => {
    const outcome = evaluate('a', scopeOf('a: "{{ b }}"\nb: "x {{ misspelt }}"\nmisspellt: 1'));
    if (outcome.kind !== 'failed') throw new Error('Expected a failure');
    expect(outcome.error).toMatchObject({ reason: 'undefined', help: 'Did you mean "misspellt"?' });
    expect(placeText(outcome.error.at)).toBe('play:2:10');
  });

  it('counts from the end of a list below zero', () => {
    const scope = scopeOf('a: [1, "{{ 2 }}", 3]\nb: "{{ a }}"');
    expect(valueIn(scope, 'a[-2]')).toBe(2n);
    expect(valueIn(scope, 'b[-1]')).toBe(3n);
    expect(valueIn(scope, 'a[7] is defined')).toBe(false);
  });

  it('leaves keys as they are written', () => {
    const scope = scopeOf('a: {"{{ k }}": "{{ v }}", fixed: 1}\nk: key\nv: value');
    expect(valueIn(scope, 'a["{{ k }}"]')).toBe('value');
    expect(valueIn(scope, 'a')).toEqual(
      new Map<unknown, unknown>([
        ['{{ k }}', 'value'],
        ['fixed', 1n],
      ]),
    );
  });

  it('evaluates a variable once', () => {
    let asked = 0;
    const scope = scopeWith({
      layers: [layer('a: "{{ n + 0 }}"')],
      magic: (name) => (name === 'n' ? BigInt(++asked) : undefined),
    });
    expect(valueIn(scope, '[a, a]')).toEqual([1n, 1n]);
    expect(valueIn(scope, 'a')).toBe(1n);
  });

  it.each([
    ['itself', 'a: "{{ a }}"', 'a', 'Variable "a" is defined by itself: a → a'],
    [
      'others',
      'a: "{{ b }}"\nb: "x{{ c.d }}"\nc: {d: "{{ b }}"}',
      'a',
      'Variable "b" is defined by itself: b → c.d → b',
    ],
    [
      'a part of a list',
      'a: [1, "{{ b }}"]\nb: "{{ a[1] }}"',
      'a',
      'Variable "a[1]" is defined by itself: a[1] → b → a[1]',
    ],
  ])('refuses a variable that is defined by %s', (_, text, expression, message) => {
    expect(evaluate(expression, scopeOf(text))).toMatchObject({ kind: 'failed', error: { message } });
  });

  it('lets one part of a variable read another', () => {
    const scope = scopeOf('a: {x: 1, y: "{{ a.x + 1 }}", z: "{{ a.y + 1 }}"}');
    expect(valueIn(scope, 'a.z')).toBe(3n);
  });

  it('lets a part be read through another name, whatever its siblings are', () => {
    const scope = scopeOf('a: {x: {y: 1}, bad: "{{ missing }}"}\nb: "{{ a }}"\nc: "{{ b.x }}"\nd: "{{- b -}}"');
    expect(valueIn(scope, 'b.x.y')).toBe(1n);
    expect(valueIn(scope, 'c.y')).toBe(1n);
    expect(valueIn(scope, 'b.keys() | list')).toEqual(['x', 'bad']);
    expect(valueIn(scope, 'b.bad is defined')).toBe(false);
    expect(valueIn(scope, 'b.nothing | default(2)')).toBe(2n);
    expect(valueIn(scope, 'd.x.y')).toBe(1n);
    expect(evaluate('b | to_json', scope)).toMatchObject({ kind: 'failed', error: { reason: 'undefined' } });
  });

  it.each([
    ['a: "{{ b }}"\nb: "{{ a }}"', 'a.x'],
    ['a: "{{ a.x }}"', 'a.x'],
    ['a: "{{ a.x }}"', 'a'],
    ['a: {b: "{{ c.d }}"}\nc: "{{ a.b }}"', 'a.b.d'],
  ])('refuses circles of names: %s', (text, expression) => {
    expect(evaluate(expression, scopeOf(text))).toMatchObject({ kind: 'failed', error: { reason: 'value' } });
  });

  it('sees a circle through two hosts', () => {
    const trail = createTrail();
    const host = (text: string, other: () => ReturnType<typeof scopeWith>) =>
      scopeWith({
        layers: [layer(text)],
        trail,
        magic: (name) =>
          name === 'other'
            ? {
                kind: 'deferred',
                keys: () => [...other().names()],
                part: (key) => (typeof key === 'string' ? other().resolve(key) : undefined),
                force: () => null,
              }
            : undefined,
      });
    const one: ReturnType<typeof scopeWith> = host('a: "{{ other.b }}"', () => two);
    const two = host('b: "{{ other.a }}"', () => one);
    expect(evaluate('a', one)).toMatchObject({
      kind: 'failed',
      error: { message: 'Variable "a" is defined by itself: a → b → a' },
    });
  });

  it('refuses variables nested without end', () => {
    const text = Array.from({ length: 150 }, (_, n) => `v${n}: "{{ v${n + 1} }}"`).join('\n');
    expect(evaluate('v0', scopeOf(`${text}\nv150: 1`))).toMatchObject({ kind: 'failed', error: { reason: 'value' } });
    expect(valueIn(scopeOf(`${text}\nv150: 1`), 'v60')).toBe(1n);
  });

  it('asks for what a variable looks up, and goes on with the answers', () => {
    const text = `a: ["{{ lookup('env', 'ONE') }}", "{{ b }}"]\nb: "{{ lookup('env', 'TWO') }}"`;
    const known = new Set<string>();
    const scope = scopeWith({
      layers: [layer(text)],
      answer: (request: Request) =>
        request.kind === 'env' && known.has(request.name)
          ? { kind: 'text', text: request.name.toLowerCase() }
          : undefined,
    });
    for (let asked = evaluate('a', scope); asked.kind === 'needs'; asked = evaluate('a', scope)) {
      for (const request of asked.requests) if (request.kind === 'env') known.add(request.name);
    }
    expect(valueIn(scope, 'a')).toEqual(['one', 'two']);
  });

  it('explains where a value came from and what it shadows', () => {
    const scope = scopeOf(
      layer('x: 1', 'role-default', 'role web'),
      layer('y: 0\nx: 2', 'inventory-host', 'host a'),
      layer('x: 3', 'extra', '-e'),
    );
    expect(scope.explain('x').map(({ level, origin, at }) => [level, origin, at && placeText(at)])).toEqual([
      ['extra', '-e', 'extra:1:4'],
      ['inventory-host', 'host a', 'inventory-host:2:4'],
      ['role-default', 'role web', 'role-default:1:4'],
    ]);
    expect(
      scopeWith({ layers: [layer('x: 1')], magic: () => null })
        .explain('x')
        .map((one) => one.level),
    ).toEqual(['magic', 'play']);
    expect(scope.explain('nothing')).toEqual([]);
  });
});
