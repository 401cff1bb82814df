import { describe, expect, it } from 'vitest';
import { OMIT } from '../../../src/expr/api.ts';
import { compileExpression } from '../../../src/expr/compile.ts';
import { evaluateTerm } from '../../../src/vars/evaluate.ts';
import { valueOf } from '../../../src/vars/value-of.ts';
import { layer, scopeOf, scopeWith } from './fixture.ts';

function termIn(text: string) {
  const term = layer(`it: ${text}`).get('it')?.term;
  if (term === undefined) throw new Error('Expected a term');
  return term;
}

describe('a term', () => {
  it('that is constant is the same value each time', () => {
    const term = termIn('{a: [1]}');
    const [one, two] = [evaluateTerm(term, scopeOf()), evaluateTerm(term, scopeOf())];
    expect(one).toMatchObject({ kind: 'value' });
    expect(one.kind === 'value' && two.kind === 'value' && one.value === two.value).toBe(true);
  });

  it('keeps the type of a lone template and makes a text of a mixed one', () => {
    const outcome = evaluateTerm(
      termIn('["{{ n }}", "{{ n }}{{ n }}", {"{{ k }}": "{{ [n] }}"}]'),
      scopeOf('n: 1\nk: key'),
    );
    expect(outcome).toEqual({ kind: 'value', value: [1n, '11', new Map([['{{ k }}', [1n]]])] });
  });

  it('keeps omit apart from everything else', () => {
    const scope = scopeWith({ layers: [layer('a: 1')], magic: (name) => (name === 'omit' ? OMIT : undefined) });
    const outcome = evaluateTerm(termIn('{a: "{{ missing | default(omit) }}", b: "{{ a | default(omit) }}"}'), scope);
    if (outcome.kind !== 'value' || !(outcome.value instanceof Map)) throw new Error('Expected a mapping');
    expect(outcome.value.get('a')).toBe(OMIT);
    expect(outcome.value.get('b')).toBe(1n);
  });

  it('ends with the first failure', () => {
    expect(evaluateTerm(termIn('["{{ 1 }}", "{{ missing }}"]'), scopeOf())).toMatchObject({
      kind: 'failed',
      error: { reason: 'undefined' },
    });
  });

  it('asks for everything at once', () => {
    const outcome = evaluateTerm(termIn(`["{{ lookup('env', 'A') }}", {b: "{{ lookup('env', 'B') }}"}]`), scopeOf());
    expect(outcome).toEqual({
      kind: 'needs',
      requests: [
        { kind: 'env', name: 'A' },
        { kind: 'env', name: 'B' },
      ],
    });
  });

  it('may be a bare expression', () => {
    const source = { path: 'when', text: 'a > 1' };
    const compiled = compileExpression(source.text, (start, end) => ({ source, start, end }));
    if (!compiled.ok) throw new Error('Expected an expression');
    const at = { source, start: 0, end: 5 };
    expect(evaluateTerm({ kind: 'expression', expression: compiled.value, at }, scopeOf('a: 2'))).toEqual({
      kind: 'value',
      value: true,
    });
  });
});

describe('the value of a variable', () => {
  it('is evaluated whole', () => {
    const scope = scopeOf('a: {b: "{{ c }}"}\nc: 1\nd: 2\ne: "{{ missing }}"');
    expect(valueOf('a', scope)).toEqual({ kind: 'value', value: new Map([['b', 1n]]) });
    expect(valueOf('d', scope)).toEqual({ kind: 'value', value: 2n });
    expect(valueOf('e', scope)).toMatchObject({ kind: 'failed', error: { reason: 'undefined' } });
    expect(valueOf('missing', scope)).toBeUndefined();
  });
});
