import type { Location } from '../../core/source.ts';
import type { Loading } from '../loading.ts';
import type { Entry, Include, Play, Role, Task } from '../tree.ts';
import { define } from './definitions.ts';
import { mayBeFact } from './facts.ts';
import { outside } from './inside.ts';
import { placeOfKey, placeOfRegister } from './name-place.ts';
import { addVariables, type Source, type Sources } from './sources.ts';
import { literalTargets } from './targets.ts';
import { type Contents, contentsOf, createExpander, walk } from './walk.ts';
import { addRole, createPlayScope, createWorld } from './world.ts';

/** A place at which a play that runs gives a variable its value. */
export interface SetByRun {
  /** Such as `registered`. */
  readonly how: string;
  readonly at: Location;
  /** Its name is computed, or it is in what has a computed name. */
  readonly perhaps: boolean;
}

/** Where plays set a variable while they run. */
export function setByRun(name: string, plays: readonly Play[], loading: Loading): readonly SetByRun[] {
  const found = plays.flatMap((play) => setInPlay(name, play, loading));
  return [...new Map(found.map((one) => [`${one.at.source.path} ${one.at.start}`, one])).values()];
}

/** Whether a variable would be a fact that hosts have. */
export function wouldBeFact(name: string): boolean {
  return name === 'ansible_facts' || (name.startsWith('ansible_') && mayBeFact(name.slice('ansible_'.length)));
}

function setInPlay(name: string, play: Play, loading: Loading): readonly SetByRun[] {
  const found: SetByRun[] = [];
  const world = createWorld(loading);
  const scope = createPlayScope(world, play);
  const visit = (task: Task): void => {
    world.global.clear();
    world.open = false;
    define(scope, task);
    found.push(...(world.global.get(name) ?? []).map((source) => placeIn(name, task, source)));
    if (world.open) found.push({ how: `${task.module.name} of a computed name`, at: task.at, perhaps: true });
  };
  const entries: readonly Entry[] = [...play.sections.flatMap((section) => section.entries), ...play.handlers];
  walk(
    entries,
    {
      task: visit,
      targets: literalTargets,
      include: (include, inside, brought) => {
        const contents = contentsOf(brought);
        found.push(...setByInclude(name, include));
        for (const one of contents ?? []) {
          const sources: Sources = new Map();
          const role = roleOf(one);
          if (role !== undefined) addRole(sources, role);
          found.push(...placesIn(name, sources, 'a variable of the role that an include brings'));
        }
        if (contents === undefined)
          found.push({ how: `include_${include.what} of a computed name`, at: include.at, perhaps: true });
        return inside;
      },
    },
    createExpander(loading),
    outside,
  );
  return found;
}

function roleOf(contents: Contents): Role | undefined {
  return 'role' in contents ? contents.role : undefined;
}

function setByInclude(name: string, include: Include): readonly SetByRun[] {
  const sources: Sources = new Map();
  for (const layer of include.keywords.vars) addVariables(sources, layer);
  return placesIn(name, sources, 'a variable of an include');
}

function placesIn(name: string, sources: Sources, how: string): readonly SetByRun[] {
  return (sources.get(name) ?? []).flatMap(({ at }) =>
    at === undefined ? [] : [{ how, at: placeOfKey(name, at), perhaps: false }],
  );
}

function placeIn(name: string, task: Task, source: Source): SetByRun {
  if (task.register === name) return { how: 'registered', at: placeOfRegister(name, task.at), perhaps: false };
  const at = source.at === undefined ? task.at : placeOfKey(name, source.at);
  return { how: `set by ${task.module.name}`, at, perhaps: false };
}
