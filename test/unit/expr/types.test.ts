import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isList, isMapping, type Mapping, type Value } from '../../../src/core/value.ts';
import { compileExpression, compileTemplate, hasTemplate } from '../../../src/expr/compile.ts';
import { evaluateExpression, evaluateTemplate } from '../../../src/expr/evaluate.ts';
import { repr } from '../../../src/expr/runtime/text.ts';
import { refusedInputs } from '../../../src/expr/types/filters.ts';
import { type Inference, infer } from '../../../src/expr/types/infer.ts';
import { type Type, typeOfValue, unknown } from '../../../src/expr/types/type.ts';
import { environment, placeIn } from '../../rig/expr-environment.ts';
import { type Case, corpus } from '../../rig/oracle.ts';

interface Judged {
  readonly inference: Inference;
  readonly outcome: ReturnType<typeof evaluateExpression>;
}

function judge({
  text,
  kind,
  variables,
  files,
}: Pick<Case, 'text' | 'kind' | 'variables' | 'files'>): Judged | undefined {
  const env = environment(variables, { files });
  const typeOfName = (name: string): Type => {
    const value = variables.get(name);
    return value === undefined || holdsTemplates(value) ? unknown : typeOfValue(value);
  };
  if (kind === 'expression') {
    const compiled = compileExpression(text, placeIn(text));
    if (!compiled.ok) return undefined;
    return { inference: infer(compiled.value, typeOfName), outcome: evaluateExpression(compiled.value, env) };
  }
  const compiled = compileTemplate(text, placeIn(text), { escapes: kind === 'file' });
  if (!compiled.ok) return undefined;
  const outcome = evaluateTemplate(compiled.value, env, { native: true });
  return { inference: infer(compiled.value, typeOfName), outcome };
}

function holdsTemplates(value: Value): boolean {
  if (typeof value === 'string') return hasTemplate(value);
  if (isMapping(value)) return [...value.values()].some(holdsTemplates);
  return isList(value) && value.some(holdsTemplates);
}

function fits(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'unknown':
      return true;
    case 'union':
      return type.of.some((one) => fits(value, one));
    case 'list':
      return isList(value) && value.every((item) => fits(item, type.item));
    case 'mapping':
      return (
        isMapping(value) &&
        [...value].every(([key, item]) => {
          const field = typeof key === 'string' ? type.fields.get(key) : undefined;
          return field === undefined ? type.open : fits(item, field);
        })
      );
    case 'none':
    case 'boolean':
    case 'integer':
    case 'float':
    case 'text':
      return typeOfValue(value).kind === type.kind;
  }
}

const sure = ({ inference }: Judged): readonly string[] =>
  inference.problems.filter(({ conditional }) => !conditional).map(({ message }) => message);

const oracle = join(import.meta.dirname, '../../oracle');
const cases = [...corpus(join(oracle, 'expressions')), ...corpus(join(oracle, 'templates'))];

describe('What is said of types', () => {
  it('is never against what Python evaluates, over the whole corpus', () => {
    const wrong = cases.flatMap((one) => {
      const judged = judge(one);
      if (judged?.outcome.kind !== 'value') return [];
      const { value } = judged.outcome;
      const complaint = sure(judged)[0] ?? (fits(value, judged.inference.type) ? undefined : `is ${repr(value)}`);
      return complaint === undefined ? [] : [`${one.text}: ${complaint}`];
    });
    expect(cases.length).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  });

  const samples: Readonly<Record<string, Value>> = {
    none: null,
    yes: true,
    one: 1n,
    half: 0.5,
    word: 'word',
    empty: '',
    letters: ['a', 'b'],
    nothing: [],
    rows: [new Map([['a', 1n]])],
    row: new Map([['a', 1n]]),
  };
  const variables: Mapping = new Map(Object.entries(samples));
  const judged = (text: string): Judged => {
    const found = judge({ text, kind: 'expression', variables, files: {} });
    if (found === undefined) throw new Error(`${text} does not compile`);
    return found;
  };
  const names = Object.keys(samples);

  it.each(['+', '-', '*', '/', '//', '%', '**', '<', '<=', '>', '>=', 'in', 'not in', '==', '!='])(
    'about "%s" is just what happens, whatever stands beside it',
    (operator) => {
      for (const left of names) {
        for (const right of names) {
          const text = `${left} ${operator} ${right}`;
          const one = judged(text);
          // Whether a text takes its values, a mapping such a key, and whether items compare, depends on more than their types.
          const isOpen = operator === '%' && typeof samples[left] === 'string';
          const isHashed = operator.endsWith('in') && isMapping(samples[right]);
          const areLists = isList(samples[left]) && isList(samples[right]);
          if (isOpen || isHashed || areLists) continue;
          const fails = one.outcome.kind === 'failed' && one.outcome.error.reason === 'type';
          expect(`${text} ${sure(one).length > 0}`).toBe(`${text} ${fails}`);
        }
      }
    },
  );

  it.each([...refusedInputs])('about the filter "%s" is what happens', (filter, kinds) => {
    for (const name of names) {
      const value = samples[name] ?? null;
      const text = `${name} | ${filter}${filter === 'combine' ? '(row)' : ''}`;
      const { outcome } = judged(text);
      if (kinds.includes(typeOfValue(value).kind)) expect(`${text} ${outcome.kind}`).toBe(`${text} failed`);
    }
  });
});
