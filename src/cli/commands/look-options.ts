import type { Command } from 'commander';
import { addOutputOptions, positiveInteger } from '../option-values.ts';
import { addReachOptions } from '../reach-options.ts';

/** Of commands that only look at hosts, behind their own options; `json` is the help of `--json`. */
export function addLookOptions(command: Command, json: string): Command {
  addReachOptions(command.option('-f, --forks <count>', 'how many hosts are asked at once', positiveInteger, 20));
  return addOutputOptions(command.optionsGroup('Output:').option('--json', json));
}
