import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, type InputOptions, type OutputOptions } from '../option-values.ts';
import type { System } from '../system.ts';

export function addCheck(program: Command, system: System, end: End): void {
  const command = program
    .command('check')
    .argument('[playbooks...]', 'playbooks to check; without one the inventory alone')
    .description('find every mistake in playbooks and inventory without connecting to any host (exit code 0 or 5)');
  addInputOptions(command)
    .optionsGroup('Another tree:')
    .option(
      '--explain-unsupported <dir>',
      'list what of an Ansible tree hlb would run unchanged, and why not the rest',
    );
  addOutputOptions(command.optionsGroup('Output:')).action(
    async (playbooks: string[], options: InputOptions & OutputOptions & { readonly explainUnsupported?: string }) => {
      if (options.explainUnsupported !== undefined) {
        const { explainUnsupported } = await import('../explain-unsupported.ts');
        return end(await explainUnsupported(options.explainUnsupported, options, system));
      }
      const { check } = await import('../check.ts');
      end(await check(playbooks, options, system));
    },
  );
}
