/** Which characters Python's classes hold. */
export interface Dialect {
  readonly ascii: boolean;
}

/** Text as JavaScript's pattern (flag `v`) for exactly that text. */
export function escapeText(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}

/** A member of a class: one character, or a set such as `\d`. */
export type ClassMember =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'set'; readonly text: string };

export function classItem(member: ClassMember): string {
  if (member.kind === 'set') return member.text;
  return /^[A-Za-z0-9]$/.test(member.char) ? member.char : `\\u{${(member.char.codePointAt(0) ?? 0).toString(16)}}`;
}

const blanks = '\\t\\n\\v\\f\\r\\x20';
const unicodeBlanks = `${blanks}\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000`;

/** `\d`, `\w`, `\s` and their opposites as classes; absent for other letters. */
export function shorthand(letter: string, dialect: Dialect): string | undefined {
  const inside = members(letter.toLowerCase(), dialect);
  if (inside === undefined) return undefined;
  return letter === letter.toLowerCase() ? `[${inside}]` : `[^${inside}]`;
}

function members(letter: string, { ascii }: Dialect): string | undefined {
  switch (letter) {
    case 'd':
      return ascii ? '0-9' : '\\p{Nd}';
    case 'w':
      return ascii ? 'A-Za-z0-9_' : '\\p{L}\\p{N}_';
    case 's':
      return ascii ? blanks : unicodeBlanks;
    default:
      return undefined;
  }
}

export function wordClass(dialect: Dialect): string {
  return `[${members('w', dialect) ?? ''}]`;
}
