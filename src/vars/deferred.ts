import { unreachable } from '../core/result.ts';
import { isList, isMapping, type Value } from '../core/value.ts';
import type { Deferred, Expression, Outcome, Template } from '../expr/api.ts';
import { valueOf } from '../expr/evaluate.ts';
import { constantOf } from './constant.ts';
import { evaluateParts } from './evaluate.ts';
import type { Term } from './term.ts';

/** Computes one template of a variable; the name is the one that a person would write, such as `web.ports[0]`. */
export type Evaluator = (formula: Template | Expression, name: () => string) => Outcome;

/** A variable or a part of one: its value where that is known without evaluating, otherwise something to ask part by part. */
export function lazily(term: Term, name: () => string, evaluate: Evaluator): Value | Deferred {
  const known = constantOf(term);
  if (known !== undefined) return known;
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'template':
      return lazyFormula(term.template, name, evaluate);
    case 'expression':
      return lazyFormula(term.expression, name, evaluate);
    case 'list':
      return lazyList(term, name, evaluate);
    case 'mapping':
      return lazyMapping(term, name, evaluate);
    default:
      return unreachable(term);
  }
}

/** Its parts can only be known by evaluating the whole of it. */
function lazyFormula(formula: Template | Expression, name: () => string, evaluate: Evaluator): Deferred {
  const force = (): Value => valueOf(evaluate(formula, name));
  return {
    kind: 'deferred',
    force,
    part: (key) => partOf(force(), key),
    keys: () => keysOf(force()),
  };
}

function lazyList(term: Extract<Term, { kind: 'list' }>, name: () => string, evaluate: Evaluator): Deferred {
  return {
    kind: 'deferred',
    force: () => valueOf(evaluateParts(term, (formula) => evaluate(formula, name))),
    part: (key) => {
      const index = indexOf(key, term.items.length);
      const item = index === undefined ? undefined : term.items[index];
      return item === undefined ? undefined : lazily(item, () => `${name()}[${index}]`, evaluate);
    },
    keys: () => undefined,
  };
}

function lazyMapping(term: Extract<Term, { kind: 'mapping' }>, name: () => string, evaluate: Evaluator): Deferred {
  const keyOf = (key: Term): Value => valueOf(evaluateParts(key, (formula) => evaluate(formula, name)));
  return {
    kind: 'deferred',
    force: () => valueOf(evaluateParts(term, (formula) => evaluate(formula, name))),
    part: (key) => {
      const entry = term.entries.findLast((one) => keyOf(one.key) === key);
      return entry === undefined ? undefined : lazily(entry.value, () => `${name()}.${keyText(key)}`, evaluate);
    },
    keys: () => [...new Set(term.entries.map((entry) => keyOf(entry.key)))],
  };
}

function partOf(value: Value, key: Value): Value | undefined {
  if (isMapping(value)) return value.get(key);
  if (!isList(value)) return undefined;
  const index = indexOf(key, value.length);
  return index === undefined ? undefined : value[index];
}

function keysOf(value: Value): readonly Value[] | undefined {
  return isMapping(value) ? [...value.keys()] : undefined;
}

/** Python counts from the end below zero. */
function indexOf(key: Value, length: number): number | undefined {
  if (typeof key !== 'bigint') return undefined;
  return Number(key < 0n ? key + BigInt(length) : key);
}

function keyText(key: Value): string {
  return typeof key === 'string' || typeof key === 'bigint' ? String(key) : '?';
}
