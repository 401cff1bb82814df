import type { Command } from 'commander';
import type { End } from '../end.ts';
import type { System } from '../system.ts';

export function addExplain(program: Command, system: System, end: End): void {
  program
    .command('explain')
    .argument('[code]', 'such as yaml/duplicate-key; without it all codes are listed')
    .description('say what a diagnostic means and how to mend it')
    .action(async (code: string | undefined) => {
      const { explain } = await import('../explain.ts');
      end(explain(code, system));
    });
}
