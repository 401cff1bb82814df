import type { Assertion, Flags, Matcher } from './tree.ts';

const digit = /^\p{Nd}$/u;
const word = /^[\p{L}\p{N}_]$/u;
const space = /^[\s\x1c-\x1f\x85]$/u;

/** A class letter of Python's `re`, such as `d` of `\d`; none for other letters. */
export function classOf(letter: string, ascii: boolean): Matcher | undefined {
  switch (letter) {
    case 'd':
      return ascii
        ? isAsciiDigit
        : (code) => (code < 128 ? isAsciiDigit(code) : digit.test(String.fromCodePoint(code)));
    case 'w':
      return ascii ? isAsciiWord : isWord;
    case 's':
      return ascii
        ? isAsciiSpace
        : (code) =>
            code < 128 ? isAsciiSpace(code) || (code >= 0x1c && code <= 0x1f) : space.test(String.fromCodePoint(code));
    case 'D':
    case 'W':
    case 'S': {
      const inner = classOf(letter.toLowerCase(), ascii);
      return inner && ((code) => !inner(code));
    }
    default:
      return undefined;
  }
}

function isAsciiDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
function isAsciiWord(code: number): boolean {
  return isAsciiDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
function isAsciiSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
function isWord(code: number): boolean {
  return code < 128 ? isAsciiWord(code) : word.test(String.fromCodePoint(code));
}

/** The same for both cases of a letter. */
export function foldCase(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  const lower = String.fromCodePoint(code).toLowerCase();
  return Array.from(lower).length === 1 ? (lower.codePointAt(0) ?? code) : code;
}

export function eitherCase(matches: Matcher, flags: Flags): Matcher {
  if (!flags.ignoreCase) return matches;
  return (code) => {
    if (matches(code) || matches(foldCase(code))) return true;
    const upper = String.fromCodePoint(code).toUpperCase();
    return Array.from(upper).length === 1 && matches(upper.codePointAt(0) ?? code);
  };
}

export function literal(code: number, flags: Flags): Matcher {
  if (!flags.ignoreCase) return (other) => other === code;
  const folded = foldCase(code);
  return (other) => foldCase(other) === folded;
}

const NEWLINE = 10;
export const atStart: Assertion = (before) => before === -1;
export const atEnd: Assertion = (_, after) => after === -1;
export const atLineStart: Assertion = (before) => before === -1 || before === NEWLINE;
export const atLineEnd: Assertion = (_, after) => after === -1 || after === NEWLINE;
/** The end, or the line break that ends the text. */
export const atLastLineEnd: Assertion = (_, after, at, length) =>
  after === -1 || (after === NEWLINE && at === length - 1);

export function wordBoundary(ascii: boolean, negative: boolean): Assertion {
  const isIn = ascii ? isAsciiWord : isWord;
  return (before, after) => ((before !== -1 && isIn(before)) !== (after !== -1 && isIn(after))) !== negative;
}
