import { fail } from './failure.ts';
import { known } from './force.ts';
import { typeName } from './type-name.ts';
import { type Dict, isDict, isList, isNumber, Tuple, type Val } from './value.ts';

/** The item under a key that equals `key` as Python sees it: `1`, `1.0` and `True` are one key. */
export function dictGet(dict: Dict, key: Val): Val | undefined {
  if (typeof key === 'string') return dict.get(key);
  return dict.get(keyIn(dict, key));
}

/** The key as it stands in the dict, or as it would be put there. */
export function keyIn(dict: Dict, given: Val): Val {
  const key = known(given);
  if (key === null || typeof key === 'string') return key;
  if (isNumber(key)) return sameNumber(key).find((one) => dict.has(one)) ?? key;
  if (!(key instanceof Tuple)) {
    if (isList(key) || isDict(key)) fail('type', `A ${typeName(key)} cannot be a key of a dict`);
    return key;
  }
  const wanted = tupleId(key);
  for (const one of dict.keys()) if (one instanceof Tuple && tupleId(one) === wanted) return one;
  return key;
}

function sameNumber(key: bigint | number | boolean): readonly (bigint | number | boolean)[] {
  const int = typeof key === 'number' ? (Number.isInteger(key) ? BigInt(key) : undefined) : BigInt(key);
  if (int === undefined) return [key];
  const float = Number(int);
  const same: (bigint | number | boolean)[] = [int];
  if (BigInt(float) === int) same.push(float);
  if (int === 0n || int === 1n) same.push(int === 1n);
  return same;
}

/** Equal for tuples that are equal. */
function tupleId(items: Tuple): string {
  return items.map((item) => partId(known(item))).join(',');
}

function partId(value: Val): string {
  if (value instanceof Tuple) return `(${tupleId(value)})`;
  if (isList(value) || isDict(value)) return fail('type', `A ${typeName(value)} cannot be part of a key`);
  if (typeof value === 'number' && !Number.isInteger(value)) return `f${value}`;
  if (isNumber(value)) return `n${BigInt(value)}`;
  return typeof value === 'string' ? JSON.stringify(value) : typeName(value);
}

/** A dict from pairs, the last of equal keys winning at the place of the first. */
export function dictOf(entries: Iterable<readonly [Val, Val]>): Map<Val, Val> {
  const dict = new Map<Val, Val>();
  for (const [key, item] of entries) dict.set(typeof key === 'string' ? key : keyIn(dict, key), item);
  return dict;
}
