import type { Location, Source } from '../core/source.ts';
import { entryOf, type YamlEntry, type YamlMapping, type YamlNode } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { setGroupVariables, setHostVariables } from './node-variables.ts';
import { declareChild, declareGroup, declareHosts, problem, type Reading } from './reading.ts';
import { shownPath, startOf } from './text.ts';

/** Runs an inventory program on the controller. Rejects where it cannot be started. */
export type RunProgram = (
  path: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;

const json = { json: true };

/** Adds what an inventory program prints to the draft. It is asked for each host only where `--list` brings no `_meta`. */
export async function readProgram(path: string, run: RunProgram, reading: Reading): Promise<void> {
  const list = await ask(path, ['--list'], run, reading);
  if (list === undefined) return;
  const hosts: string[] = [];
  let known: ReadonlyMap<string, YamlNode> | undefined;
  for (const entry of list.entries) {
    if (entry.key.text !== '_meta') hosts.push(...readGroup(entry, reading));
    else if (entry.value.kind === 'mapping') known = hostVariables(entry.value, reading) ?? known;
  }
  for (const host of new Set(hosts)) {
    const variables = known === undefined ? await ask(path, ['--host', host], run, reading) : known.get(host);
    if (variables?.kind === 'mapping') setHostVariables(reading, [host], variables.entries, json);
    else if (variables !== undefined)
      problem(reading, 'inventory/program-output', `Expected the variables of "${host}" to be an object`, variables.at);
  }
}

function hostVariables(meta: YamlMapping, reading: Reading): ReadonlyMap<string, YamlNode> | undefined {
  const entry = entryOf(meta, 'hostvars');
  if (entry === undefined) return undefined;
  if (entry.value.kind === 'mapping') return new Map(entry.value.entries.map(({ key, value }) => [key.text, value]));
  problem(reading, 'inventory/program-output', 'Expected "_meta.hostvars" to be an object of hosts', entry.value.at);
  return undefined;
}

/** The JSON object that a call prints; nothing at all is an empty one for a single host. */
async function ask(
  path: string,
  args: readonly string[],
  run: RunProgram,
  reading: Reading,
): Promise<YamlMapping | undefined> {
  const call = [shownPath(path), ...args].join(' ');
  const fail = (message: string, help?: string): undefined => {
    problem(reading, 'inventory/program-failed', message, startOf(path), help);
  };
  const result = await run(path, args).catch((error: unknown) => {
    return fail(`"${call}" could not be started: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (result === undefined) return undefined;
  const stderr = result.stderr.trim();
  if (result.code !== 0)
    return fail(`"${call}" ended with exit code ${result.code}${stderr === '' ? '' : `: ${stderr}`}`);
  if (stderr !== '') {
    const message = `"${call}" wrote to its error output: ${stderr}`;
    reading.report({ code: 'inventory/program-warned', severity: 'warning', message, at: startOf(path) });
  }
  return args[0] === '--host' && result.stdout.trim() === ''
    ? undefined
    : parseObject({ path: call, text: result.stdout }, reading);
}

function parseObject(source: Source, reading: Reading): YamlMapping | undefined {
  const at: Location = { source, start: 0, end: 0 };
  try {
    JSON.parse(source.text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problem(reading, 'inventory/program-output', `"${source.path}" printed no JSON: ${why}`, at);
    return undefined;
  }
  const { root, diagnostics } = parseYaml(source);
  for (const diagnostic of diagnostics) reading.report(diagnostic);
  if (root?.kind === 'mapping') return root;
  problem(reading, 'inventory/program-output', `"${source.path}" printed something else than a JSON object`, at);
  return undefined;
}

/** The hosts of the group. A list is short for its hosts, an object without the three known keys for one host of that name with these variables. */
function readGroup({ key, value }: YamlEntry, reading: Reading): readonly string[] {
  const group = declareGroup(reading, key.text, key.at);
  const parts = value.kind === 'mapping' ? value : undefined;
  const hosts = parts === undefined ? value : entryOf(parts, 'hosts')?.value;
  const children = parts && entryOf(parts, 'children')?.value;
  const vars = parts && entryOf(parts, 'vars')?.value;
  const isShort = parts !== undefined && hosts === undefined && children === undefined && vars === undefined;
  const names = isShort ? [key.text] : textsOf(hosts, `the hosts of "${key.text}"`, reading);
  declareHosts(reading, names, group.name, undefined, key.at);
  const variables = isShort ? parts : vars;
  if (variables?.kind === 'mapping') setGroupVariables(reading, group, variables.entries, json);
  else if (variables !== undefined)
    problem(reading, 'inventory/program-output', `Expected the vars of "${key.text}" to be an object`, variables.at);
  for (const child of textsOf(children, `the children of "${key.text}"`, reading)) {
    declareGroup(reading, child, children?.at ?? key.at);
    declareChild(reading, group.name, child, children?.at ?? key.at);
  }
  return names;
}

function textsOf(node: YamlNode | undefined, what: string, reading: Reading): readonly string[] {
  if (node === undefined) return [];
  const items = node.kind === 'sequence' ? node.items : [node];
  const texts = items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
  if (node.kind === 'sequence' && texts.length === items.length) return texts;
  problem(reading, 'inventory/program-output', `Expected ${what} to be a list of names`, node.at);
  return texts;
}
