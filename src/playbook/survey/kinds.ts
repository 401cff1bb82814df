import { basename, dirname } from 'node:path';
import type { Source } from '../../core/source.ts';
import type { YamlNode } from '../../yaml/node.ts';
import type { ParsedYaml } from '../../yaml/parse.ts';
import { inclusionOf } from '../action.ts';
import { findKeyword } from '../keywords.ts';
import { scalarText } from '../values.ts';

/** What a file of an Ansible tree is for. */
export type FileKind = 'playbook' | 'tasks' | 'requirements' | 'collection' | 'settings' | 'plugin' | 'other';

/** Folders whose Python files Ansible loads, and what it takes them for. */
const pluginFolders: ReadonlyMap<string, string> = new Map([
  ['library', 'module'],
  ['modules', 'module'],
  ['module_utils', 'module library'],
  ...['action', 'become', 'cache', 'callback', 'cliconf', 'connection', 'filter', 'httpapi', 'inventory', 'lookup'].map(
    pluginFolder,
  ),
  ...['netconf', 'shell', 'strategy', 'terminal', 'test', 'vars'].map(pluginFolder),
]);

function pluginFolder(kind: string): readonly [string, string] {
  return [`${kind}_plugins`, `${kind} plugin`];
}

/** The kind of a plugin by its folder, `library/x.py` or `plugins/filter/x.py`; absent for every other file. */
export function pluginKind(path: string): string | undefined {
  if (!path.endsWith('.py') || basename(path) === '__init__.py') return undefined;
  const folders = dirname(path).split('/');
  const inPlugins = folders.indexOf('plugins');
  const below = inPlugins === -1 ? undefined : folders[inPlugins + 1];
  if (below !== undefined) return pluginFolders.get(below) ?? pluginFolders.get(`${below}_plugins`);
  return folders
    .map((folder) => (folder === 'modules' ? undefined : pluginFolders.get(folder)))
    .find((one) => one !== undefined);
}

/** Folders of roles and inventories whose YAML holds no tasks. */
const noTasks = new Set(['defaults', 'vars', 'meta', 'files', 'templates', 'group_vars', 'host_vars']);

export function kindOfFile(
  source: Source,
  parse: (source: Source) => ParsedYaml,
  isModule: (name: string) => boolean,
): FileKind {
  const { path, text } = source;
  const name = basename(path);
  if (pluginKind(path) !== undefined) return 'plugin';
  if (name === 'ansible.cfg') return 'settings';
  if (!/\.ya?ml$/.test(name)) return 'other';
  if (/^requirements\.ya?ml$/.test(name)) return 'requirements';
  if (/^galaxy\.ya?ml$/.test(name)) return 'collection';
  if (
    dirname(path)
      .split('/')
      .some((folder) => noTasks.has(folder)) ||
    !/^\s*-\s/m.test(text)
  )
    return 'other';
  const { root } = parse(source);
  if (root?.kind !== 'sequence') return looksLikePlaybook(text) ? 'playbook' : 'other';
  if (root.items.some(isPlay)) return 'playbook';
  return root.items.length > 0 && root.items.every((item) => isTask(item, isModule)) ? 'tasks' : 'other';
}

/** A file that cannot be read as YAML still has to be spoken of where it was meant as a playbook. */
function looksLikePlaybook(text: string): boolean {
  return /^-\s+(name:.*\n(\s+.*\n)*?\s+)?(hosts|import_playbook):/m.test(text);
}

function isPlay(node: YamlNode): boolean {
  if (node.kind !== 'mapping') return false;
  const names = node.entries.map(({ key }) => scalarText(key));
  return names.some((name) => name === 'hosts' || /^(ansible\.(builtin|legacy)\.)?import_playbook$/.test(name));
}

const taskWord = /^(block|action|local_action|when|register|become|notify|loop|with_\w+|include|\w+\.\w+\.\w+)$/;

function isTask(node: YamlNode, isModule: (name: string) => boolean): boolean {
  if (node.kind !== 'mapping') return false;
  const names = node.entries.map(({ key }) => scalarText(key));
  const isOfTasks = (name: string): boolean => taskWord.test(name) || isModule(name) || inclusionOf(name) !== undefined;
  const unknown = names.filter((name) => !isOfTasks(name) && findKeyword(name) === undefined);
  return names.some(isOfTasks) && unknown.length <= mostUnknown;
}

/** A module that hlb does not have and a slip of the pen; what has more is a list of another tool. */
const mostUnknown = 2;
