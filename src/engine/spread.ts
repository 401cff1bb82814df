/**
 * Splits batches so that no two hosts of one zone are in the same, unless there is one zone only. The order of hosts is
 * kept as far as that allows; a host without a zone is in none.
 */
export function spreadBatches<T>(
  batches: readonly (readonly T[])[],
  zoneOf: (host: T) => string | undefined,
): readonly (readonly T[])[] {
  const zones = new Set(batches.flat().flatMap((host) => zoneOf(host) ?? []));
  if (zones.size <= 1) return batches;
  return batches.flatMap((batch) => {
    const parts: T[][] = [];
    for (const host of batch) {
      const zone = zoneOf(host);
      const part = parts.find((one) => zone === undefined || one.every((other) => zoneOf(other) !== zone));
      if (part === undefined) parts.push([host]);
      else part.push(host);
    }
    return parts;
  });
}
