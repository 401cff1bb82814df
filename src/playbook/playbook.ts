import type { Variables } from '../vars/term.ts';
import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { earlyText } from './early-text.ts';
import { checkKeys, fieldsOf, refuseKeywords } from './fields.ts';
import { folderOf, resolvePath } from './files.ts';
import { inherit, noKeywords } from './inherit.ts';
import type { Loading } from './loading.ts';
import { ownKeywords } from './own-keywords.ts';
import { type PlaySetting, readPlay } from './play.ts';
import { meant, similarFile } from './search.ts';
import { isNothing } from './text.ts';
import type { Play, Playbook } from './tree.ts';
import { kindOf, scalarText } from './values.ts';

/** A playbook with the plays of those that it imports. */
export function readPlaybook(loading: Loading, path: string): Playbook {
  return { path, plays: readPlays(loading, path, path, { keywords: {}, vars: new Map(), trail: [path] }) };
}

function readPlays(loading: Loading, path: string, id: string, setting: PlaySetting): readonly Play[] {
  const file = loading.yaml(path);
  if (file === undefined) {
    if (loading.options.readFile(path) === undefined) {
      loading.report.error(
        'playbook/file-not-found',
        { source: { path, text: '' }, start: 0, end: 0 },
        `There is no playbook "${path}"`,
      );
    }
    return [];
  }
  const { root, source } = file;
  if (root === undefined || isNothing(root)) {
    loading.report.error('playbook/empty-playbook', { source, start: 0, end: 0 }, 'This playbook has no plays');
    return [];
  }
  if (root.kind !== 'sequence') {
    loading.report.error(
      'playbook/not-a-playbook',
      root.at,
      `A playbook is a list of plays, found ${kindOf(root)}`,
      root.kind === 'mapping' ? 'Begin the play with "- "' : undefined,
    );
    return [];
  }
  if (root.items.length === 0) loading.report.error('playbook/empty-playbook', root.at, 'This playbook has no plays');
  return root.items.flatMap((item, index) => readItem(loading, item, path, `${id}#${index}`, setting));
}

function readItem(loading: Loading, node: YamlNode, path: string, id: string, setting: PlaySetting): readonly Play[] {
  if (node.kind !== 'mapping') {
    loading.report.error(
      'playbook/not-a-playbook',
      node.at,
      `A play is a mapping with "hosts:", found ${kindOf(node)}`,
    );
    return [];
  }
  const imported = node.entries.find(({ key }) =>
    /^(ansible\.(builtin|legacy)\.)?import_playbook$/.test(scalarText(key)),
  );
  if (imported !== undefined)
    return importPlaybook(loading, node, imported.value, scalarText(imported.key), path, id, setting);
  if (looksLikeTask(loading, node)) {
    const [first] = node.entries;
    loading.report.error(
      'playbook/not-a-playbook',
      first?.key.at ?? node.at,
      'This is a task, and a playbook is a list of plays',
      'Put it below "tasks:" of a play with "hosts:", or import the file with import_tasks',
    );
    return [];
  }
  const play = readPlay(loading, node, path, id, setting);
  return play === undefined ? [] : [play];
}

function looksLikeTask(loading: Loading, node: YamlMapping): boolean {
  const names = node.entries.map(({ key }) => scalarText(key));
  if (names.some((name) => ['hosts', 'tasks', 'roles', 'pre_tasks', 'post_tasks', 'handlers'].includes(name)))
    return false;
  return names.some(
    (name) =>
      loading.options.registry.find(name) !== undefined ||
      /^(ansible\.builtin\.)?(include|import)_(tasks|role)$/.test(name) ||
      ['block', 'action', 'local_action'].includes(name),
  );
}

function importPlaybook(
  loading: Loading,
  node: YamlMapping,
  target: YamlNode,
  keyword: string,
  path: string,
  id: string,
  setting: PlaySetting,
): readonly Play[] {
  const fields = fieldsOf(node);
  refuseKeywords(loading, fields);
  checkKeys(loading, fields, 'import_playbook', ['debugger', keyword]);
  const { vars, ...own } = ownKeywords(loading, fields, 'play', 'import_playbook');
  const early = { layers: [...(vars ?? []), setting.vars], baseDir: folderOf(path) };
  const name = earlyText(loading, target, 'import_playbook', early);
  if (name === undefined) return [];
  const file = resolvePath(folderOf(path), name);
  if (!loading.options.exists(file)) {
    loading.report.error(
      'playbook/file-not-found',
      target.at,
      `There is no playbook "${name}"`,
      meant(similarFile(loading.options, { file: path, role: undefined, baseDir: folderOf(path) }, '.', name)),
    );
    return [];
  }
  if (setting.trail.includes(file)) {
    loading.report.error('playbook/import-cycle', target.at, `"${name}" imports itself`);
    return [];
  }
  return readPlays(loading, file, id, {
    keywords: { ...inherit({ ...noKeywords, ...setting.keywords }, own) },
    vars: merged(vars?.[0], setting.vars),
    trail: [...setting.trail, file],
  });
}

/** Outer imports win, as their variables are given last. */
function merged(own: Variables | undefined, outer: Variables): Variables {
  return new Map([...(own ?? []), ...outer]);
}
