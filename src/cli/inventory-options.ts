import type { OutputOptions } from './option-values.ts';

/** What `hlb inventory` was given. */
export interface InventoryOptions extends OutputOptions {
  readonly inventory?: readonly string[];
  readonly list?: true;
  /** `true` for the whole tree. */
  readonly graph?: string | true;
  readonly host?: string;
  readonly vars?: true;
}
