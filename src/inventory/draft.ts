import type { Variable, Variables } from '../vars/term.ts';

/** An inventory while it is being read: hosts and groups as Ansible's own structures hold them. */
export interface Draft {
  readonly groups: Map<string, DraftGroup>;
  readonly hosts: Map<string, DraftHost>;
}

export interface DraftGroup {
  readonly name: string;
  readonly children: string[];
  readonly parents: string[];
  readonly hosts: string[];
  readonly vars: Map<string, Variable>;
  priority: number;
}

export interface DraftHost {
  readonly name: string;
  /** Direct groups. */
  readonly groups: string[];
  readonly vars: Map<string, Variable>;
}

export function newDraft(): Draft {
  const draft: Draft = { groups: new Map(), hosts: new Map() };
  addGroup(draft, 'all');
  addGroup(draft, 'ungrouped');
  addChild(draft, 'all', 'ungrouped');
  return draft;
}

/** The group of that name, made where it is not there yet. */
export function addGroup(draft: Draft, name: string): DraftGroup {
  const known = draft.groups.get(name);
  if (known !== undefined) return known;
  const group: DraftGroup = { name, children: [], parents: [], hosts: [], vars: new Map(), priority: 1 };
  draft.groups.set(name, group);
  return group;
}

/** The host of that name in a group. Its first variables count only where it is new, as the port after a colon does. */
export function addHost(draft: Draft, name: string, group: string, first: Variables): DraftHost {
  let host = draft.hosts.get(name);
  if (host === undefined) {
    host = { name, groups: [], vars: new Map(first) };
    draft.hosts.set(name, host);
  }
  const { hosts } = addGroup(draft, group);
  if (!host.groups.includes(group)) {
    host.groups.push(group);
    hosts.push(name);
  }
  return host;
}

/** False where it would close a circle; then nothing is changed. */
export function addChild(draft: Draft, parent: string, child: string): boolean {
  const above = addGroup(draft, parent);
  const below = addGroup(draft, child);
  if (above.children.includes(child)) return true;
  if (parent === child || ancestorsOf(draft, parent).has(child)) return false;
  above.children.push(child);
  below.parents.push(parent);
  return true;
}

function ancestorsOf(draft: Draft, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const parent of draft.groups.get(next)?.parents ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      open.push(parent);
    }
  }
  return found;
}

/** What holds of every inventory: each group is below `all`, and a host is in `ungrouped` exactly when it is in no other. */
export function settleGroups(draft: Draft): void {
  for (const group of draft.groups.values()) {
    if (group.name !== 'all' && group.parents.length === 0) addChild(draft, 'all', group.name);
  }
  for (const host of draft.hosts.values()) {
    const grouped = host.groups.some((name) => name !== 'all' && name !== 'ungrouped');
    if (grouped) leaveUngrouped(draft, host);
    else addHost(draft, host.name, 'ungrouped', new Map());
  }
}

function leaveUngrouped(draft: Draft, host: DraftHost): void {
  const ungrouped = addGroup(draft, 'ungrouped');
  const at = ungrouped.hosts.indexOf(host.name);
  if (at === -1) return;
  ungrouped.hosts.splice(at, 1);
  host.groups.splice(host.groups.indexOf('ungrouped'), 1);
}
