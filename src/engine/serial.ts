import { err, ok, type Result } from '../core/result.ts';
import { type Json, toJson, type Value } from '../core/value.ts';

/**
 * Splits hosts into batches as Ansible does: a number, or a percentage of all hosts floored but at least 1; of a list the
 * last size repeats.
 */
export function batchesOf<T>(hosts: readonly T[], serial: readonly Value[]): Result<readonly (readonly T[])[], string> {
  if (serial.length === 0) return ok(hosts.length === 0 ? [] : [hosts]);
  const sizes: number[] = [];
  for (const one of serial) {
    const size = sizeOf(toJson(one), hosts.length);
    if (size === undefined)
      return err(`Expected "serial" to be a number or a percentage, found ${JSON.stringify(toJson(one))}`);
    sizes.push(size);
  }
  const batches: (readonly T[])[] = [];
  let from = 0;
  for (let index = 0; from < hosts.length; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? hosts.length;
    // Ansible: 0 or less means all that are left.
    const to = size <= 0 ? hosts.length : from + size;
    batches.push(hosts.slice(from, to));
    from = to;
  }
  return ok(batches);
}

function sizeOf(serial: Json, total: number): number | undefined {
  if (typeof serial === 'number') return Math.trunc(serial);
  if (typeof serial !== 'string') return undefined;
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(serial)?.[1];
  if (percent !== undefined) return Math.max(1, Math.floor((total * Number(percent)) / 100));
  return /^\s*-?\d+\s*$/.test(serial) ? Number(serial) : undefined;
}
