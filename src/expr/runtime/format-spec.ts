import { fail } from './failure.ts';
import { floatDigits } from './float-digits.ts';
import { known } from './force.ts';
import { toFloat } from './numbers.ts';
import { toText } from './text.ts';
import { typeName } from './type-name.ts';
import type { Runtime, Val } from './value.ts';

/** Python's format specification, as in `{:>10.2f}`. */
interface Spec {
  readonly fill: string;
  readonly align: '<' | '>' | '=' | '^' | '';
  readonly sign: '+' | '-' | ' ';
  /** A sign was asked for, a zero before the width. */
  readonly signed: boolean;
  readonly zero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: ',' | '_' | '';
  readonly precision: number | undefined;
  readonly type: string;
}

const grammar = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su;

function parseSpec(text: string): Spec {
  const match = grammar.exec(text);
  if (match === null) return fail('value', `Invalid format "${text}"`);
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match;
  return {
    fill: fill ?? (zero !== undefined ? '0' : ' '),
    align: isAlign(align) ? align : zero !== undefined ? '=' : '',
    sign: sign === '+' || sign === ' ' ? sign : '-',
    signed: sign !== undefined,
    zero: zero !== undefined && !isAlign(align),
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping === ',' || grouping === '_' ? grouping : '',
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? '',
  };
}

function isAlign(text: string | undefined): text is '<' | '>' | '=' | '^' {
  return text !== undefined && text !== '';
}

/** Python's `format(value, spec)`. */
export function formatValue(given: Val, specText: string, rt: Runtime): string {
  const value = known(given);
  if (specText === '') return toText(value);
  const spec = parseSpec(specText);
  rt.reserve(spec.width + (spec.precision ?? 0));
  if (typeof value === 'string') return formatText(value, spec);
  if (typeof value === 'boolean' && spec.type === '') return pad(toText(value), '', spec, '<');
  if (typeof value === 'boolean' || typeof value === 'bigint') return formatInteger(BigInt(value), spec);
  if (typeof value === 'number') return formatFloat(value, spec);
  return fail('type', `A ${typeName(value)} takes no format, found "${specText}"`);
}

function formatText(value: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') fail('value', `Format "${spec.type}" does not fit a str`);
  if (spec.signed || spec.alternate || spec.grouping !== '' || (spec.align === '=' && !spec.zero))
    fail('value', 'A sign, "#", "=" and separators do not fit a str');
  const cut = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('');
  return pad(cut, '', spec.align === '=' ? { ...spec, align: '<' } : spec, '<');
}

function formatInteger(value: bigint, spec: Spec): string {
  if (/^[eEfFgG%]$/.test(spec.type)) return formatFloat(toFloat(value), spec);
  if (spec.type === 's') fail('value', 'Format "s" does not fit an int');
  if (spec.precision !== undefined) fail('value', 'A precision does not fit an int');
  if (spec.type === 'c') return pad(String.fromCodePoint(Number(value)), '', spec, '<');
  const based = /^[bxXo]$/.test(spec.type);
  if (based && spec.grouping === ',') fail('value', `"," does not fit the format "${spec.type}"`, 'Use "_"');
  const { digits, prefix } = integerDigits(value < 0n ? -value : value, spec.type, spec.alternate);
  return padNumber(digits, '', signOf(value < 0n, spec) + prefix, spec, based ? 4 : 3);
}

/** The digits of an integer that is not negative, in the base of its letter. */
export function integerDigits(value: bigint, type: string, alternate: boolean): { digits: string; prefix: string } {
  switch (type) {
    case 'b':
      return { digits: value.toString(2), prefix: alternate ? '0b' : '' };
    case 'o':
      return { digits: value.toString(8), prefix: alternate ? '0o' : '' };
    case 'x':
      return { digits: value.toString(16), prefix: alternate ? '0x' : '' };
    case 'X':
      return { digits: value.toString(16).toUpperCase(), prefix: alternate ? '0X' : '' };
    default:
      return { digits: value.toString(), prefix: '' };
  }
}

function formatFloat(value: number, spec: Spec): string {
  if ('bcdosxX'.includes(spec.type) && spec.type !== '') fail('value', `Format "${spec.type}" does not fit a float`);
  const negative = value < 0 || Object.is(value, -0);
  const digits = floatDigits(Math.abs(value), spec.type, spec.precision, spec.alternate);
  const [whole, rest] = splitWhole(digits);
  return padNumber(whole, rest, signOf(negative, spec), spec, 3);
}

function splitWhole(digits: string): readonly [string, string] {
  const end = /^\d*/.exec(digits)?.[0].length ?? 0;
  return [digits.slice(0, end), digits.slice(end)];
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return '-';
  return spec.sign === '-' ? '' : spec.sign;
}

/** Zeros that fill a number up stand in its groups too. */
function padNumber(whole: string, rest: string, sign: string, spec: Spec, size: number): string {
  let digits = whole;
  if (spec.fill === '0' && spec.align === '=' && spec.grouping !== '') {
    const least = spec.width - sign.length - rest.length;
    while (group(digits, spec.grouping, size).length < least) digits = `0${digits}`;
  }
  return pad(group(digits, spec.grouping, size) + rest, sign, spec, '>');
}

function group(digits: string, separator: string, size: number): string {
  if (separator === '') return digits;
  return digits.replaceAll(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), separator);
}

function pad(body: string, sign: string, spec: Spec, natural: '<' | '>'): string {
  const missing = spec.width - Array.from(body).length - sign.length;
  if (missing <= 0) return sign + body;
  switch (spec.align === '' ? natural : spec.align) {
    case '<':
      return sign + body + spec.fill.repeat(missing);
    case '>':
      return spec.fill.repeat(missing) + sign + body;
    case '=':
      return sign + spec.fill.repeat(missing) + body;
    case '^':
    default: {
      const left = Math.floor(missing / 2);
      return spec.fill.repeat(left) + sign + body + spec.fill.repeat(missing - left);
    }
  }
}
