import { OMIT } from '../api.ts';
import { settle } from './force.ts';
import { isDict, isList, isSpecial, type Val } from './value.ts';

/** A copy that may be changed in place, so that the values of a host stay what they are. */
export function owned(given: Val): Val {
  const value = isSpecial(given) ? settle(given) : given;
  if (isList(value)) return value.map(owned);
  if (isDict(value) && value !== OMIT) return new Map([...value].map(([key, item]) => [key, owned(item)]));
  return value;
}
