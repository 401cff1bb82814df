import type { Command } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, collect } from '../option-values.ts';
import type { PlanOptions } from '../plan/options.ts';
import type { System } from '../system.ts';
import { addLookOptions } from './look-options.ts';

export function addPlan(program: Command, system: System, end: End): void {
  const command = program
    .command('plan')
    .argument('<playbooks...>', 'playbooks whose rolls to put on paper')
    .description(
      'show a roll before it starts: its batches, what guards say of each, what would stop it; changes nothing',
    );
  addInputOptions(command)
    .option('-l, --limit <pattern>', 'only the hosts of this pattern roll; guards look at all hosts all the same')
    .optionsGroup('Look:')
    .option('--what-if <host=state>', 'suppose that a host is down, or up, such as cp2=down; repeatable', collect);
  addLookOptions(command, 'the plan as JSON')
    .addHelpText(
      'after',
      [
        '',
        'Exit codes:',
        '  0 every batch may go   3 a guard would refuse   5 bad input, nothing was asked',
        '',
        'Examples:',
        '  hlb plan playbooks/update-backends.yml -i inventory',
        '  hlb plan playbooks/update-backends.yml -i inventory --what-if cp2=down',
      ].join('\n'),
    )
    .action(async (playbooks: string[], options: PlanOptions) => {
      const { plan } = await import('../plan/plan.ts');
      end(await plan(playbooks, options, system));
    });
}
