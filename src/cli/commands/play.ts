import { type Command, Option } from 'commander';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, collectList, count, positiveInteger } from '../option-values.ts';
import type { PlayOptions } from '../play/options.ts';
import type { System } from '../system.ts';

export function addPlay(program: Command, system: System, end: End): void {
  const command = program
    .command('play')
    .argument('<playbooks...>', 'playbooks to run, one after the other')
    .description('run playbooks; everything is checked before the first connection is opened');
  addInputOptions(command).option(
    '-l, --limit <pattern>',
    'only the hosts of this pattern, such as web:!w3 or @failed.txt',
  );
  command
    .optionsGroup('Tasks:')
    .option('-t, --tags <tags>', 'only tasks with one of these tags; repeatable', collectList)
    .option('--skip-tags <tags>', 'no tasks with one of these tags; repeatable', collectList)
    .option('--start-at-task <name>', 'begin with this task')
    .option('--list-hosts', 'print the hosts of each play and end')
    .option('--list-tasks', 'print the tasks and end')
    .option('--list-tags', 'print the tags and end')
    .option('--syntax-check', 'check everything without connecting and end, as "hlb check" does');
  command
    .optionsGroup('Run:')
    .option('-C, --check', 'change nothing: show what would change, and what cannot be known')
    .option('--exit-code', 'with --check: exit code 10 where changes are due or cannot be known')
    .option('-D, --diff', 'show what changes in files')
    .option('-f, --forks <count>', 'how many hosts are worked on at once', positiveInteger, 20)
    .option('--no-fuse', 'each task in round trips of its own; slower, with the same results');
  command
    .optionsGroup('Connection (where the variables of a host do not say otherwise):')
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the password of the login')
    .addOption(
      new Option('--host-key <mode>', 'accept-new: keys of hosts that known_hosts does not have are added to it')
        .choices(['strict', 'accept-new', 'off'])
        .default(undefined, "as ssh's own configuration says, strict otherwise"),
    )
    .addOption(
      new Option('--connection <kind>', "auto: ssh, or the system's own ssh where its configuration needs that")
        .choices(['auto', 'ssh', 'openssh', 'local'])
        .default('auto'),
    )
    .option('--timeout <seconds>', 'how long a connection may take to open', positiveInteger, 10);
  command
    .optionsGroup('Privileges:')
    .option('-b, --become', 'run tasks as another user')
    .option('--become-user <name>', 'which user', 'root')
    .addOption(
      new Option('--become-method <method>', 'how to become it').choices(['sudo', 'su', 'doas']).default('sudo'),
    )
    .option('-K, --ask-become-pass', 'ask for the password of it')
    .option('--become-password-file <file>', 'read the password of it from this file');
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
