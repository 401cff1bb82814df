import { unreachable } from '../core/result.ts';
import { isList, isMapping, type Value } from '../core/value.ts';
import { type Deferred, type Expression, OMIT, type Outcome, type Template } from '../expr/api.ts';
import { valueOf } from '../expr/evaluate.ts';
import { type Alias, aliasOf } from './alias.ts';
import { constantOf } from './constant.ts';
import { evaluateParts } from './evaluate.ts';
import type { Term } from './term.ts';
import { raise } from './trail.ts';

/** What variables are evaluated in. `name` is what a person would write, such as `web.ports[0]`. */
export interface Reader {
  readonly resolve: (name: string) => Value | Deferred | undefined;
  /** Computes a template, or has it from the time before. */
  readonly evaluate: (formula: Template | Expression, name: string) => Outcome;
  /** Works through a template without computing all of it. */
  readonly look: <T>(formula: Template | Expression, name: string, work: () => T) => T;
}

/** A variable or a part of one: its value where that is known without evaluating, otherwise something to ask part by part. */
export function lazily(term: Term, name: () => string, reader: Reader): Value | Deferred {
  const known = constantOf(term);
  if (known !== undefined) return known;
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'template':
      return lazyFormula(term.template, name, reader);
    case 'expression':
      return lazyFormula(term.expression, name, reader);
    case 'list':
      return lazyList(term, name, reader);
    case 'mapping':
      return lazyMapping(term, name, reader);
    case 'unknown':
      return lazyUnknown(term);
    default:
      return unreachable(term);
  }
}

/** Another name for a variable lets its parts be asked for; what else a template has can only be known as a whole. */
function lazyFormula(formula: Template | Expression, name: () => string, reader: Reader): Deferred {
  const force = (): Value => valueOf(reader.evaluate(formula, name()));
  const alias = aliasOf(formula);
  const ask = <T>(question: (target: Value | Deferred) => T): T => {
    const answer =
      alias === undefined
        ? undefined
        : reader.look(formula, name(), () => {
            const target = follow(alias, reader);
            return target === undefined ? undefined : { value: question(target) };
          });
    return answer === undefined ? question(force()) : answer.value;
  };
  return { kind: 'deferred', force, part: (key) => ask((target) => partOf(target, key)), keys: () => ask(keysOf) };
}

function follow({ name, path }: Alias, reader: Reader): Value | Deferred | undefined {
  let target = reader.resolve(name);
  for (const key of path) target = target === undefined ? undefined : partOf(target, key);
  return target;
}

function lazyList(term: Extract<Term, { kind: 'list' }>, name: () => string, reader: Reader): Deferred {
  return {
    kind: 'deferred',
    force: () => forced(term, name, reader),
    part: (key) => {
      const index = indexOf(key, term.items.length);
      const item = index === undefined ? undefined : term.items[index];
      return item === undefined ? undefined : lazily(item, () => `${name()}[${index}]`, reader);
    },
    keys: () => undefined,
  };
}

function lazyMapping(term: Extract<Term, { kind: 'mapping' }>, name: () => string, reader: Reader): Deferred {
  const keyOf = (key: Term): Value => forced(key, name, reader);
  return {
    kind: 'deferred',
    force: () => forced(term, name, reader),
    part: (key) => {
      const entry = term.entries.findLast((one) => keyOf(one.key) === key);
      return entry === undefined ? undefined : lazily(entry.value, () => `${name()}.${keyText(key)}`, reader);
    },
    keys: () => [...new Set(term.entries.map((entry) => keyOf(entry.key)))],
  };
}

/** Every question ends the evaluation that asks it. */
function lazyUnknown(term: Extract<Term, { kind: 'unknown' }>): Deferred {
  const end = (): never => raise({ kind: 'failed', error: { reason: 'unknown', message: term.because, at: term.at } });
  return { kind: 'deferred', force: end, part: end, keys: end };
}

function forced(term: Term, name: () => string, reader: Reader): Value {
  return valueOf(evaluateParts(term, (formula) => reader.evaluate(formula, name())));
}

function partOf(value: Value | Deferred, key: Value): Value | Deferred | undefined {
  if (isDeferred(value)) return value.part(key);
  if (isMapping(value)) return value.get(key);
  if (!isList(value)) return undefined;
  const index = indexOf(key, value.length);
  return index === undefined ? undefined : value[index];
}

function keysOf(value: Value | Deferred): readonly Value[] | undefined {
  // It is known by its identity, so that it must not be put together anew from its parts.
  if (value === OMIT) return undefined;
  if (isDeferred(value)) return value.keys();
  return isMapping(value) ? [...value.keys()] : undefined;
}

function isDeferred(value: Value | Deferred): value is Deferred {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** Python counts from the end below zero. */
function indexOf(key: Value, length: number): number | undefined {
  if (typeof key !== 'bigint') return undefined;
  return Number(key < 0n ? key + BigInt(length) : key);
}

function keyText(key: Value): string {
  return typeof key === 'string' || typeof key === 'bigint' ? String(key) : '?';
}
