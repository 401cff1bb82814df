import { didYouMean } from '../core/suggest.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Action } from './action.ts';
import { checkKeys, type Fields, fieldsOf } from './fields.ts';
import { inherit, type OwnKeywords } from './inherit.ts';
import { readLoop } from './loop.ts';
import { ownKeywords } from './own-keywords.ts';
import { type RawArguments, rawArguments } from './raw-arguments.ts';
import { namesOf, roleInclusionKeys, tasksInclusionKeys } from './structures.ts';
import { nameOf, originOf } from './task.ts';
import { isNothing } from './text.ts';
import type { Include } from './tree.ts';
import { literalBoolean, textTerm, wrongType } from './values.ts';
import { readVariableName } from './variables.ts';
import type { Where } from './where.ts';

const fromNames = ['tasks_from', 'vars_from', 'defaults_from', 'handlers_from'] as const;
const known = { tasks: namesOf(tasksInclusionKeys), role: namesOf(roleInclusionKeys) };

/** The arguments of include_tasks, import_tasks, include_role and import_role, by name. */
export function inclusionArguments(
  where: Where,
  fields: Fields,
  action: Action,
  what: 'tasks' | 'role',
  dynamic: boolean,
): ReadonlyMap<string, YamlNode> | undefined {
  const { loading } = where;
  const raw = rawArguments(loading, action.value, fields.get('args'), {
    what: `"${action.name}"`,
    freeForm: what === 'tasks' ? 'file' : undefined,
    isOption: (name) => name === 'file',
  });
  if (raw === undefined) return undefined;
  if (raw.dynamic !== undefined) {
    loading.report.error(
      'args/not-a-mapping',
      raw.dynamic.at,
      `The arguments of "${action.name}" cannot be computed as a whole`,
    );
    return undefined;
  }
  const names: readonly string[] = known[what].filter((name) => dynamic || name !== 'apply');
  for (const { name, key } of raw.entries) {
    if (names.includes(name)) continue;
    const isApply = name === 'apply';
    loading.report.error(
      'args/unknown-parameter',
      key.at,
      `"${action.name}" has no parameter "${name}"`,
      isApply
        ? 'Keywords beside import_* reach every task already'
        : (didYouMean(name, names) ?? `It has ${names.join(', ')}`),
    );
  }
  return argumentMap(raw);
}

function argumentMap(raw: RawArguments): ReadonlyMap<string, YamlNode> {
  return new Map(raw.entries.map(({ name, value }) => [name, value]));
}

/** Files of a role that take the place of `main`. */
export function fromArguments(
  where: Where,
  args: ReadonlyMap<string, YamlNode>,
): Pick<Include, 'tasksFrom' | 'varsFrom' | 'defaultsFrom' | 'handlersFrom'> {
  const read = (name: (typeof fromNames)[number]) => {
    const node = args.get(name);
    return node === undefined ? undefined : textTerm(where.loading, node, name);
  };
  const tasksFrom = read('tasks_from');
  const varsFrom = read('vars_from');
  const defaultsFrom = read('defaults_from');
  const handlersFrom = read('handlers_from');
  return {
    ...(tasksFrom === undefined ? {} : { tasksFrom }),
    ...(varsFrom === undefined ? {} : { varsFrom }),
    ...(defaultsFrom === undefined ? {} : { defaultsFrom }),
    ...(handlersFrom === undefined ? {} : { handlersFrom }),
  };
}

/** The file or role; what is missing is reported. */
export function targetNode(
  where: Where,
  action: Action,
  args: ReadonlyMap<string, YamlNode>,
  what: 'tasks' | 'role',
): YamlNode | undefined {
  const node = what === 'tasks' ? args.get('file') : (args.get('name') ?? args.get('role'));
  if (node !== undefined && !isNothing(node)) return node;
  const name = what === 'tasks' ? 'file' : 'name';
  where.loading.report.error(
    'args/missing-parameter',
    action.at,
    `"${action.name}" needs "${name}"`,
    `Add "${name}: ..."`,
  );
  return undefined;
}

/** include_tasks and include_role: loaded when their turn comes. */
export function readInclude(where: Where, fields: Fields, action: Action, what: 'tasks' | 'role'): Include | undefined {
  const { loading } = where;
  const outer = where.inherited.keywords;
  const name = nameOf(where, fields);
  const own = ownKeywords(loading, fields, 'include-param', originOf(action.name, name));
  const loop = readLoop(loading, fields);
  const registerNode = fields.get('register');
  const register = registerNode === undefined ? undefined : readVariableName(loading, registerNode, 'register');
  const args = inclusionArguments(where, fields, action, what, true);
  if (args === undefined) return undefined;
  const target = targetNode(where, action, args, what);
  const term = target === undefined ? undefined : textTerm(loading, target, what === 'tasks' ? 'file' : 'name');
  const flag = (key: string, otherwise: boolean): boolean => {
    const node = args.get(key);
    return node === undefined ? otherwise : (literalBoolean(loading, node, key) ?? otherwise);
  };
  const applied = readApply(where, args.get('apply'));
  const from = what === 'role' ? fromArguments(where, args) : {};
  if (term === undefined) return undefined;
  return {
    kind: 'include',
    action: action.name,
    what,
    id: where.id,
    at: fields.at,
    ...(name === undefined ? {} : { name }),
    keywords: inherit(outer, own),
    ownVars: own.vars ?? [],
    ...(where.role === undefined ? {} : { role: where.role }),
    file: where.file,
    baseDir: where.baseDir,
    target: term,
    ...(loop === undefined ? {} : { loop }),
    ...(register === undefined ? {} : { register }),
    apply: inherit(inherit(outer, own.vars === undefined ? {} : { vars: own.vars }), applied),
    notify: where.inherited.notify,
    ...(where.inherited.disrupts === undefined ? {} : { disrupts: where.inherited.disrupts }),
    ...from,
    public: flag('public', false),
    allowDuplicates: flag('allow_duplicates', true),
    validates: flag('rolespec_validate', true),
  };
}

function readApply(where: Where, node: YamlNode | undefined): OwnKeywords {
  if (node === undefined || isNothing(node)) return {};
  if (node.kind !== 'mapping') {
    wrongType(where.loading, node, 'apply', 'a mapping of keywords');
    return {};
  }
  const fields = fieldsOf(node);
  checkKeys(where.loading, fields, 'block');
  return ownKeywords(where.loading, fields, 'block', 'apply');
}
