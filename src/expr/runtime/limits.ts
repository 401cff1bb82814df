import { fail } from './failure.ts';

/** What one evaluation may use before it is taken for endless. */
export const limits = {
  /** Evaluated loop rounds, calls and filtered items. */
  steps: 3_000_000,
  /** Characters or items that may be made in all. */
  size: 64 * 1024 * 1024,
  /** Bits of an integer. */
  bits: 65_536,
  /** Macros within macros, and templates within templates. */
  depth: 100,
} as const;

/** Refuses an integer that would take more memory than any playbook needs. */
export function checkBits(bits: number): void {
  if (bits > limits.bits) fail('fuel', `The result would have more than ${limits.bits} bits`);
}
