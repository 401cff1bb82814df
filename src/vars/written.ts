import { unreachable } from '../core/result.ts';
import { isList, isMapping, toJson, type Value } from '../core/value.ts';
import type { Term } from './term.ts';

/** What a person wrote, templates as their text and keys sorted. */
export function written(term: Term): Value {
  switch (term.kind) {
    case 'constant':
      return sortedKeys(term.value);
    case 'template':
      return term.template.text;
    case 'expression':
      return term.expression.text;
    case 'unknown':
      return null;
    case 'list':
      return term.items.map(written);
    case 'mapping':
      return sortedKeys(new Map(term.entries.map(({ key, value }) => [written(key), written(value)])));
    default:
      return unreachable(term);
  }
}

function sortedKeys(value: Value): Value {
  if (isList(value)) return value.map(sortedKeys);
  if (!isMapping(value)) return value;
  return new Map([...value].sort(byKey).map(([key, item]) => [key, sortedKeys(item)]));
}

export function byKey([a]: readonly [Value, unknown], [b]: readonly [Value, unknown]): number {
  return keyText(a) < keyText(b) ? -1 : 1;
}

function keyText(key: Value): string {
  return typeof key === 'string' ? key : JSON.stringify(toJson(key));
}
