import { isList, isMapping, type Value } from '../core/value.ts';
import type { Term } from './term.ts';

/** The texts in a term that came out of a vault: none of them may be shown. */
export function textsIn(term: Term): readonly string[] {
  if (term.kind === 'constant') return textsOf(term.value);
  if (term.kind === 'list') return term.items.flatMap(textsIn);
  return term.kind === 'mapping' ? term.entries.flatMap((entry) => textsIn(entry.value)) : [];
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsOf);
  return isMapping(value) ? [...value.values()].flatMap(textsOf) : [];
}
