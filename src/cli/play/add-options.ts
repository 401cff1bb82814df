import type { Command } from 'commander';
import { positiveInteger } from '../option-values.ts';

/** The options that playbooks and ad-hoc commands share. */

export function addLimitOption(command: Command): Command {
  return command.option('-l, --limit <pattern>', 'only the hosts of this pattern, such as web:!w3 or @failed.txt');
}

export function addForksOptions(command: Command): Command {
  return command
    .optionsGroup('Run:')
    .option('-C, --check', 'change nothing: show what would change, and what cannot be known')
    .option('--exit-code', 'with --check: exit code 10 where changes are due or cannot be known')
    .option('-D, --diff', 'show what changes in files')
    .option('-f, --forks <count>', 'how many hosts are worked on at once', positiveInteger, 20);
}

export function addRunOptions(command: Command): Command {
  return addForksOptions(addLimitOption(command));
}
