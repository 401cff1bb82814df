import { fail } from '../runtime/failure.ts';
import { floatDigits } from '../runtime/float-digits.ts';
import { roundHalfEven } from './round.ts';

/** Powers of 1,024, the biggest first. */
const units = [
  ['Y', 80, 'yottabyte', 'yottabit'],
  ['Z', 70, 'zetabyte', 'zetabit'],
  ['E', 60, 'exabyte', 'exabit'],
  ['P', 50, 'petabyte', 'petabit'],
  ['T', 40, 'terabyte', 'terabit'],
  ['G', 30, 'gigabyte', 'gigabit'],
  ['M', 20, 'megabyte', 'megabit'],
  ['K', 10, 'kilobyte', 'kilobit'],
  ['B', 0, 'byte', 'bit'],
] as const;

/** ansible's `human_readable`: two digits and the unit that fits, or the one that is asked for. */
export function bytesToHuman(size: number, bits: boolean, unit: string | undefined): string {
  const wanted = unit?.toUpperCase();
  const [letter, power] =
    units.find(([name, exponent]) =>
      wanted === undefined || wanted === '' ? size >= 2 ** exponent : wanted === name,
    ) ?? units[8];
  const name = power === 0 ? (bits ? 'bits' : 'Bytes') : letter + (bits ? 'b' : 'B');
  const value = size / 2 ** power;
  return `${value < 0 ? '-' : ''}${floatDigits(Math.abs(value), 'f', 2)} ${name}`;
}

/** ansible's `human_to_bytes`; a capital B stands for bytes, a small one for bits. */
export function humanToBytes(size: string | number | bigint, defaultUnit: string | undefined, bits: boolean): bigint {
  const match = /^([0-9]*\.?[0-9]+)(?:\s*([A-Za-z]+))?\s*$/.exec(String(size));
  if (match === null) return fail('value', `"${size}" is no size`, 'Write a number and a unit, such as 10K or 1.5 GB');
  const number = Number(match[1]);
  const unit = match[2] ?? defaultUnit;
  if (unit === undefined || unit === '') return roundHalfEven(number);
  const known = units.find(([letter]) => letter === unit[0]?.toUpperCase());
  if (known === undefined)
    return fail('value', `"${unit}" is no unit of size`, `Use one of ${units.map(([letter]) => letter).join(', ')}`);
  const [letter, power, bytes, bitsName] = known;
  const short = power === 0 ? (bits ? 'b' : 'B') : letter + (bits ? 'b' : 'B');
  if (unit.length > 1 && unit.toLowerCase() !== (bits ? bitsName : bytes) && unit !== short)
    return fail('value', `"${unit}" is no unit of ${bits ? 'bits' : 'bytes'}`, `Write "${short}" or "${letter}"`);
  return roundHalfEven(number * 2 ** power);
}
