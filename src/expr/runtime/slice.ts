import { fail } from './failure.ts';
import { known } from './force.ts';
import { characters, hasSurrogates, rangeItems } from './iterate.ts';
import { typeName } from './type-name.ts';
import { isList, type Runtime, Tuple, tuple, type Val } from './value.ts';

/** Python's `value[start:stop:step]`, each part `null` where it is not given. */
export function slice(given: Val, start: Val, stop: Val, step: Val, rt: Runtime): Val {
  const value = known(given);
  const by = bound(step) ?? 1;
  if (by === 0) fail('value', 'The step of a slice cannot be zero');
  if (typeof value === 'string') {
    if (by === 1 && !hasSurrogates(value)) {
      const { from, to } = range(value.length, bound(start), bound(stop), 1);
      return value.slice(from, Math.max(from, to));
    }
    return pick(characters(value), bound(start), bound(stop), by).join('');
  }
  if (isList(value)) {
    const picked = pick(value, bound(start), bound(stop), by);
    return value instanceof Tuple ? tuple(picked) : picked;
  }
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'range')
    return pick(rangeItems(value, rt), bound(start), bound(stop), by);
  return fail('type', `A ${typeName(value)} cannot be sliced`);
}

function bound(given: Val): number | undefined {
  const value = known(given);
  if (value === null) return undefined;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  return fail('type', `The bounds of a slice are integers, found ${typeName(value)}`);
}

function range(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): { from: number; to: number } {
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? length : length - 1;
  const place = (at: number): number => Math.min(high, Math.max(low, at < 0 ? at + length : at));
  const from = start === undefined ? (step > 0 ? low : high) : place(start);
  const to = stop === undefined ? (step > 0 ? high : low) : place(stop);
  return { from, to };
}

function pick<T>(items: readonly T[], start: number | undefined, stop: number | undefined, step: number): T[] {
  const { from, to } = range(items.length, start, stop, step);
  const picked: T[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    const item = items[at];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}
