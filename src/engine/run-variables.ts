import type { Value } from '../core/value.ts';
import { groupsDictionary } from '../inventory/relations.ts';
import type { RunContext } from './context.ts';

/** What hlb itself says of a whole run, the same for every host, and for what a play says before it has hosts. */
export function ofRun({
  options,
  inventory,
}: Pick<RunContext, 'options' | 'inventory'>): readonly [string, () => Value | undefined][] {
  return [
    ['groups', () => groupsDictionary(inventory)],
    ['ansible_inventory_sources', () => [...inventory.sources]],
    ['ansible_check_mode', () => options.check],
    ['ansible_diff_mode', () => options.diff],
    ['ansible_forks', () => BigInt(options.forks)],
    ['ansible_verbosity', () => BigInt(options.verbosity)],
    ['ansible_run_tags', () => (options.tags.only.length > 0 ? options.tags.only : ['all'])],
    ['ansible_skip_tags', () => options.tags.skip],
    ['ansible_limit', () => options.limitText],
    [
      'ansible_version',
      () =>
        new Map<Value, Value>([
          ['full', '2.19.0'],
          ['major', 2n],
          ['minor', 19n],
          ['revision', 0n],
          ['string', '2.19.0'],
        ]),
    ],
  ];
}
