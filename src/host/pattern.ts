import { quote } from './quote.ts';

/**
 * A shell pattern as one word of a script: `*`, `?`, `[...]` and a leading `~` keep their meaning, all else is quoted.
 * Brackets as Python's glob has them: only `!` negates.
 */
export function patternWord(pattern: string): string {
  const home = /^~[A-Za-z0-9._-]*(?:\/|$)/.exec(pattern)?.[0] ?? '';
  const rest = pattern.slice(home.length);
  const piece = /\[!?\]?[^\]/]*\]|[*?]|(?:(?!\[!?\]?[^\]/]*\])[^*?])+/gsu;
  return home + (rest.match(piece) ?? []).map(wordOf).join('');
}

function wordOf(piece: string): string {
  if (piece === '*' || piece === '?') return piece;
  if (!/^\[!?\]?[^\]/]*\]$/su.test(piece) || piece === '[]' || piece === '[!]') return quote(piece);
  const negated = piece.startsWith('[!') ? '!' : '';
  const inside = piece.slice(1 + negated.length, -1);
  return `[${negated}${inside.replace(/[^A-Za-z0-9-]+/gsu, (odd) => quote(odd))}]`;
}

/** A command that succeeds when something matches; the match is in `$m`. */
export function matches(pattern: string): string {
  return `{ for m in ${patternWord(pattern)}; do if [ -e "$m" ] || [ -L "$m" ]; then break; fi; m=; done; [ "$m" ]; }`;
}
