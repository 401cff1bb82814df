import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../src/engine/serial.ts';
import { spreadBatches } from '../../src/engine/spread.ts';

const size = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map(BigInt),
  fc.integer({ min: 1, max: 100 }).map((percent) => `${percent}%`),
);
const hosts = fc.array(fc.record({ name: fc.nat(), zone: fc.constantFrom('a', 'b', 'c', undefined) }), {
  maxLength: 40,
});

describe('batches', () => {
  it('hold every host exactly once, in order', () => {
    fc.assert(
      fc.property(hosts, fc.array(size, { maxLength: 4 }), (all, serial) => {
        const batches = batchesOf(all, serial);
        expect(batches.ok && batches.value.flat()).toEqual(all);
        expect(batches.ok && batches.value.every((batch) => batch.length > 0)).toBe(true);
      }),
    );
  });

  it('spread over zones never have two hosts of one zone, unless there is one zone, and lose none', () => {
    fc.assert(
      fc.property(hosts, fc.array(size, { maxLength: 3 }), (all, serial) => {
        const sized = batchesOf(all, serial);
        const batches = spreadBatches(sized.ok ? sized.value : [], (host) => host.zone);
        expect(new Set(batches.flat())).toEqual(new Set(all));
        expect(batches.flat()).toHaveLength(all.length);
        if (new Set(all.flatMap((host) => host.zone ?? [])).size <= 1) return;
        for (const batch of batches) {
          const zones = batch.flatMap((host) => host.zone ?? []);
          expect(new Set(zones).size).toBe(zones.length);
        }
      }),
    );
  });
});
