import { resolve } from 'node:path';
import type { Variables } from '../vars/term.ts';
import { isLocalhost } from './address.ts';
import type { Inventory, InventoryGroup } from './model.ts';
import { groupsOf } from './relations.ts';

/**
 * The variables of a host as the inventory and the files beside it and beside the playbooks give them, weakest first: those
 * that the inventory itself gives to `all` and to its groups from the outermost inwards, the files of `all`, the files of the
 * groups, then the host, its files last. A localhost that no inventory names is reached without ssh. A play sees of the
 * files beside playbooks those of its own folder; without one all are told.
 */
export function hostLayers(inventory: Inventory, host: string, playbookDir?: string): readonly Variables[] {
  const { spare } = inventory;
  const folder = playbookDir === undefined ? undefined : resolve(playbookDir);
  const isSeen = (column: number): boolean => {
    const beside = spare?.playbooks?.[column - 1];
    return beside === undefined || folder === undefined || beside === folder;
  };
  const [ofAll = [], ...filesOfAll] =
    inventory.groups.get('all')?.vars.map((layer, column) => (isSeen(column) ? [layer] : [])) ?? [];
  const groups = groupsOf(inventory, host);
  const found = inventory.hosts.get(host);
  const all = found?.vars ?? (isLocalhost(host) ? [implicit, ...(spare?.hosts.get(host) ?? [])] : []);
  const own = all.filter((_, column) => isSeen(column));
  const [ofGroups = [], ...filesOfGroups] = byColumn(groups).map((layers, column) => (isSeen(column) ? layers : []));
  return [...ofAll, ...ofGroups, ...filesOfAll.flat(), ...filesOfGroups.flat(), ...own].filter(
    (layer) => layer.size > 0,
  );
}

/** A place is stronger than the depth of a group: files beside a playbook win over those beside the inventory, in all groups. */
function byColumn(groups: readonly InventoryGroup[]): readonly (readonly Variables[])[] {
  const columns = Math.max(0, ...groups.map((group) => group.vars.length));
  return Array.from({ length: columns }, (_, column) => groups.flatMap((group) => group.vars[column] ?? []));
}

const nowhere = { source: { path: 'localhost', text: '' }, start: 0, end: 0 };

const implicit: Variables = new Map([
  [
    'ansible_connection',
    {
      term: { kind: 'constant', value: 'local', at: nowhere },
      level: 'inventory-host',
      origin: 'localhost, which no inventory names',
    },
  ],
]);
