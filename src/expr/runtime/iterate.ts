import { fail } from './failure.ts';
import { known } from './force.ts';
import { typeName } from './type-name.ts';
import { isDict, isList, type List, type Range, type Runtime, type Val } from './value.ts';

/** What a loop over the value sees: items of a list, keys of a dict, characters of a text. */
export function itemsOf(given: Val, rt: Runtime): List {
  const value = known(given);
  if (isList(value)) return value;
  if (typeof value === 'string') return characters(value);
  if (isDict(value)) return [...value.keys()];
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'range') return rangeItems(value, rt);
    if (value.kind === 'loop') return value.items;
  }
  return fail('type', `Expected something to iterate over, found ${typeName(value)}`);
}

/** Whether `itemsOf` would give something. */
export function isIterable(given: Val): boolean {
  const value = known(given);
  if (typeof value === 'string' || isList(value) || isDict(value)) return true;
  return typeof value === 'object' && value !== null && (value.kind === 'range' || value.kind === 'loop');
}

export function rangeItems(range: Range, rt: Runtime): List {
  rt.reserve(range.length * 8);
  rt.spend(Math.ceil(range.length / 8));
  const items: bigint[] = [];
  for (let at = 0, value = range.start; at < range.length; at++, value += range.step) items.push(value);
  return items;
}

/** Code points, as Python counts characters. */
export function characters(text: string): string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split('');
}

export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udbff]/.test(text);
}

/** How many items or characters; an error for what has none. */
export function lengthOf(given: Val): number {
  const value = known(given);
  if (typeof value === 'string') return hasSurrogates(value) ? Array.from(value).length : value.length;
  if (isList(value)) return value.length;
  if (isDict(value)) return value.size;
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'range') return value.length;
    if (value.kind === 'loop') return value.items.length;
  }
  return fail('type', `A ${typeName(value)} has no length`);
}
