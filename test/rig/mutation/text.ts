import { positionOf, type Source } from '../../../src/core/source.ts';

/** A range of a file's text that becomes another text. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export function applied(text: string, edit: Edit): string {
  return text.slice(0, edit.from) + edit.text + text.slice(edit.to);
}

/** The line, from 1 on, of an offset. */
export function lineOf(source: Source, offset: number): number {
  return positionOf(source, offset).line;
}

/** How many columns stand before an offset on its line. */
export function columnsBefore(source: Source, offset: number): number {
  return positionOf(source, offset).column - 1;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function chosen<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** As many as are wanted, in their own order. */
export function sample<T>(items: readonly T[], count: number, random: () => number): readonly T[] {
  if (items.length <= count) return items;
  const indices = items.map((_, index) => index);
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (indices.length - index));
    [indices[index], indices[other]] = [indices[other] ?? 0, indices[index] ?? 0];
  }
  return indices
    .slice(0, count)
    .sort((a, b) => a - b)
    .flatMap((index) => items[index] ?? []);
}

/** A word with one slip of the pen: a letter lost, doubled, taken for another, or two that changed places. */
export function misspelled(word: string, random: () => number): string {
  const letters = Array.from(word).flatMap((letter, index) => (/[A-Za-z]/.test(letter) ? [index] : []));
  if (letters.length === 0) return word;
  for (;;) {
    const at = chosen(letters, random) ?? 0;
    const letter = word[at] ?? '';
    const [before, after] = [word.slice(0, at), word.slice(at + 1)];
    const slips = [
      before + after,
      before + letter + letter + after,
      `${before}${letter === 'x' ? 'k' : 'x'}${after}`,
      before + after.slice(0, 1) + letter + after.slice(1),
    ];
    const slip = chosen(slips, random) ?? '';
    // A slip must not make a word begin with a digit.
    if (slip !== word && !/^\d/.test(slip)) return slip;
  }
}
