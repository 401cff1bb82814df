import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, type InputOptions, type OutputOptions } from '../option-values.ts';
import type { System } from '../system.ts';

export function addCheck(program: Command, system: System, end: End): void {
  const command = program
    .command('check')
    .argument('[playbooks...]', 'playbooks to check; without one the inventory alone')
    .description('find every mistake in playbooks and inventory without connecting to any host (exit code 0 or 5)');
  addOutputOptions(addInputOptions(command).optionsGroup('Output:')).action(
    async (playbooks: string[], options: InputOptions & OutputOptions) => {
      const { check } = await import('../check.ts');
      end(await check(playbooks, options, system));
    },
  );
}
