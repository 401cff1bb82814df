import { dictGet } from './dict.ts';
import { fail } from './failure.ts';
import { known } from './force.ts';
import { typeName } from './type-name.ts';
import { isDict, isList, isNumber, type List, type Special, Tuple, type Val } from './value.ts';

/** Python's `==`: `1`, `1.0` and `True` are equal, a list never equals a tuple, the order of a dict does not matter. */
export function equal(a: Val, b: Val): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const left = known(a);
  const right = known(b);
  if (left === right) return !Number.isNaN(left);
  if (isNumber(left)) return isNumber(right) && compareNumbers(left, right) === 0;
  if (isList(left)) return isList(right) && equalLists(left, right);
  if (isDict(left)) return isDict(right) && equalDicts(left, right);
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null)
    return equalSpecials(left, right);
  return false;
}

function equalLists(a: List, b: List): boolean {
  return (
    a instanceof Tuple === b instanceof Tuple &&
    a.length === b.length &&
    a.every((item, at) => equal(item, b[at] ?? null))
  );
}

function equalDicts(a: ReadonlyMap<Val, Val>, b: ReadonlyMap<Val, Val>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a) {
    const other = dictGet(b, key);
    if (other === undefined || !equal(item, other)) return false;
  }
  return true;
}

function equalSpecials(a: object, b: object): boolean {
  if (!('kind' in a) || !('kind' in b)) return false;
  if (isMoment(a) && isMoment(b)) return a.ms === b.ms && a.micros === b.micros;
  if (isSpan(a) && isSpan(b)) return a.micros === b.micros;
  return false;
}

function isMoment(value: object): value is Extract<Special, { kind: 'moment' }> {
  return 'kind' in value && value.kind === 'moment';
}
function isSpan(value: object): value is Extract<Special, { kind: 'span' }> {
  return 'kind' in value && value.kind === 'span';
}

/** Below, equal or above; not a number where a NaN is one of them. An int against a float is compared exactly. */
export function compareNumbers(a: bigint | number | boolean, b: bigint | number | boolean): number {
  const left = typeof a === 'boolean' ? BigInt(a) : a;
  const right = typeof b === 'boolean' ? BigInt(b) : b;
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

/** The order of two values, negative, zero or positive; an error where Python has none. `operator` is for its message. */
export function order(a: Val, b: Val, operator = '<'): number {
  const left = known(a);
  const right = known(b);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (isList(left) && isList(right) && left instanceof Tuple === right instanceof Tuple)
    return orderLists(left, right, operator);
  if (typeof left === 'object' && left !== null && typeof right === 'object' && right !== null) {
    if (isMoment(left) && isMoment(right)) return left.ms - right.ms || left.micros - right.micros;
    if (isSpan(left) && isSpan(right)) return Number(left.micros - right.micros);
  }
  return fail(
    'type',
    `"${operator}" is not supported between ${typeName(left)} and ${typeName(right)}`,
    hint(left, right),
  );
}

function hint(a: Val, b: Val): string | undefined {
  const kinds = [a, b].map((value) => (typeof value === 'string' ? 'text' : isNumber(value) ? 'number' : 'other'));
  return kinds.includes('text') && kinds.includes('number')
    ? 'Convert one of them with "| int", "| float" or "| string"'
    : undefined;
}

function orderLists(a: List, b: List, operator: string): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at] ?? null;
    const right = b[at] ?? null;
    if (!equal(left, right)) return order(left, right, operator);
  }
  return a.length - b.length;
}

/** By code points, as Python does; JavaScript's own order differs beyond the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return surrogateLast(left) - surrogateLast(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
function surrogateLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Python's `item in container`. */
export function contains(container: Val, item: Val): boolean {
  const inside = known(container);
  if (typeof inside === 'string') {
    const part = known(item);
    if (typeof part === 'string') return inside.includes(part);
    return fail(
      'type',
      `"in" on a string needs a string on its left, not ${typeName(part)}`,
      'Convert it with "| string"',
    );
  }
  if (isList(inside)) {
    const wanted = known(item);
    return inside.some((one) => equal(one, wanted));
  }
  if (isDict(inside)) return dictGet(inside, known(item)) !== undefined;
  if (typeof inside === 'object' && inside !== null && inside.kind === 'range') {
    const wanted = known(item);
    if (!isNumber(wanted)) return false;
    for (let at = 0n, value = inside.start; at < BigInt(inside.length); at++, value += inside.step)
      if (compareNumbers(value, wanted) === 0) return true;
    return false;
  }
  return fail('type', `"in" needs a list, dict or string on its right, not ${typeName(inside)}`);
}

/** Python's `bool()`. */
export function isTruthy(given: Val): boolean {
  if (typeof given === 'boolean') return given;
  const value = known(given);
  if (value === null || typeof value === 'boolean') return value ?? false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (isList(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  if (value.kind === 'range') return value.length > 0;
  return value.kind !== 'span' || value.micros !== 0n;
}
