import { floatDigits } from '../runtime/float-digits.ts';

const letters = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** Jinja's `filesizeformat`. */
export function fileSizeText(bytes: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const found = letters.findIndex((_, at) => bytes < base ** (at + 2));
  const at = found === -1 ? letters.length - 1 : found;
  const letter = letters[at] ?? '';
  return `${floatDigits((base * bytes) / base ** (at + 2), 'f', 1)} ${binary ? `${letter.toUpperCase()}i` : letter}B`;
}
