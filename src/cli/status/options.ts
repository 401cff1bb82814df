import type { InputOptions, OutputOptions } from '../option-values.ts';
import type { ReachOptions } from '../reach-options.ts';

/** What `hlb status` was given. */
export interface StatusOptions extends InputOptions, OutputOptions, ReachOptions {
  readonly watch?: true;
  /** Seconds. */
  readonly interval: number;
  /** Live backends that every node needs. */
  readonly min: number;
  readonly json?: true;
}
