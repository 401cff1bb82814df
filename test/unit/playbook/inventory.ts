import type { Inventory, InventoryGroup, InventoryHost } from '../../../src/inventory/model.ts';
import type { Variables } from '../../../src/vars/term.ts';
import { variablesOfNode } from '../../../src/vars/variables.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';

/** Two hosts in each of some groups, such as web1 and web2 in web, with variables of groups and hosts as YAML. */
export function gatherInventory(groups: readonly string[], vars: Readonly<Record<string, string>> = {}): Inventory {
  const hosts = new Map<string, InventoryHost>();
  const found = new Map<string, InventoryGroup>();
  const group = (name: string, children: readonly string[], members: readonly string[]) =>
    found.set(name, { name, children, hosts: members, vars: [variables(vars[name])], priority: 1 });
  group('all', [...groups, 'ungrouped'], []);
  group('ungrouped', [], []);
  for (const name of groups) {
    const members = [`${name}1`, `${name}2`];
    group(name, [], members);
    for (const host of members) hosts.set(host, { name: host, groups: [name], vars: [variables(vars[host])] });
  }
  return { hosts, groups: found, sources: ['hosts.yml'] };
}

function variables(text = ''): Variables {
  const { root } = parseYaml({ path: 'hosts.yml', text });
  return variablesOfNode(root, 'inventory-group', 'inventory').variables;
}
