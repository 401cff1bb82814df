import { exponentSign, floatText } from './float-text.ts';

/** A float that is not negative, by the letter of its format; `alternate` keeps the point and the zeros behind it. */
export function floatDigits(value: number, type: string, precision: number | undefined, alternate = false): string {
  if (!Number.isFinite(type === '%' ? value * 100 : value))
    return withCase(Number.isNaN(value) ? 'nan' : 'inf', type) + (type === '%' ? '%' : '');
  switch (type) {
    case 'f':
    case 'F':
      return pointed(fixed(value, precision ?? 6), alternate);
    case '%':
      return `${pointed(fixed(value * 100, precision ?? 6), alternate)}%`;
    case 'e':
    case 'E':
      return withCase(pointed(exponential(value, precision ?? 6), alternate), type);
    case '':
      return precision === undefined
        ? pointed(floatText(value), alternate)
        : general(value, precision, alternate, true);
    default:
      return withCase(general(value, precision ?? 6, alternate, false), type);
  }
}

function withCase(text: string, type: string): string {
  return type === 'F' || type === 'E' || type === 'G' ? text.toUpperCase() : text;
}

function pointed(text: string, alternate: boolean): string {
  return !alternate || text.includes('.') ? text : text.replace(/(?=e|$)/, '.');
}

/** JavaScript gives at most so many digits behind the point. */
const MOST = 100;

/** Digits behind the point; where exactly one half is cut off, C rounds to the even digit and JavaScript up. */
export function fixed(value: number, precision: number): string {
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  if (precision >= MOST) return value.toFixed(MOST) + '0'.repeat(precision - MOST);
  const exact = value.toFixed(MOST);
  const cut = exact.indexOf('.') + 1 + precision;
  const even = evenBelow(exact.slice(0, cut), exact.slice(cut));
  return even === undefined ? value.toFixed(precision) : even.replace(/\.$/, '');
}

function exponential(value: number, precision: number): string {
  const [exact = '', exponent = '0'] = value.toExponential(MOST).split('e');
  const even = precision < MOST ? evenBelow(exact.slice(0, 2 + precision), exact.slice(2 + precision)) : undefined;
  if (even !== undefined) return `${even.replace(/\.$/, '')}e${exponentSign(Number(exponent))}`;
  const [mantissa = '', rounded = '0'] = value.toExponential(Math.min(precision, MOST)).split('e');
  return `${mantissa}e${exponentSign(Number(rounded))}`;
}

/** The digits before the cut where exactly one half is behind it and they end evenly. */
function evenBelow(digits: string, rest: string): string | undefined {
  return /^50*$/.test(rest) && /[02468]\.?$/.test(digits) ? digits : undefined;
}

function general(value: number, given: number, alternate: boolean, keepPoint: boolean): string {
  const precision = given === 0 ? 1 : given;
  const exponent = value === 0 ? 0 : Number(exponential(value, precision - 1).split('e')[1]);
  const limit = keepPoint ? precision - 1 : precision;
  const long = exponent < -4 || exponent >= limit;
  const text = long ? exponential(value, precision - 1) : fixed(value, Math.max(0, precision - 1 - exponent));
  if (alternate) return pointed(text, true);
  const [mantissa = '', tail = ''] = text.split(/(?=e)/);
  const trimmed = (mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa) + tail;
  return keepPoint && !/[.e]/.test(trimmed) ? `${trimmed}.0` : trimmed;
}
