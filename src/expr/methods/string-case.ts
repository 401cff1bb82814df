/** The first character in upper case, the others in lower. */
export function capitalize(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return text === '' ? '' : first.toUpperCase() + text.slice(first.length).toLowerCase();
}

/** Every run of letters with its first in upper case, as `str.title` has it: `they're` becomes `They'Re`. */
export function titleCase(text: string): string {
  return text.replaceAll(/\p{L}+/gu, capitalize);
}

export function swapCase(text: string): string {
  let swapped = '';
  for (const char of text) swapped += char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
  return swapped;
}
