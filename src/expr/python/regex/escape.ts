import { PatternError } from './pattern-error.ts';

const controls: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** One escaped character at `\`; an unknown letter is an error, as in Python. */
export function readEscape(source: string, at: number): { readonly code: number; readonly end: number } {
  const form = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(0[0-7]{0,2}|[0-3][0-7]{2}))/y;
  form.lastIndex = at;
  const match = form.exec(source);
  if (match !== null) {
    const [whole, hex2, hex4, hex8, octal] = match;
    const hex = hex2 ?? hex4 ?? hex8;
    const code = hex === undefined ? Number.parseInt(octal ?? '0', 8) : Number.parseInt(hex, 16);
    return { code, end: at + whole.length };
  }
  const code = source.codePointAt(at + 1);
  if (code === undefined) throw new PatternError('The pattern ends after "\\"', at);
  const letter = String.fromCodePoint(code);
  const control = controls[letter];
  if (control !== undefined) return { code: control, end: at + 2 };
  if (/[A-Za-z\d]/.test(letter)) throw new PatternError(`Unknown escape "\\${letter}"`, at);
  return { code, end: at + 1 + letter.length };
}
