import type { Command } from 'commander';
import type { End } from '../end.ts';
import type { System } from '../system.ts';

export function addDoc(program: Command, system: System, end: End): void {
  program
    .command('doc')
    .argument('[name]', 'a module, guard, keyword, filter, test, lookup or function; without it all names are listed')
    .description('print the reference of a name')
    .action(async (name: string | undefined) => {
      const { doc } = await import('../doc.ts');
      end(doc(name, system));
    });
}
