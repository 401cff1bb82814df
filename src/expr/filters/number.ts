import { defineFilter } from '../define.ts';
import { fileSizeText } from '../python/file-size.ts';
import { bytesToHuman, humanToBytes } from '../python/human-bytes.ts';
import { roundTo } from '../python/round.ts';
import { asCount, asFlag, asFloat, asNumber, asTextOrNone } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { parseFloatText, parseInteger } from '../runtime/numbers.ts';
import { optional, required } from '../runtime/signature.ts';
import { isNumber, type Val } from '../runtime/value.ts';
import { oneOf } from './list.ts';

export const numberFilters = [
  defineFilter({
    name: 'abs',
    summary: 'Drops the sign of a number',
    run(value) {
      const number = asNumber(value, 'The input of "abs"');
      return typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number);
    },
  }),
  defineFilter({
    name: 'int',
    summary: 'Makes an integer, or gives the default where that cannot be',
    params: [optional('default', 0n), optional('base', 10n)],
    run(value, [fallback, base]) {
      const given = known(value);
      if (isNumber(given)) return integerOf(given) ?? fallback ?? null;
      if (typeof given !== 'string') return fallback ?? null;
      const float = parseFloatText(given);
      return (
        parseInteger(given, baseOf(base)) ?? (float === undefined ? undefined : integerOf(float)) ?? fallback ?? null
      );
    },
  }),
  defineFilter({
    name: 'float',
    summary: 'Makes a float, or gives the default where that cannot be',
    params: [optional('default', 0)],
    run(value, [fallback]) {
      const given = known(value);
      if (isNumber(given)) return Number(given);
      return (typeof given === 'string' ? parseFloatText(given) : undefined) ?? fallback ?? null;
    },
  }),
  defineFilter({
    name: 'bool',
    summary: 'Reads yes, on, true and 1 as true and anything else as false',
    run(value) {
      const given = known(value);
      if (typeof given === 'boolean' || given === null) return given ?? false;
      if (typeof given === 'string') return ['yes', 'on', 'true', '1'].includes(given.toLowerCase());
      return isNumber(given) && Number(given) === 1;
    },
  }),
  defineFilter({
    name: 'round',
    summary: 'Rounds to a number of digits, up with ceil, down with floor',
    params: [optional('precision', 0n), optional('method', 'common')],
    run(value, [precision, method]) {
      const how = oneOf(method, ['common', 'ceil', 'floor'], 'The method');
      const digits = asCount(precision, 'The precision');
      const number = asNumber(value, 'The input of "round"');
      if (how === 'common') return roundTo(number, digits);
      const scaled = Number(number) * 10 ** digits;
      return (how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / 10 ** digits;
    },
  }),
  defineFilter({
    name: 'log',
    summary: 'Gives the logarithm, the natural one unless a base is given',
    params: [optional('base', Math.E)],
    run(value, [base]) {
      const number = asFloat(value, 'The input of "log"');
      const by = asFloat(base, 'The base');
      if (number <= 0 || by <= 0) return fail('value', 'A logarithm needs numbers above zero');
      return by === 10 ? Math.log10(number) : Math.log(number) / Math.log(by);
    },
  }),
  defineFilter({
    name: 'pow',
    summary: 'Raises the number to a power, as a float',
    params: [required('y')],
    run: (value, [y]) => finite(asFloat(value, 'The input of "pow"') ** asFloat(y, 'The exponent')),
  }),
  defineFilter({
    name: 'root',
    summary: 'Gives the square root, or the root of a given degree',
    params: [optional('base', 2n)],
    run(value, [base]) {
      const number = asFloat(value, 'The input of "root"');
      const degree = asFloat(base, 'The degree');
      return finite(degree === 2 ? Math.sqrt(number) : number ** (1 / degree));
    },
  }),
  defineFilter({
    name: 'human_readable',
    summary: 'Writes a number of bytes, or bits, in a unit that fits, such as 1.50 KB',
    params: [optional('isbits', false), optional('unit')],
    run: (value, [bits, unit]) =>
      bytesToHuman(asFloat(value, 'The input of "human_readable"'), asFlag(bits), asTextOrNone(unit, 'The unit')),
  }),
  defineFilter({
    name: 'human_to_bytes',
    summary: 'Reads a size such as 10K or 1.5 GB as a number of bytes, or bits',
    params: [optional('default_unit'), optional('isbits', false)],
    run: (value, [unit, bits]) => humanToBytes(sizeText(value), asTextOrNone(unit, 'The default unit'), asFlag(bits)),
  }),
  defineFilter({
    name: 'filesizeformat',
    summary: 'Writes a number of bytes for people to read, such as 1.5 kB',
    params: [optional('binary', false)],
    run(value, [binary]) {
      const given = known(value);
      const number =
        typeof given === 'string' ? parseFloatText(given) : asFloat(given, 'The input of "filesizeformat"');
      return fileSizeText(number ?? fail('value', 'The input of "filesizeformat" is no number'), asFlag(binary));
    },
  }),
];

function integerOf(number: bigint | number | boolean): bigint | undefined {
  if (typeof number !== 'number') return BigInt(number);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}

/** What is no base reads nothing. */
function baseOf(value: Val | undefined): number {
  const base = known(value);
  return typeof base === 'bigint' ? Number(base) : 1;
}

function finite(number: number): Val {
  return Number.isNaN(number) ? fail('value', 'The result is not a number') : number;
}

function sizeText(value: Val): string | number | bigint {
  const given = known(value);
  return typeof given === 'string' ? given : asNumber(given, 'The input of "human_to_bytes"');
}
