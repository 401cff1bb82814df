import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, positiveInteger } from '../option-values.ts';
import type { StatusOptions } from '../status/options.ts';
import type { System } from '../system.ts';
import { addLookOptions } from './look-options.ts';

export function addStatus(program: Command, system: System, end: End): void {
  const command = program
    .command('status')
    .description('show every balancer of a cluster, what it has loaded and what lives behind it; changes nothing');
  addInputOptions(command)
    .optionsGroup('Look:')
    .option('-w, --watch', 'look again and again until Ctrl-C')
    .option('--interval <seconds>', 'with --watch: how long to wait between two looks', positiveInteger, 2)
    .option('--min <count>', 'live API servers that every node needs', positiveInteger, 1);
  addLookOptions(command, 'one line of JSON for each look')
    .addHelpText(
      'after',
      [
        '',
        'Exit codes:',
        '  0 every node keeps enough   3 one does not, or etcd has no quorum',
        '  4 a host cannot be asked    5 bad input, nothing was asked',
        '',
        'Examples:',
        '  hlb status -i inventory',
        '  hlb status -i inventory --watch',
        "  hlb status -i inventory --json | jq '.margin'",
      ].join('\n'),
    )
    .action(async (options: StatusOptions) => {
      const { status } = await import('../status/status.ts');
      end(await status(options, system));
    });
}
