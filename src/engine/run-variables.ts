import { dirname, resolve } from 'node:path';
import type { Value } from '../core/value.ts';
import { shortName } from '../inventory/address.ts';
import { groupNames, groupsDictionary } from '../inventory/relations.ts';
import type { Play } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { RunContext } from './context.ts';
import type { HostState } from './host-state.ts';

type Told = readonly [string, () => Value | undefined][];

/** What hlb itself says of a whole run, the same for every host, and for what a play says before it has hosts. */
export function ofRun({ options, inventory }: Pick<RunContext, 'options' | 'inventory'>, play: Play): Told {
  const { controller } = options;
  return [
    ['playbook_dir', () => resolve(controller.workingDirectory, play.baseDir)],
    ['ansible_playbook_python', controller.python],
    ['ansible_config_file', () => controller.ansibleConfig ?? null],
    ['groups', () => groupsDictionary(inventory)],
    ['ansible_version', () => new Map<Value, Value>(version)],
    ['ansible_check_mode', () => options.check],
    ['ansible_diff_mode', () => options.diff],
    ['ansible_forks', () => BigInt(options.forks)],
    ['ansible_inventory_sources', () => [...inventory.sources]],
    ['ansible_skip_tags', () => options.tags.skip],
    ['ansible_limit', () => options.limitText],
    ['ansible_run_tags', () => (options.tags.only.length > 0 ? options.tags.only : ['all'])],
    ['ansible_verbosity', () => BigInt(options.verbosity)],
  ];
}

const version: readonly [Value, Value][] = [
  ['string', '2.19.0'],
  ['full', '2.19.0'],
  ['major', 2n],
  ['minor', 19n],
  ['revision', 0n],
];

/** What hlb itself says of a host, whoever asks. */
export function ofHost({ inventory, options }: Pick<RunContext, 'options' | 'inventory'>, host: HostState): Told {
  const [source] = inventory.sources;
  const absolute = (path: string | undefined) => (): Value | undefined =>
    path === undefined ? undefined : resolve(options.controller.workingDirectory, path);
  return [
    ['inventory_file', absolute(source)],
    ['inventory_dir', absolute(source === undefined ? undefined : dirname(source))],
    ['inventory_hostname', () => host.name],
    ['inventory_hostname_short', () => shortName(host.name)],
    ['group_names', () => groupNames(inventory, host.name)],
    [
      'ansible_facts',
      () =>
        new Map(
          [...host.facts]
            .filter(([, fact]) => fact.origin === 'facts')
            .map(([name, fact]) => [name.replace(/^ansible_/, ''), valueOf(fact.term)]),
        ),
    ],
  ];
}

function valueOf(term: Term): Value {
  return term.kind === 'constant' ? term.value : null;
}
