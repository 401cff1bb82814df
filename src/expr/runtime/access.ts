import type { Location } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Deferred } from '../api.ts';
import { dictMethods } from '../methods/dict.ts';
import { listMethods, tupleMethods } from '../methods/list.ts';
import { type Bound, bound, type Methods, methods } from '../methods/method.ts';
import { momentField, momentMethods, spanField, spanMethods } from '../methods/moment.ts';
import { stringMethods } from '../methods/string.ts';
import { dictGet } from './dict.ts';
import { fail, NeedsAnswer } from './failure.ts';
import { known, recoverPart, type Settled, settle } from './force.ts';
import { hasSurrogates } from './iterate.ts';
import { loopField } from './loop.ts';
import { bitsOf } from './numbers.ts';
import { required } from './signature.ts';
import { repr } from './text.ts';
import { typeName } from './type-name.ts';
import {
  type Callable,
  isDict,
  isLazy,
  isList,
  isSpecial,
  isUndefined,
  type OwnCopy,
  type Special,
  Tuple,
  type Undefined,
  type Val,
} from './value.ts';

/** `value.name`: a method or field first, an item of a dict where there is none. Undefined values give themselves. */
export function attribute(given: Val, name: string, at?: () => Location): Val {
  if (isLazy(given) && !dictMethods.has(name)) {
    const part = partOf(given, name);
    if (part !== undefined) return part;
  }
  const value = settle(given);
  if (isDict(value)) {
    const found = dictMethods.has(name) ? undefined : value.get(name);
    if (found !== undefined) return found;
  }
  if (isSpecial(value)) {
    if (value.kind === 'undefined' || value.kind === 'pending') return value;
    const field = specialField(value, name);
    if (field !== undefined) return field;
  }
  if (typeof value === 'bigint' || typeof value === 'number') {
    const field = numberField(value, name);
    if (field !== undefined) return field;
  }
  if (value instanceof Tuple) {
    const field = value[value.names.indexOf(name)];
    if (field !== undefined) return field;
  }
  const method = methodOf(value, name);
  return method === undefined ? absent(value, name, at) : methodValue(name, value, method);
}

/** `value[key]`: an item first, an attribute where the key is a text and there is no item. */
export function item(given: Val, key: Val, at?: () => Location): Val {
  if (isSpecial(given)) {
    if (given.kind === 'undefined' || given.kind === 'pending') return given;
    if (isLazy(given)) {
      const part = partOf(given, known(key));
      if (part !== undefined) return part;
    }
  }
  const value = settle(given);
  if (isUndefined(value)) return value;
  const found = itemOf(value, settle(key));
  if (found !== undefined) return found;
  const wanted = settle(key);
  return typeof wanted === 'string' && !isDict(value) ? attribute(value, wanted, at) : absentItem(value, wanted, at);
}

function partOf(value: Deferred | OwnCopy, key: Val): Val | undefined {
  if (value.kind === 'copy') return value.part(key);
  if (!isPlainKey(key)) return undefined;
  return recoverPart(() => value.part(key));
}

function isPlainKey(key: Val): key is string | bigint | number | boolean | null {
  return typeof key !== 'object' || key === null;
}

function itemOf(value: Settled, key: Val): Val | undefined {
  if (isDict(value)) return isUndefined(key) ? undefined : hashable(value, key);
  if (typeof key === 'boolean') return itemOf(value, BigInt(key));
  if (isSpecial(key) && key.kind === 'pending') throw new NeedsAnswer();
  if (typeof key !== 'bigint') return undefined;
  if (isList(value)) return value.at(Number(key));
  if (typeof value === 'string')
    return hasSurrogates(value) ? Array.from(value).at(Number(key)) : value.at(Number(key));
  if (isSpecial(value) && value.kind === 'range') {
    const at = key < 0n ? key + BigInt(value.length) : key;
    return at >= 0n && at < BigInt(value.length) ? value.start + at * value.step : undefined;
  }
  return undefined;
}

/** What cannot be a key is in no dict. */
function hashable(dict: ReadonlyMap<Val, Val>, key: Val): Val | undefined {
  const settled = settle(key);
  if ((isList(settled) && !(settled instanceof Tuple)) || isDict(settled)) return undefined;
  return dictGet(dict, settled);
}

function specialField(value: Special, name: string): Val | undefined {
  switch (value.kind) {
    case 'namespace':
      return value.fields.get(name);
    case 'callable':
      return value.attributes?.get(name);
    case 'loop':
      return loopField(value, name);
    case 'moment':
      return momentField(value, name);
    case 'span':
      return spanField(value, name);
    case 'cycler':
      return cyclerField(value, name);
    case 'undefined':
    case 'pending':
    case 'deferred':
    case 'copy':
    case 'range':
    default:
      return undefined;
  }
}

function cyclerField(cycler: Extract<Special, { kind: 'cycler' }>, name: string): Val | undefined {
  const current = cycler.items[cycler.position];
  switch (name) {
    case 'current':
      return current;
    case 'next':
      return methodValue(name, cycler, () => {
        const item = cycler.items[cycler.position] ?? null;
        cycler.position = (cycler.position + 1) % cycler.items.length;
        return item;
      });
    case 'reset':
      return methodValue(name, cycler, () => {
        cycler.position = 0;
        return null;
      });
    default:
      return undefined;
  }
}

function numberField(value: bigint | number, name: string): Val | undefined {
  switch (name) {
    case 'real':
      return value;
    case 'imag':
      return typeof value === 'bigint' ? 0n : 0;
    case 'numerator':
      return typeof value === 'bigint' ? value : undefined;
    case 'denominator':
      return typeof value === 'bigint' ? 1n : undefined;
    default:
      return undefined;
  }
}

const intMethods: Methods<bigint> = methods<bigint>({
  bit_length: [[], (self) => (self === 0n ? 0n : BigInt((self < 0n ? -self : self).toString(2).length))],
  __and__: [[required('other')], (self, [other]) => self & integer(other)],
  __or__: [[required('other')], (self, [other]) => self | integer(other)],
  __xor__: [[required('other')], (self, [other]) => self ^ integer(other)],
  __lshift__: [
    [required('other')],
    (self, [other]) => (bitsOf(self) + Number(integer(other)) > 65_536 ? tooBig() : self << integer(other)),
  ],
  __rshift__: [[required('other')], (self, [other]) => self >> integer(other)],
});

function integer(value: Val | undefined): bigint {
  const int = known(value);
  return typeof int === 'bigint' ? int : fail('type', 'Expected an integer');
}
function tooBig(): never {
  return fail('fuel', 'The integer is too big');
}

const floatMethods: Methods<number> = methods<number>({ is_integer: [[], (self) => Number.isInteger(self)] });

/** A method of the value, or none of that name. */
export function methodOf(given: Val, name: string): Bound | undefined {
  const value = settle(given);
  if (typeof value === 'string') return bound(stringMethods, value, name);
  if (isDict(value)) return bound(dictMethods, value, name);
  if (isList(value)) return bound(value instanceof Tuple ? tupleMethods : listMethods, value, name);
  if (typeof value === 'bigint') return bound(intMethods, value, name);
  if (typeof value === 'number') return bound(floatMethods, value, name);
  if (isSpecial(value) && value.kind === 'moment') return bound(momentMethods, value, name);
  if (isSpecial(value) && value.kind === 'span') return bound(spanMethods, value, name);
  return undefined;
}

function methodValue(name: string, value: Val, method: Bound): Callable {
  const type = isDict(value) || isList(value) ? 'method' : 'builtin_function_or_method';
  return { kind: 'callable', name, type, takesUndefined: false, call: method };
}

function absent(value: Val, name: string, at: (() => Location) | undefined): Undefined {
  return undefinedBecause(
    () => `This ${typeName(value)} has no attribute "${name}"`,
    () => (isDict(value) ? didYouMean(name, textKeys(value)) : undefined),
    at,
  );
}

function absentItem(value: Val, key: Val, at: (() => Location) | undefined): Undefined {
  return undefinedBecause(
    () =>
      `This ${typeName(value)} has no ${isDict(value) ? 'key' : 'item'} ${isUndefined(key) ? 'that is undefined' : repr(key)}`,
    () => (isDict(value) && typeof key === 'string' ? didYouMean(key, textKeys(value)) : undefined),
    at,
  );
}

function textKeys(dict: ReadonlyMap<Val, Val>): string[] {
  return [...dict.keys()].filter((key) => typeof key === 'string');
}

export function undefinedBecause(
  message: () => string,
  help: () => string | undefined,
  at: (() => Location) | undefined,
  name?: string,
): Undefined {
  return {
    kind: 'undefined',
    silent: false,
    ...(name !== undefined && { name }),
    describe() {
      const hint = help();
      return { message: message(), ...(at && { at: at() }), ...(hint !== undefined && { help: hint }) };
    },
  };
}
