import { dictGet } from './dict.ts';
import { fail } from './failure.ts';
import { floatDigits } from './float-digits.ts';
import { type Known, known } from './force.ts';
import { integerDigits } from './format-spec.ts';
import { toFloat } from './numbers.ts';
import { repr, toText } from './text.ts';
import { typeName } from './type-name.ts';
import { isDict, isList, isNumber, type Runtime, Tuple, type Val } from './value.ts';

const directive = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S])?/g;

/** Python's `text % arguments`. */
export function percentFormat(text: string, args: Known, rt: Runtime): string {
  const values: readonly Val[] = args instanceof Tuple ? args : [args];
  let next = 0;
  const take = (): Val => {
    const value = values[next++];
    return value === undefined ? fail('type', 'The format has more places than there are arguments') : value;
  };
  const result = text.replace(
    directive,
    (_, name?: string, flags = '', width?: string, precision?: string, type?: string) => {
      if (type === undefined) return fail('value', 'The format ends after "%"');
      if (type === '%') return '%';
      const columns = width === '*' ? Number(toText(take())) : Number(width ?? 0);
      const digits =
        precision === '*' ? Number(toText(take())) : precision === undefined ? undefined : Number(precision);
      rt.reserve(Math.abs(columns) + (digits ?? 0));
      const value = name === undefined ? take() : field(args, name);
      return padded(convert(known(value), type, flags, digits), flags, columns, type);
    },
  );
  if (next < values.length && !isDict(args) && (args instanceof Tuple || !isList(args)))
    fail('type', 'Not all arguments have a place in the format');
  return result;
}

function field(args: Known, name: string): Val {
  if (!isDict(args)) return fail('type', `"%(${name})s" needs a dict, not ${typeName(args)}`);
  const value = dictGet(args, name);
  return value === undefined ? fail('value', `The dict has no key "${name}"`) : value;
}

interface Piece {
  readonly sign: string;
  readonly body: string;
}

function convert(value: Known, type: string, flags: string, digits: number | undefined): Piece {
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const text = type === 's' ? toText(value) : repr(value);
      return { sign: '', body: digits === undefined ? text : Array.from(text).slice(0, digits).join('') };
    }
    case 'c':
      return { sign: '', body: typeof value === 'bigint' ? String.fromCodePoint(Number(value)) : toText(value) };
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      return integerPiece(value, type, flags, digits);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floatPiece(value, type, flags, digits);
    default:
      return fail('value', `Unknown format "%${type}"`);
  }
}

function integerPiece(value: Known, type: string, flags: string, digits: number | undefined): Piece {
  if (!isNumber(value))
    return fail('type', `"%${type}" needs a number, not ${typeName(value)}`, 'Convert it with "| int"');
  if (typeof value === 'number' && !'diu'.includes(type)) return fail('type', `"%${type}" needs an int, not a float`);
  const int = typeof value === 'number' ? BigInt(Math.trunc(value)) : BigInt(value);
  const { digits: text, prefix } = integerDigits(int < 0n ? -int : int, type, flags.includes('#'));
  return { sign: signFor(int < 0n, flags) + prefix, body: text.padStart(digits ?? 0, '0') };
}

function floatPiece(value: Known, type: string, flags: string, digits: number | undefined): Piece {
  if (!isNumber(value))
    return fail('type', `"%${type}" needs a number, not ${typeName(value)}`, 'Convert it with "| float"');
  const float = toFloat(value);
  return {
    sign: signFor(float < 0 || Object.is(float, -0), flags),
    body: floatDigits(Math.abs(float), type, digits, flags.includes('#')),
  };
}

function signFor(negative: boolean, flags: string): string {
  if (negative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function padded({ sign, body }: Piece, flags: string, columns: number, type: string): string {
  const missing = Math.abs(columns) - sign.length - Array.from(body).length;
  if (missing <= 0) return sign + body;
  if (flags.includes('-') || columns < 0) return sign + body + ' '.repeat(missing);
  if (flags.includes('0') && !'srac'.includes(type)) return sign + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + sign + body;
}
