import { Argument, type Command } from 'commander';
import { exitCodes } from '../../core/exit-codes.ts';
import type { End } from '../end.ts';
import { schemaNames } from '../schema-names.ts';
import type { System } from '../system.ts';

export function addSchema(program: Command, system: System, end: End): void {
  program
    .command('schema')
    .addArgument(new Argument('[kind]', 'the kind of file').choices(schemaNames).default('playbook'))
    .description('print the JSON Schema of a kind of file, for editors')
    .action(async (kind: (typeof schemaNames)[number]) => {
      const { schemaText } = await import('../schema/schemas.ts');
      system.out.write(schemaText(kind));
      end(exitCodes.ok);
    });
}
