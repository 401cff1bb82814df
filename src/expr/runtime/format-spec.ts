import { fail } from './failure.ts';
import { exponentSign, floatText } from './float-text.ts';
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
  if (typeof value === 'string') {
    if (spec.type !== '' && spec.type !== 's') fail('value', `Format "${spec.type}" does not fit a str`);
    const cut = spec.precision === undefined ? value : Array.from(value).slice(0, spec.precision).join('');
    return pad(cut, '', spec, '<');
  }
  if (typeof value === 'boolean' && spec.type === '') return pad(toText(value), '', spec, '<');
  if (typeof value === 'boolean' || typeof value === 'bigint') return formatInteger(BigInt(value), spec);
  if (typeof value === 'number') return formatFloat(value, spec);
  return fail('type', `A ${typeName(value)} takes no format, found "${specText}"`);
}

function formatInteger(value: bigint, spec: Spec): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type !== '') return formatFloat(toFloat(value), spec);
  if (spec.type === 's') fail('value', 'Format "s" does not fit an int');
  if (spec.type === 'c') return pad(String.fromCodePoint(Number(value)), '', spec, '<');
  const { digits, prefix } = integerDigits(value < 0n ? -value : value, spec.type, spec.alternate);
  const grouped = group(digits, spec.grouping, 'bxXo'.includes(spec.type) && spec.type !== '' ? 4 : 3);
  return pad(grouped, signOf(value < 0n, spec) + prefix, spec, '>');
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
  return pad(group(whole, spec.grouping, 3) + rest, signOf(negative, spec), spec, '>');
}

function splitWhole(digits: string): readonly [string, string] {
  const end = /^\d*/.exec(digits)?.[0].length ?? 0;
  return [digits.slice(0, end), digits.slice(end)];
}

/** A float that is not negative, by the letter of its format. */
export function floatDigits(value: number, type: string, precision: number | undefined, alternate = false): string {
  if (!Number.isFinite(value)) {
    const word = Number.isNaN(value) ? 'nan' : 'inf';
    return (type === 'F' || type === 'E' || type === 'G' ? word.toUpperCase() : word) + (type === '%' ? '%' : '');
  }
  switch (type) {
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6) + (alternate && precision === 0 ? '.' : '');
    case '%':
      return `${fixed(value * 100, precision ?? 6)}%`;
    case 'e':
    case 'E': {
      const text = exponential(value, precision ?? 6);
      return type === 'E' ? text.toUpperCase() : text;
    }
    case '':
      return precision === undefined ? floatText(value) : general(value, precision, alternate, true);
    default: {
      const text = general(value, precision ?? 6, alternate, false);
      return type === 'G' ? text.toUpperCase() : text;
    }
  }
}

/** `toFixed` rounds the exact binary value, as C does, but only up to 1e21 and 100 digits. */
function fixed(value: number, precision: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const text = value.toFixed(Math.min(precision, 100));
  return precision <= 100 || halfway(value, precision)
    ? roundHalfEven(value, precision, text)
    : text.padEnd(text.length + precision - 100, '0');
}

/** Where the digits after the cut are exactly one half, C rounds to the even digit and JavaScript up. */
function roundHalfEven(value: number, precision: number, text: string): string {
  if (!halfway(value, precision)) return text;
  const scaled = value * 10 ** precision;
  const floor = Math.floor(scaled);
  return ((floor % 2 === 0 ? floor : floor + 1) / 10 ** precision).toFixed(precision);
}

function halfway(value: number, precision: number): boolean {
  if (precision > 20) return false;
  const exact = value.toFixed(Math.min(100, precision + 60));
  const dot = exact.indexOf('.');
  return dot !== -1 && /^50*$/.test(exact.slice(dot + 1 + precision));
}

function exponential(value: number, precision: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(Math.min(precision, 100)).split('e');
  return `${mantissa}e${exponentSign(Number(exponent))}`;
}

function general(value: number, given: number, alternate: boolean, keepPoint: boolean): string {
  const precision = given === 0 ? 1 : given;
  const exponent = value === 0 ? 0 : Number(value.toExponential(precision - 1).split('e')[1]);
  const limit = keepPoint ? precision - 1 : precision;
  const text =
    exponent < -4 || exponent >= limit
      ? exponential(value, precision - 1)
      : fixed(value, Math.max(0, precision - 1 - exponent));
  if (alternate) return text;
  const trimmed = text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text;
  return keepPoint && !/[.e]/.test(trimmed) ? `${trimmed}.0` : trimmed;
}

function signOf(negative: boolean, spec: Spec): string {
  if (negative) return '-';
  return spec.sign === '-' ? '' : spec.sign;
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
