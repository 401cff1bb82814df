import type { InputOptions, OutputOptions } from '../option-values.ts';
import type { ReachOptions } from '../reach-options.ts';

/** What `hlb plan` was given. */
export interface PlanOptions extends InputOptions, OutputOptions, ReachOptions {
  readonly limit?: string;
  /** `NAME=down` or `NAME=up`. */
  readonly whatIf?: readonly string[];
  readonly json?: true;
}
