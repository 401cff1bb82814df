import { fail } from './failure.ts';
import { checkBits } from './limits.ts';

/** As Python's `float()`: an int that is too big is an error. */
export function toFloat(value: bigint | number | boolean): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) fail('value', 'The integer is too big for a float');
  return float;
}

export function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

/** Rounds towards minus infinity, unlike BigInt's `/`. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Takes the sign of the divisor. */
export function modulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

export function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

export function floatFloorDivide(a: number, b: number): number {
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  const floor = Math.floor(quotient);
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

export function power(base: bigint, exponent: bigint): bigint | number {
  if (exponent < 0n) {
    if (base === 0n) fail('value', 'Division by zero');
    return toFloat(base) ** toFloat(exponent);
  }
  if (base !== 0n && base !== 1n && base !== -1n) checkBits(bitsOf(base) * Number(exponent) - 4);
  return base ** exponent;
}

/** Python's `int(text, base)`: blanks around, underscores between digits and a prefix of the base allowed. */
export function parseInteger(given: string, base = 10): bigint | undefined {
  const match = /^([+-]?)(0[xXoObB]_?)?([\dA-Za-z]+(?:_[\dA-Za-z]+)*)$/.exec(given.trim());
  if (match === null) return undefined;
  const [, sign = '', prefix = '', underscored = ''] = match;
  const digits = underscored.replaceAll('_', '');
  const prefixed = prefixes.get(prefix.slice(0, 2).toLowerCase());
  const radix = base === 0 ? (prefixed ?? 10) : base;
  if (prefixed !== undefined && prefixed !== radix) return parseRadix(sign, prefix + digits, radix);
  return parseRadix(sign, digits, radix);
}

const prefixes: ReadonlyMap<string, number> = new Map([
  ['0x', 16],
  ['0o', 8],
  ['0b', 2],
]);

function parseRadix(sign: string, digits: string, radix: number): bigint | undefined {
  let value = 0n;
  for (const digit of digits) {
    const worth = Number.parseInt(digit, 36);
    if (Number.isNaN(worth) || worth >= radix) return undefined;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return sign === '-' ? -value : value;
}

/** Python's `float(text)`. */
export function parseFloatText(given: string): number | undefined {
  const text = given.trim();
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const number = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
  return number.test(text) ? Number(text.replaceAll('_', '')) : undefined;
}
