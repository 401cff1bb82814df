import type { InventoryInput, OutputOptions } from './option-values.ts';

/** What `hlb inventory` was given. */
export interface InventoryOptions extends InventoryInput, OutputOptions {
  readonly list?: true;
  /** `true` for the whole tree. */
  readonly graph?: string | true;
  readonly host?: string;
  readonly vars?: true;
}
