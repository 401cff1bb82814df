import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, collect } from '../option-values.ts';
import type { System } from '../system.ts';
import type { VarsOptions } from '../vars/show-vars.ts';

export function addVars(program: Command, system: System, end: End): void {
  const command = program
    .command('vars')
    .argument('<host>', 'a host of the inventory')
    .argument('[name]', 'one variable; without it all of them')
    .description('say what each variable of a host is, where it comes from, and what it hides');
  addInputOptions(command)
    .option(
      '--playbook <file>',
      'in the first play of this playbook that the host is in: with its variables, files of variables and roles, and the group_vars and host_vars beside it; repeatable',
      collect,
    )
    .option('--task <name>', 'at this task of the playbook: also with what its role, its blocks and itself say');
  addOutputOptions(
    command
      .optionsGroup('Output:')
      .option('--json', 'as JSON')
      .option('--show-secrets', 'show what comes out of vaults, and passwords'),
  ).action(async (host: string, name: string | undefined, options: VarsOptions) => {
    const { showVars } = await import('../vars/show-vars.ts');
    end(await showVars(host, name, options, system));
  });
}
