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

/** Taking more away never turns a refusal into a pass, so the first size that passes is the most that may go at once. */
export function mostOf(names: readonly string[], judge: (some: readonly string[]) => readonly Judged[]): Most {
  let larger: readonly Judged[] = [];
  for (let size = names.length; size > 0; size -= 1) {
    const judged = judge(names.slice(0, size));
    if (refusing(judged).length === 0) return { size, judged, refusals: refusing(larger) };
    larger = judged;
  }
  return { size: 0, judged: larger, refusals: [] };
}

export function refusing(judged: readonly Judged[]): readonly Judged[] {
  return judged.filter(({ verdict }) => verdict === 'refuse');
}

export function clampNote(asked: number, size: number, refusals: readonly Judged[]): string {
  return refusals
    .map(({ guard, message }) => `you asked for ${asked} at a time, ${guard} allows ${size}: ${message}`)
    .join('; ');
}
