import type { Location } from '../core/source.ts';
import { closest } from '../core/suggest.ts';
import type { Term, Variables } from '../vars/term.ts';
import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { readEntries, readers } from './entries.ts';
import { readVarsSchema } from './argument-spec.ts';
import { checkKeys, type Fields, fieldsOf, refuseKeywords, underOwnNames } from './fields.ts';
import { folderOf } from './files.ts';
import { readHandlers } from './handlers.ts';
import { type Inherited, inherit, noKeywords, type OwnKeywords } from './inherit.ts';
import { findKeyword } from './keywords.ts';
import type { Loading } from './loading.ts';
import { ownKeywords } from './own-keywords.ts';
import { readVarsFiles, readVarsPrompt, variablesOfFiles } from './play-variables.ts';
import { readUsedRole } from './role.ts';
import { readRoleUse } from './role-use.ts';
import { readBatch, readRolling } from './rolling.ts';
import { readDisrupts } from './task.ts';
import { isNothing } from './text.ts';
import { type Block, type Entry, orders, type Play, type Section, strategies } from './tree.ts';
import { booleanTerm, numberTerm, textTerm, textTerms, wordTerm, wrongType } from './values.ts';
import { newParts, type Where } from './where.ts';

/** Keywords of import_playbook that reach a play. */
export interface PlaySetting {
  readonly keywords: OwnKeywords;
  readonly vars: Variables;
  readonly trail: readonly string[];
}

/** One play. `path` is its playbook, `id` its name in the journal. */
export function readPlay(
  loading: Loading,
  node: YamlMapping,
  path: string,
  id: string,
  setting: PlaySetting,
): Play | undefined {
  const fields = underOwnNames(loading, fieldsOf(node), 'play');
  refuseKeywords(loading, fields);
  checkKeys(loading, fields, 'play', ['debugger']);
  const hosts = readHosts(loading, fields, node.at);
  const { vars, ...own } = ownKeywords(loading, fields, 'play', 'play');
  const keywords = inherit(inherit(noKeywords, setting.keywords), own);
  const inherited: Inherited = { keywords, notify: [], disrupts: undefined };
  const parts = newParts();
  const baseDir = folderOf(path);
  const playOwn: Variables = new Map([...(vars?.[0] ?? []), ...setting.vars]);
  const varsFiles = readVarsFiles(loading, fields.get('vars_files'), { file: path, role: undefined, baseDir });
  const playVars = [playOwn, ...variablesOfFiles(loading, varsFiles, { file: path, role: undefined, baseDir })];
  const { trail } = setting;
  const where: Where = { loading, parts, inherited, role: undefined, playVars, file: path, baseDir, id, trail };
  const disrupts = readDisrupts(where, fields);
  const inside: Where = { ...where, inherited: { ...inherited, disrupts } };

  const roles = readRoles(inside, fields.get('roles'));
  const section = (kind: Section['kind']): Section => ({
    kind,
    entries: kind === 'roles' ? roles : readEntries({ ...inside, id: `${id}/${kind}` }, fields.get(kind), kind),
  });
  const sections = (['pre_tasks', 'roles', 'tasks', 'post_tasks'] as const).map(section);
  const handlers = readHandlers({ ...inside, id: `${id}/handlers` }, fields.get('handlers'), readers);
  const settings = readSettings(loading, fields);
  const varsSchema = readVarsSchema(loading, fields.get('vars_schema'));
  warnOfEmpty(loading, fields);
  if (hosts === undefined) return undefined;
  return {
    id,
    at: node.at,
    ...settings,
    hosts,
    keywords,
    vars: playOwn,
    ...(varsSchema === undefined ? {} : { varsSchema }),
    varsFiles,
    varsPrompt: readVarsPrompt(loading, fields.get('vars_prompt')),
    roles: parts.roles,
    sections: sections.filter((one) => one.entries.length > 0),
    handlers: [...parts.roleHandlers, ...handlers, ...parts.importedHandlers],
    baseDir,
  };
}

/** A play that gathers nothing and does nothing. */
function warnOfEmpty(loading: Loading, fields: Fields): void {
  const parts = ['pre_tasks', 'roles', 'tasks', 'post_tasks'].map(fields.get);
  if (
    parts.some(
      (node) => node !== undefined && !(node.kind === 'sequence' ? node.items.length === 0 : node.kind === 'scalar'),
    )
  )
    return;
  const gather = fields.get('gather_facts');
  if (gather?.kind !== 'scalar' || gather.value !== false) return;
  loading.report.warning(
    'playbook/empty-play',
    fields.at,
    'This play has no tasks and gathers no facts, so it does nothing',
  );
}

function readHosts(loading: Loading, fields: Fields, at: Location): Term | undefined {
  const node = fields.get('hosts');
  if (node === undefined) {
    // Its misspelt name was reported.
    if ([...fields.entries.keys()].some((name) => !findKeyword(name) && closest(name, ['hosts']))) return undefined;
    const [first] = fields.entries.values();
    loading.report.error(
      'playbook/no-hosts',
      first?.key.at ?? at,
      'This play says nothing of its hosts',
      'Add "hosts: ..."',
    );
    return undefined;
  }
  const isEmpty =
    node.kind === 'scalar'
      ? node.value === null || node.value === ''
      : node.kind === 'sequence' && node.items.length === 0;
  if (isEmpty) {
    loading.report.error(
      'playbook/no-hosts',
      node.at,
      'hosts is empty, so the play would do nothing',
      'Name a host or group',
    );
    return undefined;
  }
  if (node.kind === 'scalar') return textTerm(loading, node, 'hosts');
  return { kind: 'list', items: textTerms(loading, node, 'hosts'), at: node.at };
}

type Settings = Pick<
  Play,
  'name' | 'order' | 'strategy' | 'serial' | 'rolling' | 'maxFailPercentage' | 'gatherFacts' | 'forceHandlers'
>;

function readSettings(loading: Loading, fields: Fields): Settings {
  const get = <T>(name: string, read: (node: YamlNode) => T | undefined): T | undefined => {
    const node = fields.get(name);
    return node === undefined || isNothing(node) ? undefined : read(node);
  };
  const name = get('name', (node) => textTerm(loading, node, 'name'));
  const maxFail = get('max_fail_percentage', (node) => numberTerm(loading, node, 'max_fail_percentage', 'percentage'));
  const rolling = get('rolling', (node) => readRolling(loading, node).rolling);
  const serial = fields.get('serial');
  if (rolling !== undefined && serial !== undefined && !isNothing(serial)) {
    const message = 'serial has no effect beside rolling, which has batches of its own';
    loading.report.error(
      'playbook/serial-and-rolling',
      serial.at,
      message,
      'Say with "batch" of rolling how many hosts go at once',
    );
  }
  return {
    ...(name === undefined ? {} : { name }),
    order: get('order', (node) => wordTerm(loading, node, 'order', orders)),
    strategy: get('strategy', (node) => readStrategy(loading, node)),
    serial: readBatch(loading, fields, 'serial'),
    ...(rolling === undefined ? {} : { rolling }),
    ...(maxFail === undefined ? {} : { maxFailPercentage: maxFail }),
    gatherFacts: get('gather_facts', (node) => booleanTerm(loading, node, 'gather_facts')),
    forceHandlers: get('force_handlers', (node) => booleanTerm(loading, node, 'force_handlers')),
  };
}

function readStrategy(loading: Loading, node: YamlNode): Term | undefined {
  const prefix = 'ansible.builtin.';
  const short =
    node.kind === 'scalar' && typeof node.value === 'string' && node.value.startsWith(prefix)
      ? { ...node, value: node.value.slice(prefix.length) }
      : node;
  return wordTerm(loading, short, 'strategy', strategies);
}

function readRoles(where: Where, node: YamlNode | undefined): readonly Entry[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'sequence') {
    wrongType(where.loading, node, 'roles', 'a list of roles');
    return [];
  }
  return node.items.flatMap((item, index) => {
    const inside = { ...where, id: `${where.id}/roles/${index}` };
    const use = readRoleUse(inside, item);
    const found = use === undefined ? undefined : readUsedRole(inside, use, where.parts.roleHandlers, readers);
    if (use === undefined || found === undefined) return [];
    where.parts.roles.push(found.role);
    if (use.rolling === undefined || found.entries.length === 0) return found.entries;
    const block: Block = {
      kind: 'block',
      id: inside.id,
      at: use.at,
      entries: found.entries,
      rescue: [],
      always: [],
      rolling: use.rolling,
    };
    return [block];
  });
}
