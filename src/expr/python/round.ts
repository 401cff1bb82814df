import { floatDigits } from '../runtime/float-digits.ts';
import { floorDivide } from '../runtime/numbers.ts';

/** Python's `round`: halves go to the even neighbour; an int stays an int. */
export function roundTo(number: bigint | number, digits: number): bigint | number {
  if (typeof number === 'bigint') return digits >= 0 ? number : roundInteger(number, 10n ** BigInt(-digits));
  if (!Number.isFinite(number) || digits > 300) return number;
  if (digits < -308) return 0;
  if (digits >= 0)
    return Number(floatDigits(Math.abs(number), 'f', digits)) * (number < 0 || Object.is(number, -0) ? -1 : 1);
  if (Math.abs(number) >= 2 ** 53) return Number(roundInteger(BigInt(number), 10n ** BigInt(-digits)));
  const unit = 10 ** -digits;
  const size = halfEven(Math.abs(number) / unit) * unit;
  return number < 0 || Object.is(number, -0) ? -size : size;
}

/** Python's `round(x)` of a float. */
export function roundHalfEven(number: number): bigint {
  return BigInt(halfEven(number));
}

function halfEven(number: number): number {
  const floor = Math.floor(number);
  const rest = number - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function roundInteger(number: bigint, unit: bigint): bigint {
  const floor = floorDivide(number, unit);
  const twice = (number - floor * unit) * 2n;
  const up = twice > unit || (twice === unit && floor % 2n !== 0n);
  return (up ? floor + 1n : floor) * unit;
}
