import type { InventoryInput } from './option-values.ts';
import type { System } from './system.ts';

/** `-i`, else HLB_INVENTORY. */
export function inventorySources({ inventory }: InventoryInput, { env }: System): readonly string[] {
  return inventory !== undefined ? inventory : (env['HLB_INVENTORY'] ?? '').split(':').filter((path) => path !== '');
}
