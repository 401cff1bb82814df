import { describe, expect, it } from 'vitest';
import { addHost, addToGroup } from '../../../src/inventory/change.ts';
import { hostJson, inventoryGraph, inventoryJson } from '../../../src/inventory/print.ts';
import { groupNames, groupsDictionary } from '../../../src/inventory/relations.ts';
import { knownVariables } from '../../../src/vars/variables.ts';
import { load } from './fixture.ts';

const at = { source: { path: 'task', text: '' }, start: 0, end: 0 };
const variables = (name: string, value: string) => knownVariables([[name, value]], 'inventory-host', 'add_host', at);

describe('add_host', () => {
  it('makes a host and its groups, and leaves the inventory before it as it was', async () => {
    const { inventory } = await load({ hosts: '[web]\na\n[web:vars]\ny=1\n' });
    const more = addHost(inventory, 'new', ['web', 'fresh'], variables('x', 'X'));
    expect(inventory.hosts.has('new')).toBe(false);
    expect(hostJson(more, 'new')).toEqual({ x: 'X', y: 1 });
    expect(groupNames(more, 'new')).toEqual(['fresh', 'web']);
    expect(inventoryGraph(more)).toBe(
      ['@all:', '  |--@ungrouped:', '  |--@web:', '  |  |--a', '  |  |--new', '  |--@fresh:', '  |  |--new'].join('\n'),
    );
  });

  it('without groups makes an ungrouped host', async () => {
    const { inventory } = await load({ hosts: '[web]\na\n' });
    expect(groupNames(addHost(inventory, 'b', [], new Map()), 'b')).toEqual(['ungrouped']);
  });

  it('gives a host that is there other variables and groups', async () => {
    const { inventory } = await load({ hosts: 'a x=1 z=3\n' });
    const more = addHost(inventory, 'a', ['web'], variables('x', '2'));
    expect(hostJson(more, 'a')).toEqual({ x: '2', z: 3 });
    expect(inventoryJson(more)['ungrouped']).toBeUndefined();
  });
});

describe('group_by', () => {
  it('puts a host into a group below its parents', async () => {
    const { inventory } = await load({ hosts: '[web]\na\nb\n' });
    const more = addToGroup(inventory, 'a', 'debian_12', ['debian', 'linux']);
    expect(groupNames(more, 'a')).toEqual(['debian', 'debian_12', 'linux', 'web']);
    expect(groupsDictionary(more).get('linux')).toEqual(['a']);
    expect(groupNames(more, 'b')).toEqual(['web']);
  });

  it('leaves out a parent that is below the group already', async () => {
    const { inventory } = await load({ hosts: '[g:children]\nsub\n[sub]\na\n' });
    expect(groupNames(addToGroup(inventory, 'a', 'g', ['sub']), 'a')).toEqual(['g', 'sub']);
  });
});
