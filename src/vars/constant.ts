import type { Value } from '../core/value.ts';
import type { Term } from './term.ts';

const known = new WeakMap<Term, { readonly value: Value | undefined }>();

/** The value of a term that has no template in it, computed once; absent where it has one. */
export function constantOf(term: Term): Value | undefined {
  if (term.kind === 'constant') return term.value;
  if (term.kind !== 'list' && term.kind !== 'mapping') return undefined;
  let entry = known.get(term);
  if (entry === undefined) {
    entry = { value: term.kind === 'list' ? listOf(term.items) : mappingOf(term.entries) };
    known.set(term, entry);
  }
  return entry.value;
}

function listOf(items: readonly Term[]): Value | undefined {
  const values: Value[] = [];
  for (const item of items) {
    const value = constantOf(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function mappingOf(entries: readonly { readonly key: Term; readonly value: Term }[]): Value | undefined {
  const values = new Map<Value, Value>();
  for (const entry of entries) {
    const key = constantOf(entry.key);
    const value = constantOf(entry.value);
    if (key === undefined || value === undefined) return undefined;
    values.set(key, value);
  }
  return values;
}
