import type { Judged } from './guarding.ts';

/** How much of a batch guards let go at once. */
export interface Most {
  /** 0 where not even one host may be touched. */
  readonly size: number;
  /** Of that size; of one host where it is 0. */
  readonly judged: readonly Judged[];
  /** Of one host more. */
  readonly refusals: readonly Judged[];
}

/**
 * The most that may go at once, of which every smaller part may go too: hosts of a batch are not done at the same moment,
 * so a part must not lean on the others being away with it.
 */
export function mostOf(names: readonly string[], judge: (some: readonly string[]) => readonly Judged[]): Most {
  let judged: readonly Judged[] = [];
  for (let size = 1; size <= names.length; size += 1) {
    const next = judge(names.slice(0, size));
    const refusals = refusing(next);
    if (refusals.length > 0)
      return { size: size - 1, judged: size === 1 ? next : judged, refusals: size === 1 ? [] : refusals };
    judged = next;
  }
  return { size: names.length, judged, refusals: [] };
}

export function refusing(judged: readonly Judged[]): readonly Judged[] {
  return judged.filter(({ verdict }) => verdict === 'refuse');
}

export function clampNote(asked: number, size: number, refusals: readonly Judged[]): string {
  return refusals
    .map(({ guard, message }) => `you asked for ${asked} at a time, ${guard} allows ${size}: ${message}`)
    .join('; ');
}
