import type { Command } from 'commander';
import type { End } from '../end.ts';
import type { InventoryOptions } from '../inventory-options.ts';
import { addInventoryOptions, addOutputOptions } from '../option-values.ts';
import type { System } from '../system.ts';

export function addInventory(program: Command, system: System, end: End): void {
  const command = addInventoryOptions(
    program.command('inventory').description('show what an inventory holds, in the shape of ansible-inventory'),
  )
    .optionsGroup('What to show (one of them):')
    .option('--list', 'all groups, hosts and variables as JSON')
    .option('--graph [group]', 'the tree of groups and hosts, from a group down')
    .option('--host <name>', 'the variables of one host as JSON')
    .option('--vars', 'with --graph: the variables as well');
  addOutputOptions(command.optionsGroup('Output:')).action(async (options: InventoryOptions) => {
    const given = [options.list, options.graph, options.host].filter((one) => one !== undefined);
    if (given.length !== 1) command.error('error: expected one of --list, --graph and --host');
    const { showInventory } = await import('../show-inventory.ts');
    end(await showInventory(options, system));
  });
}
