/** Where a text is being read; readers move it past what they have read, and give nothing where they cannot read on. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** What a sticky pattern finds here. */
export function match(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return undefined;
  cursor.at += found[0].length;
  return found[0];
}

/** One character, after blanks. */
export function take(cursor: Cursor, char: string): boolean {
  space(cursor);
  if (cursor.text[cursor.at] !== char) return false;
  cursor.at += 1;
  return true;
}

export function space(cursor: Cursor): void {
  match(cursor, /[ \t\f]*/y);
}
