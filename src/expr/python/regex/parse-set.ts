import { classOf, eitherCase } from './classes.ts';
import { readEscape } from './escape.ts';
import { PatternError } from './pattern-error.ts';
import type { Flags, Matcher } from './tree.ts';

/** Reads `[…]`, from behind its opening bracket. */
export function parseSet(
  source: string,
  start: number,
  flags: Flags,
): { readonly matches: Matcher; readonly end: number } {
  let at = start;
  const negative = source[at] === '^';
  if (negative) at++;
  const ranges: [number, number][] = [];
  const classes: Matcher[] = [];
  for (let first = true; first || source[at] !== ']'; first = false) {
    if (at >= source.length) throw new PatternError('The "[" is not closed', start - 1);
    const low = member();
    if (typeof low !== 'number') {
      classes.push(low);
      continue;
    }
    if (source[at] !== '-' || source[at + 1] === ']' || at + 1 >= source.length) {
      ranges.push([low, low]);
      continue;
    }
    const from = at;
    at++;
    const high = member();
    if (typeof high !== 'number' || high < low) throw new PatternError('The range of characters goes backwards', from);
    ranges.push([low, high]);
  }
  const inside: Matcher = (code) =>
    ranges.some(([low, high]) => code >= low && code <= high) || classes.some((one) => one(code));
  const either = eitherCase(inside, flags);
  return { matches: negative ? (code) => !either(code) : either, end: at + 1 };

  function member(): number | Matcher {
    if (source[at] !== '\\') {
      const code = source.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      return code;
    }
    const matches = classOf(source[at + 1] ?? '', flags.ascii);
    if (matches !== undefined) {
      at += 2;
      return matches;
    }
    const { code, end } = readEscape(source, at);
    at = end;
    return code;
  }
}
