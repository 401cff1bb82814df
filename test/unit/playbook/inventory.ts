import type { Inventory, InventoryGroup, InventoryHost } from '../../../src/inventory/model.ts';
import type { Variables } from '../../../src/vars/term.ts';

/** Two hosts in each of some groups, such as web1 and web2 in web. */
export function gatherInventory(groups: readonly string[], vars: Variables = new Map()): Inventory {
  const hosts = new Map<string, InventoryHost>();
  const found = new Map<string, InventoryGroup>();
  const group = (name: string, children: readonly string[], members: readonly string[], own: Variables = new Map()) =>
    found.set(name, { name, children, hosts: members, vars: [own], priority: 1 });
  group('all', [...groups, 'ungrouped'], [], vars);
  group('ungrouped', [], []);
  for (const name of groups) {
    const members = [`${name}1`, `${name}2`];
    group(name, [], members);
    for (const host of members) hosts.set(host, { name: host, groups: [name], vars: [new Map()] });
  }
  return { hosts, groups: found, sources: ['hosts.yml'] };
}
