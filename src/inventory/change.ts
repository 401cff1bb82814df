import type { Variables } from '../vars/term.ts';
import { addChild, addHost as addDraftHost, addGroup } from './draft.ts';
import type { Inventory } from './model.ts';
import { reopen, settle } from './settle.ts';

/** What add_host makes: the host in these groups, made where they are new, with these variables beside those it has. */
export function addHost(
  inventory: Inventory,
  name: string,
  groups: readonly string[],
  variables: Variables,
): Inventory {
  const draft = reopen(inventory);
  const host = addDraftHost(draft, name, 'all', new Map());
  for (const [key, variable] of variables) host.vars.set(key, variable);
  for (const group of groups) addDraftHost(draft, name, group, new Map());
  return settle(draft, inventory.sources, inventory.spare ?? nothing);
}

/** What group_by makes: the host in a group, and the group below its parents. A parent that is below the group already stays where it is. */
export function addToGroup(
  inventory: Inventory,
  host: string,
  group: string,
  parents: readonly string[] = [],
): Inventory {
  const draft = reopen(inventory);
  addGroup(draft, group);
  for (const parent of parents) addChild(draft, parent, group);
  addDraftHost(draft, host, group, new Map());
  return settle(draft, inventory.sources, inventory.spare ?? nothing);
}

const nothing = { groups: new Map(), hosts: new Map() };
