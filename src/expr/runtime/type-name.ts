import { unreachable } from '../../core/result.ts';
import { OMIT } from '../api.ts';
import { settle } from './force.ts';
import { isDict, isList, type Special, Tuple, type Val } from './value.ts';

/** The type as ansible-core 2.19's `type_debug` prints it. */
export function typeName(given: Val): string {
  const value = settle(given);
  if (typeof value === 'string') return 'str';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'boolean') return 'bool';
  if (value === null) return 'NoneType';
  if (isList(value)) return value instanceof Tuple ? 'tuple' : 'list';
  if (isDict(value)) return value === OMIT ? '_OmitType' : 'dict';
  return specialName(value);
}

function specialName(value: Special): string {
  switch (value.kind) {
    case 'undefined':
      return value.silent ? 'Undefined' : 'UndefinedMarker';
    case 'pending':
    case 'deferred':
    case 'copy':
      return 'object';
    case 'callable':
      return value.type;
    case 'range':
      return 'range';
    case 'namespace':
      return 'Namespace';
    case 'moment':
      return 'datetime';
    case 'span':
      return 'timedelta';
    case 'loop':
      return 'LoopContext';
    case 'cycler':
      return 'Cycler';
    default:
      return unreachable(value);
  }
}
