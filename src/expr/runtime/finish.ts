import type { Value } from '../../core/value.ts';
import { OMIT } from '../api.ts';
import { fail } from './failure.ts';
import { type Known, known } from './force.ts';
import { momentText, spanText } from './moment.ts';
import { typeName } from './type-name.ts';
import { isDict, isList, Tuple, type Val } from './value.ts';

/** What leaves the language: tuples become lists, omitted items are left out, every deferred part is evaluated. */
export function finish(given: Val): Value {
  if (isPlain(given)) return given;
  const value = known(given);
  if (value === OMIT) return OMIT;
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.filter((item) => item !== OMIT).map(finish);
  if (isDict(value)) {
    const entries = [...value].filter(([, item]) => item !== OMIT);
    return new Map(entries.map(([key, item]) => [finish(key), finish(item)]));
  }
  return finishSpecial(value);
}

/** Most values need no copy. */
function isPlain(value: Val): value is Value {
  if (value === null || typeof value !== 'object') return true;
  if (isList(value)) return !(value instanceof Tuple) && value.every((item) => item !== OMIT && isPlain(item));
  if (!isDict(value)) return false;
  for (const [key, item] of value) if (item === OMIT || !isPlain(key) || !isPlain(item)) return false;
  return true;
}

function finishSpecial(value: Known): Value {
  if (value === null || typeof value !== 'object' || !('kind' in value)) return null;
  switch (value.kind) {
    case 'moment':
      return momentText(value);
    case 'span':
      return spanText(value);
    case 'range':
      return fail('type', 'A range is not a value of its own', 'Make a list of it with "| list"');
    case 'callable':
      return fail('type', `"${value.name}" is a function, not a value`, `Call it: ${value.name}()`);
    case 'namespace':
    case 'loop':
    case 'cycler':
    default:
      return fail('type', `A ${typeName(value)} cannot leave the template`);
  }
}
