import { type Command, Option } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, collectList, count } from '../option-values.ts';
import { addForksOptions, addLimitOption } from '../play/add-options.ts';
import type { PlayOptions } from '../play/options.ts';
import { addReachOptions } from '../reach-options.ts';
import type { System } from '../system.ts';

export function addPlay(program: Command, system: System, end: End): void {
  const command = program
    .command('play')
    .argument('<playbooks...>', 'playbooks to run, one after the other')
    .description('run playbooks; everything is checked before the first connection is opened');
  addLimitOption(addInputOptions(command));
  command
    .optionsGroup('Tasks:')
    .option('-t, --tags <tags>', 'only tasks with one of these tags; repeatable', collectList)
    .option('--skip-tags <tags>', 'no tasks with one of these tags; repeatable', collectList)
    .option('--start-at-task <name>', 'begin with this task')
    .option('--list-hosts', 'print the hosts of each play and end')
    .option('--list-tasks', 'print the tasks and end')
    .option('--list-tags', 'print the tags and end')
    .option('--syntax-check', 'check everything without connecting and end, as "hlb check" does');
  addForksOptions(command).option('--no-fuse', 'each task in round trips of its own; slower, with the same results');
  addReachOptions(command);
  addOutputOptions(
    command
      .optionsGroup('Output:')
      .addOption(
        new Option('--view <view>', 'auto: terminal on a terminal, lines elsewhere and with -v')
          .choices(['auto', 'lines', 'terminal'])
          .default('auto'),
      )
      .option('--json', 'each event as one line of JSON on stdout')
      .option('--junit <file>', 'write a JUnit report to this file as well')
      .option('-v, --verbose', 'show results, -vv all of them', count),
  )
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  hlb play site.yml -i inventory',
        '  hlb play site.yml -i inventory --check --diff --limit web',
        '  hlb play site.yml -i inventory --tags config -e version=1.2 -bK',
        '  hlb play site.yml -i inventory --json | jq \'select(.type == "host-result")\'',
      ].join('\n'),
    )
    .action(async (playbooks: string[], options: PlayOptions) => {
      const { play } = await import('../play/play.ts');
      end(await play(playbooks, options, system));
    });
}
