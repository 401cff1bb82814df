import { describe, expect, it } from 'vitest';
import { hostLayers } from '../../../src/inventory/layers.ts';
import { hostJson, inventoryGraph } from '../../../src/inventory/print.ts';
import { load } from './fixture.ts';

describe('the layers of a host', () => {
  it('reach a localhost that no inventory names without ssh, with the variables of all', async () => {
    const { inventory } = await load({ hosts: '[web]\na\n[all:vars]\nx=1\n', 'host_vars/localhost.yml': 'y: 2\n' });
    expect(hostJson(inventory, 'localhost')).toEqual({ ansible_connection: 'local', x: 1, y: 2 });
  });

  it('share the maps of groups between hosts', async () => {
    const { inventory } = await load({ hosts: '[web]\na\nb\n[web:vars]\nx=1\n' });
    const [a] = hostLayers(inventory, 'a');
    const [b] = hostLayers(inventory, 'b');
    expect(a).toBeDefined();
    expect(a).toBe(b);
  });
});

describe('the graph of an inventory', () => {
  it('begins at any group, and shows variables where asked for', async () => {
    const { inventory } = await load({ hosts: '[web]\na x="p q"\n[web:vars]\ny=[1]\n[top:children]\nweb\n' });
    expect(inventoryGraph(inventory, 'web')).toBe('@web:\n  |--a');
    expect(inventoryGraph(inventory, 'top', { vars: true })).toBe(
      ['@top:', '  |--@web:', '  |  |--a', '  |  |  |--{x = p q}', '  |  |  |--{y = [1]}', '  |  |--{y = [1]}'].join(
        '\n',
      ),
    );
    expect(inventoryGraph(inventory, 'missing')).toBeUndefined();
  });
});
