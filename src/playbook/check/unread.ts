import type { Location } from '../../core/source.ts';
import { oneSlipAway } from '../../core/near.ts';
import { placeOfKey } from './name-place.ts';
import { everyLayer, isBuiltIn, type Sources } from './sources.ts';
import type { World } from './world.ts';

/**
 * Warns of a variable that no text speaks of beside the places that set it, and whose name is one slip away from that of
 * another: an override that was misspelt does nothing, unseen. Where any name may be read, nothing is said.
 */
export function checkUnread(world: World, plays: readonly Sources[], texts: ReadonlyMap<string, string>): void {
  const { loading } = world;
  const { inventory } = loading.options;
  if (inventory === undefined || world.open || loading.gaps.size > 0) return;
  const places = new Map<string, Map<string, Location>>();
  const add = (name: string, at: Location | undefined): void => {
    if (at === undefined) return;
    const known = places.get(name) ?? new Map<string, Location>();
    places.set(name, known.set(`${at.source.path} ${at.start}`, at));
  };
  for (const sources of [...plays, world.global])
    for (const [name, found] of sources) for (const { at } of found) add(name, at);
  for (const layer of everyLayer(inventory)) for (const [name, { term }] of layer) add(name, term.at);
  const all = new Map(texts);
  for (const found of places.values()) for (const { source } of found.values()) all.set(source.path, source.text);
  const counts = countWords([...all.values()]);
  for (const [name, found] of places) {
    if (isBuiltIn(name) || (counts.get(name) ?? 0) > found.size) continue;
    const near = oneSlipAway(
      name,
      [...places.keys()].filter((other) => isElsewhere(places, found, name, other)),
    );
    const [at] = found.values();
    const meant = near === undefined ? undefined : places.get(near)?.values().next().value;
    if (near === undefined || at === undefined || meant === undefined) continue;
    loading.report.warning(
      'playbook/unread-variable',
      placeOfKey(name, at),
      `Nothing reads the variable "${name}", and there is one with nearly the same name`,
      `Did you mean "${near}"?`,
      [{ message: `"${near}" is set here`, at: placeOfKey(near, meant) }],
    );
  }
}

/** Two names that stand in one file, or that only differ in a number, are meant to be two. */
function isElsewhere(
  places: ReadonlyMap<string, ReadonlyMap<string, Location>>,
  found: ReadonlyMap<string, Location>,
  name: string,
  other: string,
): boolean {
  if (name.replace(/\d+/g, '') === other.replace(/\d+/g, '')) return false;
  const files = new Set([...found.values()].map(({ source }) => source.path));
  return ![...(places.get(other)?.values() ?? [])].some(({ source }) => files.has(source.path));
}

function countWords(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
