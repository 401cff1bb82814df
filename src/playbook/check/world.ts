import type { Location } from '../../core/source.ts';
import type { Inventory } from '../../inventory/model.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import type { Loading } from '../loading.ts';
import { literalOfTerm } from '../text.ts';
import type { Play, Role, Task } from '../tree.ts';
import { factNames, mayBeFact, otherNames } from './facts.ts';
import type { Inside } from './inside.ts';
import {
  addSource,
  addVariables,
  anything,
  inventorySources,
  isBuiltIn,
  type Source,
  type Sources,
} from './sources.ts';

/** What a whole run may define, growing as it is walked in the order it runs. */
export interface World {
  readonly loading: Loading;
  /** What tasks registered and set, in this play and those before. */
  readonly global: Sources;
  /** Something with a computed name ran: from here on any name may be there. */
  open: boolean;
  /** Facts may have been gathered. */
  facts: boolean;
  /** A task may have written files of the controller. */
  writesHere: boolean;
  /** Groups and hosts that tasks may have added. */
  readonly addedGroups: Set<string>;
  openGroups: boolean;
}

/** What the tasks of one play see. */
export interface PlayScope {
  readonly world: World;
  readonly play: Play;
  /** Those that the play is for; absent where that is only known when it runs. */
  readonly hosts: readonly string[] | undefined;
  /** What those hosts have from the inventory. Absent where no inventory was given: then any name may be there. */
  readonly inventory: Sources | undefined;
  readonly sources: Sources;
  /** A computed vars_files: any name may be there. */
  open: boolean;
  /** Names and topics of handlers; `undefined` when some are only known when they run. */
  readonly handlers: HandlerNames;
  /** Roles whose arguments were looked at. */
  readonly checkedRoles: Set<Role>;
  /** Tasks that notify handlers, which may still come with what is included later. */
  readonly notifying: Task[];
}

export interface HandlerNames {
  /** With the place of each. */
  readonly names: Map<string, Location>;
  readonly patterns: RegExp[];
  open: boolean;
}

/** What one task sees beside its play. */
export interface View extends Inside {
  readonly scope: PlayScope;
}

export function createWorld(loading: Loading): World {
  return {
    loading,
    global: new Map(),
    open: false,
    facts: false,
    writesHere: false,
    addedGroups: new Set(),
    openGroups: false,
  };
}

export function createPlayScope(world: World, play: Play): PlayScope {
  const sources: Sources = new Map();
  addVariables(sources, play.vars);
  for (const prompt of play.varsPrompt) addSource(sources, prompt.name, anything);
  for (const name of world.loading.options.extraVarNames) addSource(sources, name, anything);
  for (const role of play.roles) addRole(sources, role);
  const { inventory } = world.loading.options;
  const hosts = inventory === undefined ? undefined : hostsOfPlay(world, play, inventory);
  return {
    world,
    play,
    hosts,
    inventory: inventory === undefined ? undefined : inventorySources(inventory, hosts, play.baseDir),
    sources,
    open: false,
    handlers: { names: new Map(), patterns: [], open: false },
    checkedRoles: new Set(),
    notifying: [],
  };
}

/** The hosts of a literal pattern, unless tasks may have added some. */
function hostsOfPlay(world: World, play: Play, inventory: Inventory): readonly string[] | undefined {
  if (world.openGroups || world.addedGroups.size > 0) return undefined;
  const terms = play.hosts.kind === 'list' ? play.hosts.items : [play.hosts];
  const patterns = terms.flatMap((term) => literalOfTerm(term) ?? []);
  if (patterns.length < terms.length) return undefined;
  const { hosts } = matchHosts(patterns, inventory);
  return hosts.length === 0 ? undefined : hosts;
}

export function addRole(sources: Sources, role: Role): void {
  addVariables(sources, role.defaults);
  addVariables(sources, role.vars);
  addVariables(sources, role.params);
}

/** Every place that a name may have its value from; none where there is none. */
export function sourcesOf(view: View, layers: readonly Sources[], name: string): readonly Source[] {
  const { scope } = view;
  const { world } = scope;
  const found = [...layers, view.locals, scope.sources, world.global, scope.inventory].flatMap(
    (sources) => sources?.get(name) ?? [],
  );
  // A role of the play is met twice: as the task's own and as one that the play sees.
  const distinct = [...new Map(found.map((source) => [source.term ?? source, source])).values()];
  return isBuiltIn(name) || isFact(world, name) ? [...distinct, anything] : distinct;
}

/** Whether names that are nowhere may still be there. */
export function isOpen(view: View): boolean {
  const { scope } = view;
  return scope.open || scope.world.open || scope.world.loading.gaps.size > 0 || scope.inventory === undefined;
}

function isFact(world: World, name: string): boolean {
  return world.facts && name.startsWith('ansible_') && mayBeFact(name.slice('ansible_'.length));
}

/** Names that could have been meant. */
export function knownNames(view: View, layers: readonly Sources[]): readonly string[] {
  const { world } = view.scope;
  const all = [...layers, view.locals, view.scope.sources, world.global, view.scope.inventory];
  const facts = world.facts ? factNames : [];
  return [...all.flatMap((sources) => [...(sources?.keys() ?? [])]), ...facts, ...magic];
}

const magic = [
  ...otherNames.map((name) => `ansible_${name}`),
  'group_names',
  'groups',
  'hostvars',
  'inventory_hostname',
  'inventory_hostname_short',
  'omit',
  'playbook_dir',
  'role_name',
  'role_path',
];
