import type { Variables } from '../vars/term.ts';
import { type Draft, settleGroups } from './draft.ts';
import type { Inventory } from './model.ts';
import { parentsOf } from './relations.ts';
import type { VarsColumn } from './vars-files.ts';

type Spare = NonNullable<Inventory['spare']>;

const none: Variables = new Map();

/** Closes a draft. Each host and group gets its own variables first, then those of the columns in their order. */
export function settle(draft: Draft, sources: readonly string[], spare: Spare): Inventory {
  settleGroups(draft);
  const columns = (own: Variables, files: readonly Variables[] | undefined): readonly Variables[] => [
    own,
    ...(files ?? []),
  ];
  return {
    hosts: new Map(
      Array.from(draft.hosts, ([name, host]) => [
        name,
        { name, groups: host.groups, vars: columns(host.vars, spare.hosts.get(name)) },
      ]),
    ),
    groups: new Map(
      Array.from(draft.groups, ([name, { children, hosts, vars, priority }]) => [
        name,
        { name, children, hosts, vars: columns(vars, spare.groups.get(name)), priority },
      ]),
    ),
    sources,
    spare,
  };
}

/** Columns by name, with an empty place where a column has nothing. */
export function spareOf(columns: readonly VarsColumn[], playbooks: readonly (string | undefined)[]): Spare {
  const gather = (pick: (column: VarsColumn) => ReadonlyMap<string, Variables>): Spare['groups'] => {
    const names = new Set(columns.flatMap((column) => [...pick(column).keys()]));
    return new Map(Array.from(names, (name) => [name, columns.map((column) => pick(column).get(name) ?? none)]));
  };
  return { groups: gather((column) => column.groups), hosts: gather((column) => column.hosts), playbooks };
}

/** A draft that can be changed and settled again, the inventory left as it is. */
export function reopen(inventory: Inventory): Draft {
  const draft: Draft = { groups: new Map(), hosts: new Map() };
  for (const { name, children, hosts, vars, priority } of inventory.groups.values()) {
    const parents = [...parentsOf(inventory, name)];
    draft.groups.set(name, {
      name,
      children: [...children],
      parents,
      hosts: [...hosts],
      vars: new Map(vars[0]),
      priority,
    });
  }
  for (const { name, groups, vars } of inventory.hosts.values()) {
    draft.hosts.set(name, { name, groups: [...groups], vars: new Map(vars[0]) });
  }
  return draft;
}
