import type { Location } from '../core/source.ts';
import type { YamlEntry, YamlMapping } from './node.ts';

/**
 * Applies the merge keys (`<<`) of a mapping as PyYAML does: what is merged comes first, of several mappings the earlier
 * wins, and the mapping's own keys win over both, in the place where the merged key stood.
 */
export function mergeEntries(
  entries: readonly { readonly entry: YamlEntry; readonly isMerge: boolean }[],
  refuse: (at: Location) => void,
): readonly YamlEntry[] {
  if (!entries.some((one) => one.isMerge)) return entries.map((one) => one.entry);
  const merged = new Map<YamlEntry['key']['value'], YamlEntry>();
  for (const { entry, isMerge } of entries) {
    if (!isMerge) continue;
    for (const mapping of mappingsIn(entry, refuse).toReversed()) {
      for (const one of mapping.entries) merged.set(one.key.value, one);
    }
  }
  for (const { entry, isMerge } of entries) {
    if (!isMerge) merged.set(entry.key.value, entry);
  }
  return [...merged.values()];
}

function mappingsIn(entry: YamlEntry, refuse: (at: Location) => void): readonly YamlMapping[] {
  const candidates = entry.value.kind === 'sequence' ? entry.value.items : [entry.value];
  return candidates.flatMap((node) => {
    if (node.kind === 'mapping') return [node];
    refuse(node.at);
    return [];
  });
}
