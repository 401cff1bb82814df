const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'on', 'true', 'y', 't', '1'].map((word) => [word, true] as const),
  ...['no', 'off', 'false', 'n', 'f', '0'].map((word) => [word, false] as const),
]);

/** What Ansible reads in a word where it wants true or false; undefined for any other word. */
export function truthOf(word: string): boolean | undefined {
  return words.get(word.trim().toLowerCase());
}
