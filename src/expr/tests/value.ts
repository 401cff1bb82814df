import { truthOf } from '../../core/truth.ts';
import { defineTest } from '../define.ts';
import { asNumber, asText } from '../runtime/coerce.ts';
import { compareNumbers, contains, equal, isTruthy, order } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known, settle } from '../runtime/force.ts';
import { isIterable } from '../runtime/iterate.ts';
import { modulo } from '../runtime/numbers.ts';
import { optional, required } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, isNumber, isSpecial, isUndefined, type Val } from '../runtime/value.ts';

const is = (
  name: string,
  summary: string,
  holds: (value: ReturnType<typeof known>) => boolean,
  aliases: readonly string[] = [],
) => defineTest({ name, aliases, summary, run: (value) => holds(known(value)) });

const ordered = (name: string, aliases: readonly string[], summary: string, holds: (sign: number) => boolean) =>
  defineTest({
    name,
    aliases,
    summary,
    params: [required('other')],
    run(value, [other]) {
      const [a, b] = [known(value), known(other)];
      return holds(isNumber(a) && isNumber(b) ? compareNumbers(a, b) : order(a, b, aliases[0] ?? name));
    },
  });

export const valueTests = [
  defineTest({
    name: 'defined',
    summary: 'Whether the value is there',
    takesUndefined: true,
    run: (value) => !isUndefined(settle(value)),
  }),
  defineTest({
    name: 'undefined',
    summary: 'Whether the value is not there',
    takesUndefined: true,
    run: (value) => isUndefined(settle(value)),
  }),
  is('none', 'Whether the value is none', (value) => value === null),
  is('boolean', 'Whether the value is true or false', (value) => typeof value === 'boolean'),
  is('true', 'Whether the value is true itself', (value) => value === true),
  is('false', 'Whether the value is false itself', (value) => value === false),
  is('integer', 'Whether the value is an integer', (value) => typeof value === 'bigint'),
  is('float', 'Whether the value is a float', (value) => typeof value === 'number'),
  is('number', 'Whether the value is a number', isNumber),
  is('string', 'Whether the value is a text', (value) => typeof value === 'string'),
  is('mapping', 'Whether the value is a dict', (value) => isDict(value)),
  is(
    'sequence',
    'Whether the value has a length and items: a list, text or dict',
    (value) =>
      typeof value === 'string' || isList(value) || isDict(value) || (isSpecial(value) && value.kind === 'range'),
  ),
  is('iterable', 'Whether a loop can go over the value', isIterable),
  is('callable', 'Whether the value is a function', (value) => isSpecial(value) && value.kind === 'callable'),
  is('escaped', 'Whether the text is marked as safe, which none is', () => false),
  is(
    'lower',
    'Whether the text has letters and all are small',
    (value) => toText(value) === toText(value).toLowerCase() && /\p{L}/u.test(toText(value)),
  ),
  is(
    'upper',
    'Whether the text has letters and all are capital',
    (value) => toText(value) === toText(value).toUpperCase() && /\p{L}/u.test(toText(value)),
  ),
  is('odd', 'Whether the number is odd', (value) => remainder(value, 2n) === 1),
  is('even', 'Whether the number is even', (value) => remainder(value, 2n) === 0),
  defineTest({
    name: 'divisibleby',
    summary: 'Whether the number can be divided without a rest',
    params: [required('num')],
    run: (value, [by]) => remainder(known(value), known(by)) === 0,
  }),
  defineTest({
    name: 'eq',
    aliases: ['equalto', '=='],
    summary: 'Whether both values are equal',
    params: [required('other')],
    run: (value, [other]) => equal(value, other ?? null),
  }),
  defineTest({
    name: 'ne',
    aliases: ['!='],
    summary: 'Whether the values differ',
    params: [required('other')],
    run: (value, [other]) => !equal(value, other ?? null),
  }),
  ordered('lt', ['<', 'lessthan'], 'Whether the value is less', (sign) => sign < 0),
  ordered('le', ['<='], 'Whether the value is less or equal', (sign) => sign <= 0),
  ordered('gt', ['>', 'greaterthan'], 'Whether the value is greater', (sign) => sign > 0),
  ordered('ge', ['>='], 'Whether the value is greater or equal', (sign) => sign >= 0),
  defineTest({
    name: 'sameas',
    summary: 'Whether both are the very same value',
    params: [required('other')],
    run: (value, [other]) => known(value) === known(other),
  }),
  defineTest({
    name: 'in',
    summary: 'Whether the value is in a list, dict or text',
    params: [required('seq')],
    run: (value, [container]) => contains(container ?? null, value),
  }),
  defineTest({
    name: 'contains',
    summary: 'Whether a value is in this list, dict or text',
    params: [required('value')],
    run: (value, [item]) => contains(value, item ?? null),
  }),
  defineTest({
    name: 'truthy',
    summary: 'Whether the value counts as true; with convert_bool also by words such as yes',
    params: [optional('convert_bool', false)],
    run: (value, [convert]) => truthy(value, convert ?? false),
  }),
  defineTest({
    name: 'falsy',
    summary: 'Whether the value counts as false; with convert_bool also by words such as no',
    params: [optional('convert_bool', false)],
    run: (value, [convert]) => !truthy(value, convert ?? false),
  }),
  defineTest({
    name: 'nan',
    aliases: ['isnan'],
    summary: 'Whether the value is the float that is not a number',
    run: (value) => Number.isNaN(known(value)),
  }),
  defineTest({
    name: 'filter',
    summary: 'Whether a filter of this name is there',
    run: (value, _, rt) => rt.hasFilter(asText(value, 'The name of a filter')),
  }),
  defineTest({
    name: 'test',
    summary: 'Whether a test of this name is there',
    run: (value, _, rt) => rt.hasTest(asText(value, 'The name of a test')),
  }),
];

function remainder(value: Val, by: Val): number {
  const number = asNumber(value, 'The tested value');
  const divisor = asNumber(by, 'The divisor');
  if (divisor === 0 || divisor === 0n) return fail('value', 'Division by zero');
  return typeof number === 'bigint' && typeof divisor === 'bigint'
    ? Number(modulo(number, divisor))
    : Number(number) % Number(divisor);
}

function truthy(value: Val, convert: Val): boolean {
  const given = known(value);
  if (isTruthy(convert) && (typeof given === 'string' || isNumber(given))) {
    const truth = truthOf(toText(given));
    if (truth !== undefined) return truth;
  }
  return isTruthy(given);
}
