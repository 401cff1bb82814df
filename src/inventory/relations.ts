import type { Inventory, InventoryGroup } from './model.ts';

/** What follows from the groups of an inventory, worked out once for each. */
interface Relations {
  /** Groups that a group is a direct child of. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** How far below `all`, on the longest way. */
  readonly depths: ReadonlyMap<string, number>;
}

const known = new WeakMap<Inventory, Relations>();

function relationsOf(inventory: Inventory): Relations {
  const found = known.get(inventory);
  if (found !== undefined) return found;
  const parents = new Map<string, string[]>(Array.from(inventory.groups.keys(), (name) => [name, []]));
  for (const group of inventory.groups.values())
    for (const child of group.children) parents.get(child)?.push(group.name);
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const depth = depths.get(name) ?? Math.max(0, ...(parents.get(name) ?? []).map((parent) => depthOf(parent) + 1));
    depths.set(name, depth);
    return depth;
  };
  for (const name of inventory.groups.keys()) depthOf(name);
  const relations = { parents, depths };
  known.set(inventory, relations);
  return relations;
}

/** Groups that a group is a direct child of. */
export function parentsOf(inventory: Inventory, group: string): readonly string[] {
  return relationsOf(inventory).parents.get(group) ?? [];
}

/** Hosts of a group and of all groups below it, nearest first, without repetition. */
export function hostsOf(inventory: Inventory, group: string): readonly string[] {
  const hosts = new Set<string>();
  const seen = new Set([group]);
  for (let level = [group]; level.length > 0; ) {
    const next: string[] = [];
    for (const name of level) {
      const { hosts: own = [], children = [] } = inventory.groups.get(name) ?? {};
      for (const host of own) hosts.add(host);
      for (const child of children) {
        if (seen.has(child)) continue;
        seen.add(child);
        next.push(child);
      }
    }
    level = next;
  }
  return [...hosts];
}

/** Every group that a host is in, also through others, weakest first: by depth, priority and name. Without `all`. */
export function groupsOf(inventory: Inventory, host: string): readonly InventoryGroup[] {
  const { parents, depths } = relationsOf(inventory);
  const names = new Set<string>();
  const open = [...(inventory.hosts.get(host)?.groups ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === 'all' || names.has(name)) continue;
    names.add(name);
    open.push(...(parents.get(name) ?? []));
  }
  const depth = (group: InventoryGroup): number => depths.get(group.name) ?? 0;
  return [...names]
    .flatMap((name) => inventory.groups.get(name) ?? [])
    .sort((a, b) => depth(a) - depth(b) || a.priority - b.priority || (a.name < b.name ? -1 : 1));
}

/** What `group_names` holds: all groups of a host but `all`, by name. */
export function groupNames(inventory: Inventory, host: string): readonly string[] {
  return groupsOf(inventory, host)
    .map((group) => group.name)
    .sort();
}

/** What `groups` holds: the hosts of each group. */
export function groupsDictionary(inventory: Inventory): ReadonlyMap<string, readonly string[]> {
  return new Map(Array.from(inventory.groups.keys(), (name) => [name, hostsOf(inventory, name)]));
}
