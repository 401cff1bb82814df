import type { Source } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';
import { plainValue } from '../vars/yaml11.ts';
import { entryOf, type YamlEntry, type YamlNode, type YamlScalar } from '../yaml/node.ts';
import type { ParsedYaml } from '../yaml/parse.ts';
import type { DraftGroup } from './draft.ts';
import { hostNames } from './host-names.ts';
import { setGroupVariables, setHostVariables } from './node-variables.ts';
import { declareChild, declareGroup, declareHosts, problem, type Reading } from './reading.ts';

/** Adds a YAML inventory to the draft. */
export function readYaml(source: Source, parsed: ParsedYaml, reading: Reading): void {
  for (const diagnostic of parsed.diagnostics) reading.report(diagnostic);
  const second = parsed.documents[1];
  if (second !== undefined)
    problem(reading, 'inventory/documents', 'Expected one YAML document, found several', second.at);
  const { root } = parsed;
  if (root === undefined) return;
  if (root.kind !== 'mapping') {
    const message = `Expected a mapping of groups, found ${describe(root)}`;
    problem(
      reading,
      'inventory/not-a-mapping',
      message,
      root.at,
      'A YAML inventory begins with "all:" or another group',
    );
    return;
  }
  const plugin = entryOf(root, 'plugin');
  if (plugin?.value.kind === 'scalar' && plugin.value.value !== null) {
    problem(
      reading,
      'inventory/plugin',
      `Inventory plugins such as "${plugin.value.text}" do not run in hlb`,
      plugin.value.at,
      `Use an executable file that prints the inventory, such as one with "exec ansible-inventory -i ${source.path} --list"`,
    );
    return;
  }
  for (const entry of root.entries) readGroup(entry, reading);
}

const sections = ['hosts', 'children', 'vars'];

/** The group's content comes before its place below its parent, as in Ansible: that decides the order of groups. */
function readGroup({ key, value }: YamlEntry, reading: Reading): DraftGroup | undefined {
  const name = nameOf(key);
  if (name === undefined) {
    const message = `Expected the name of a group, found "${key.text}", which is no text`;
    problem(reading, 'inventory/not-a-mapping', message, key.at, `Write it in quotes: "${key.text}"`);
    return undefined;
  }
  const group = declareGroup(reading, name, key.at);
  if (isNothing(value)) return group;
  if (value.kind !== 'mapping') {
    const message = `Expected the group "${name}" to be a mapping of hosts, children and vars, found ${describe(value)}`;
    problem(reading, 'inventory/not-a-mapping', message, value.at);
    return group;
  }
  for (const entry of value.entries) readSection(entry, group, reading);
  return group;
}

function readSection({ key, value }: YamlEntry, group: DraftGroup, reading: Reading): void {
  if (!sections.includes(key.text)) {
    const help = didYouMean(key.text, sections) ?? 'A host stands below "hosts:", a group below "children:"';
    problem(reading, 'inventory/unknown-key', `A group has no "${key.text}"`, key.at, help);
    return;
  }
  const entries = entriesOf(value);
  if (entries === undefined) {
    const message = `Expected the ${key.text} of the group "${group.name}" to be a mapping, found ${describe(value)}`;
    const help =
      key.text === 'vars' ? 'Write "name: value"' : 'Write each name on a line of its own with ":" at its end';
    problem(reading, 'inventory/not-a-mapping', message, value.at, help);
    return;
  }
  if (key.text === 'vars') setGroupVariables(reading, group, entries);
  else if (key.text === 'hosts') for (const entry of entries) readHost(entry, group, reading);
  else for (const entry of entries) readChild(entry, group, reading);
}

/** A single name is short for a mapping with that name alone. */
function entriesOf(value: YamlNode): readonly YamlEntry[] | undefined {
  if (value.kind === 'mapping') return value.entries;
  if (isNothing(value)) return [];
  return value.kind === 'scalar' && typeof value.value === 'string'
    ? [{ key: value, value: nothingAt(value) }]
    : undefined;
}

function readChild(entry: YamlEntry, group: DraftGroup, reading: Reading): void {
  const child = readGroup(entry, reading);
  if (child !== undefined) declareChild(reading, group.name, child.name, entry.key.at);
}

function readHost({ key, value }: YamlEntry, group: DraftGroup, reading: Reading): void {
  const pattern = nameOf(key);
  if (pattern === undefined) {
    const message = `Expected the name of a host, found "${key.text}", which is no text`;
    problem(reading, 'inventory/host-name', message, key.at, `Write it in quotes: "${key.text}"`);
    return;
  }
  const { names, port } = hostNames(reading, pattern, key.at);
  declareHosts(reading, names, group.name, port, key.at);
  if (isNothing(value)) return;
  if (value.kind !== 'mapping') {
    const message = `Expected the host "${pattern}" to hold variables or nothing, found ${describe(value)}`;
    problem(reading, 'inventory/not-a-mapping', message, value.at);
    return;
  }
  setHostVariables(reading, names, value.entries);
}

/** Also for Ansible's YAML a text. */
function nameOf(key: YamlScalar): string | undefined {
  if (typeof key.value !== 'string') return undefined;
  return key.style !== 'plain' || typeof plainValue(key.text) === 'string' ? key.value : undefined;
}

function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function nothingAt(node: YamlScalar): YamlScalar {
  return { kind: 'scalar', value: null, text: '', style: 'plain', at: node.at, place: node.place };
}

function describe(node: YamlNode): string {
  if (node.kind === 'scalar') return `"${node.text}"`;
  return node.kind === 'sequence' ? 'a list' : 'a mapping';
}
