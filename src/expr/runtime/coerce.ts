import { isTruthy } from './compare.ts';
import { fail } from './failure.ts';
import { known } from './force.ts';
import { itemsOf } from './iterate.ts';
import { toFloat } from './numbers.ts';
import { typeName } from './type-name.ts';
import { type Dict, isDict, isNumber, type List, type Runtime, type Val } from './value.ts';

/** Arguments as the types they must have; `what` names them in the message. */
export function asText(value: Val | undefined, what: string): string {
  const text = known(value);
  return typeof text === 'string' ? text : wrong(what, 'a string', text);
}

export function asTextOrNone(value: Val | undefined, what: string): string | undefined {
  return known(value) === null ? undefined : asText(value, what);
}

/** An integer small enough to count with. */
export function asCount(value: Val | undefined, what: string): number {
  const int = known(value);
  if (typeof int === 'boolean') return Number(int);
  if (typeof int !== 'bigint') return wrong(what, 'an integer', int);
  const count = Number(int);
  return Number.isSafeInteger(count) ? count : fail('value', `${what} is too big: ${int}`);
}

export function asCountOrNone(value: Val | undefined, what: string): number | undefined {
  return known(value) === null ? undefined : asCount(value, what);
}

export function asNumber(value: Val | undefined, what: string): bigint | number {
  const number = known(value);
  if (typeof number === 'boolean') return BigInt(number);
  return isNumber(number) ? number : wrong(what, 'a number', number);
}

export function asFloat(value: Val | undefined, what: string): number {
  return toFloat(asNumber(value, what));
}

export function asFlag(value: Val | undefined): boolean {
  return isTruthy(value ?? null);
}

export function asDict(value: Val | undefined, what: string): Dict {
  const dict = known(value);
  return isDict(dict) ? dict : wrong(what, 'a dict', dict);
}

/** Anything that can be iterated over. */
export function asItems(value: Val | undefined, rt: Runtime): List {
  return itemsOf(value ?? null, rt);
}

function wrong(what: string, wanted: string, found: Val): never {
  return fail('type', `${what} must be ${wanted}, not ${article(typeName(found))}`);
}

function article(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
