import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadInventory } from '../../../src/inventory/load.ts';
import { hostJson, inventoryGraph } from '../../../src/inventory/print.ts';

it('the example inventory is read without a word', async () => {
  const { inventory, diagnostics } = await loadInventory({
    sources: [join(import.meta.dirname, '../../../inventory/example.yml')],
    playbookDirs: [],
    runProgram: () => Promise.reject(new Error('there is no program')),
  });
  expect(diagnostics).toEqual([]);
  expect(inventoryGraph(inventory)?.split('\n')).toEqual([
    '@all:',
    '  |--@ungrouped:',
    '  |--@control_plane:',
    '  |  |--cp1',
    '  |  |--cp2',
    '  |  |--cp3',
    '  |--@workers:',
    '  |  |--worker1',
    '  |  |--worker2',
    '  |--@balancers:',
  ]);
  expect(hostJson(inventory, 'cp1')).toMatchObject({ ansible_host: '192.0.2.11', lb_placement: 'static_pod' });
});
