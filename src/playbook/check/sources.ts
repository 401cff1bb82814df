import type { Location } from '../../core/source.ts';
import { hostLayers } from '../../inventory/layers.ts';
import type { Inventory } from '../../inventory/model.ts';
import { isMagicName } from '../../vars/names.ts';
import type { Term, Variables } from '../../vars/term.ts';
import { type Type, unionOf, unknown } from '../../expr/types/type.ts';
import { typeOfTerm } from './type.ts';

/** One place that a variable may have its value from. */
export interface Source {
  readonly type: Type;
  /** For a message: where it was defined. */
  readonly at?: Location;
  /** As written, where it is evaluated when it is read. */
  readonly term?: Term;
}

export type Sources = Map<string, Source[]>;

export function addSource(sources: Sources, name: string, source: Source): void {
  const known = sources.get(name);
  if (known === undefined) sources.set(name, [source]);
  else if (!known.some((one) => isSame(one, source))) known.push(source);
}

/** A role that many plays use sets the same each time. */
function isSame(one: Source, other: Source): boolean {
  return one.at !== undefined && one.at === other.at && one.type === other.type && one.term === other.term;
}

export function addVariables(sources: Sources, variables: Variables): void {
  for (const [name, { term }] of variables) addSource(sources, name, { type: typeOfTerm(term), at: term.at, term });
}

/** What some hosts have from the inventory; all of them and those that tasks may add, where the hosts are not known. */
export function inventorySources(
  inventory: Inventory,
  hosts: readonly string[] | undefined,
  playbookDir: string,
): Sources {
  const layers = new Set(
    hosts === undefined
      ? [...everyLayer(inventory)]
      : hosts.flatMap((host) => [...hostLayers(inventory, host, playbookDir)]),
  );
  const sources: Sources = new Map();
  for (const layer of layers) addVariables(sources, layer);
  for (const [name, found] of sources) {
    // Each of many hosts has its own value; where one of them stands no longer matters.
    if (found.length > fewSources) sources.set(name, [{ type: unionOf(found.map((source) => source.type)) }]);
  }
  return sources;
}

const fewSources = 8;

/** Of all hosts and groups, and of those that tasks may add. */
export function everyLayer({ groups, hosts, spare }: Inventory): readonly Variables[] {
  const named = [...groups.values(), ...hosts.values()].flatMap((one) => one.vars);
  return [...named, ...[...(spare?.groups.values() ?? []), ...(spare?.hosts.values() ?? [])].flat()];
}

/** Variables that say how to reach a host; they may be there or not, whatever the inventory says. */
const connectionNames =
  /^ansible_(host|port|user|connection|password|ssh_\w+|become|become_\w+|python_interpreter|shell_\w+|remote_\w+|sudo_\w+|su_\w+|private_key_file|group_priority|async_dir|local_temp|pipelining|timeout|winrm_\w+)$/;

/** What hlb itself defines, of whatever host. */
export function isBuiltIn(name: string): boolean {
  return isMagicName(name) || others.has(name) || connectionNames.test(name);
}

const others = new Set([
  'ansible_config_file',
  'ansible_facts',
  'ansible_failed_result',
  'ansible_delegated_vars',
  'ansible_failed_task',
  'ansible_host',
  'ansible_local',
  'ansible_managed',
  'ansible_parent_role_names',
  'ansible_parent_role_paths',
  'ansible_playbook_python',
  'ansible_collection_name',
  'ansible_search_path',
  'environment',
]);

/** What a template file may read beside everything else. */
export const templateNames = [
  'ansible_managed',
  'template_destpath',
  'template_fullpath',
  'template_host',
  'template_mtime',
  'template_path',
  'template_run_date',
  'template_uid',
];

export const anything: Source = { type: unknown };
