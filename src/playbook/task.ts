import { parameterName } from '../module/arguments.ts';
import type { Term } from '../vars/term.ts';
import type { YamlMapping } from '../yaml/node.ts';
import { type Action, readAction } from './action.ts';
import { checkBackground } from './background.ts';
import { readArguments } from './arguments.ts';
import { type Fields, fieldsOf, refuseKeywords, unknownKey } from './fields.ts';
import { type Disruption, inherit } from './inherit.ts';
import { findKeyword, type Holder } from './keywords.ts';
import { readLoop } from './loop.ts';
import { ownKeywords } from './own-keywords.ts';
import { rawArguments } from './raw-arguments.ts';
import { isNothing, literalOfTerm } from './text.ts';
import type { Task } from './tree.ts';
import { conditions, literalTexts, literalWord, numberTerm, textTerm, textTerms } from './values.ts';
import { readVariableName } from './variables.ts';
import type { Where } from './where.ts';

const disruptions = ['nothing', 'balancer', 'api_server', 'etcd', 'node'] as const;

/** The fields of a task and what it does; `undefined` when that cannot be said, which was reported then. */
export function readTaskAction(
  where: Where,
  node: YamlMapping,
  holder: 'task' | 'handler',
): { readonly fields: Fields; readonly action: Action | undefined } {
  const fields = fieldsOf(node);
  refuseKeywords(where.loading, fields);
  const action = readAction(where.loading, fields, holder);
  if (action === undefined) excuse(where, fields);
  return { fields, action };
}

/** What tasks do not hand down: Ansible takes these on an import and leaves them alone. */
const ofOneTask = new Set(['async', 'poll', 'until', 'retries', 'delay', 'changed_when', 'failed_when']);

/** Keys that other tasks may carry, but not this kind of task. */
export function checkHolder(where: Where, fields: Fields, holder: Holder, action: Action): void {
  for (const [name, entry] of fields.entries) {
    const keyword = findKeyword(name);
    if (keyword === undefined || keyword.type === 'refused' || keyword.where.includes(holder)) continue;
    if (entry === fields.entries.get(action.name)) continue;
    if (holder === 'import' && ofOneTask.has(name)) {
      const message = `"${name}" does nothing on an import: what is imported does not have it from there`;
      where.loading.report.warning(
        'playbook/misplaced-keyword',
        entry.key.at,
        message,
        'Write it on the tasks themselves',
      );
      continue;
    }
    unknownKey(where.loading, name, entry, holder);
  }
}

/** What a broken task would have set must not be missed elsewhere. */
function excuse(where: Where, fields: Fields): void {
  const { loading } = where;
  const register = fields.get('register');
  if (register?.kind === 'scalar' && typeof register.value === 'string') loading.excused.add(register.value);
  readLoop(loading, fields);
  ownKeywords(loading, fields, 'task', 'task');
}

/** A task that runs a module. */
export function readModuleTask(
  where: Where,
  fields: Fields,
  action: Action,
  holder: 'task' | 'handler',
  id: string,
): Task | undefined {
  const { loading, inherited } = where;
  if (action.does.kind !== 'module') return undefined;
  const { module } = action.does;
  checkHolder(where, fields, holder, action);
  const name = nameOf(where, fields);
  const own = ownKeywords(loading, fields, 'task', originOf(holder, name));
  const local: Partial<Task['keywords']> = action.local
    ? { delegateTo: { kind: 'constant', value: 'localhost', at: action.at } }
    : {};
  const keywords = inherit(inherited.keywords, { ...own, ...local });
  const defaulted = new Set([
    ...keywords.moduleDefaults.flatMap((defaults) => defaultedBy(defaults.get(module.name))),
    ...action.beside.map((one) => parameterName(module, one)),
  ]);
  const raw = rawArguments(loading, action.value, fields.get('args'), {
    what: `"${action.name}"`,
    freeForm: module.freeForm,
    isOption: (option) => isOption(module.name, module.freeForm, option) && Object.hasOwn(module.params.shape, option),
  });
  const register = fields.get('register');
  const registered = register === undefined ? undefined : readVariableName(loading, register, 'register');
  const loop = readLoop(loading, fields);
  const rest = readRest(where, fields);
  checkBackground(where.loading, action.name, module.name, rest.async);
  if (raw === undefined) {
    if (registered !== undefined) loading.excused.add(registered);
    return undefined;
  }
  return {
    kind: 'task',
    id,
    at: fields.at,
    ...(name === undefined ? {} : { name }),
    keywords,
    ...(where.role === undefined ? {} : { role: where.role }),
    file: where.file,
    action: action.name,
    module,
    args: readArguments(loading, module, raw, action, defaulted),
    ...(loop === undefined ? {} : { loop }),
    ...(registered === undefined ? {} : { register: registered }),
    ...rest,
  };
}

/** Ansible's options inside of free text; other `name=` belong to the command. */
const commandOptions = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
]);

function isOption(module: string, freeForm: string | undefined, option: string): boolean {
  if (option === freeForm) return module === 'include_vars';
  return ['command', 'shell', 'raw', 'script'].includes(module) ? commandOptions.has(option) : true;
}

function defaultedBy(defaults: Term | undefined): readonly string[] {
  if (defaults?.kind !== 'mapping') return [];
  return defaults.entries.flatMap(({ key }) => literalOfTerm(key) ?? []);
}

export function nameOf(where: Where, fields: Fields): Term | undefined {
  const node = fields.get('name');
  if (node === undefined || isNothing(node)) return undefined;
  return textTerm(where.loading, node, 'name');
}

/** `task "Install haproxy"`: what a variable of it is said to come from. */
export function originOf(holder: string, name: Term | undefined): string {
  const text = literalOfTerm(name);
  return text === undefined ? holder : `${holder} "${text}"`;
}

type Rest = Pick<
  Task,
  'until' | 'retries' | 'delay' | 'changedWhen' | 'failedWhen' | 'notify' | 'async' | 'poll' | 'disrupts'
>;

/** The keywords that only tasks with a module have. */
function readRest(where: Where, fields: Fields): Rest {
  const { loading, inherited } = where;
  const list = (name: string) => {
    const node = fields.get(name);
    return node === undefined ? [] : conditions(loading, node, name);
  };
  const number = (name: string, kind: 'integer' | 'number') => {
    const node = fields.get(name);
    if (node === undefined || isNothing(node)) return undefined;
    return numberTerm(loading, node, name, kind);
  };
  const changedWhen = list('changed_when');
  const failedWhen = list('failed_when');
  const retries = number('retries', 'integer');
  const delay = number('delay', 'number');
  const async = number('async', 'integer');
  const poll = number('poll', 'integer');
  const disrupts = readDisrupts(where, fields) ?? inherited.disrupts;
  return {
    until: list('until'),
    ...(retries === undefined ? {} : { retries }),
    ...(delay === undefined ? {} : { delay }),
    ...(changedWhen.length === 0 ? {} : { changedWhen }),
    ...(failedWhen.length === 0 ? {} : { failedWhen }),
    notify: [...inherited.notify, ...readNotify(where, fields)],
    ...(async === undefined ? {} : { async }),
    ...(poll === undefined ? {} : { poll }),
    ...(disrupts === undefined ? {} : { disrupts }),
  };
}

export function readNotify(where: Where, fields: Fields): readonly Term[] {
  const node = fields.get('notify');
  return node === undefined ? [] : textTerms(where.loading, node, 'notify');
}

export function readDisrupts(where: Where, fields: Fields): readonly Disruption[] | undefined {
  const node = fields.get('disrupts');
  if (node === undefined) return undefined;
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => literalWord(where.loading, item, 'disrupts', disruptions) ?? []);
}

export function readListen(where: Where, fields: Fields): readonly string[] {
  const node = fields.get('listen');
  if (node === undefined) return [];
  return literalTexts(where.loading, node, 'listen').map((topic) => topic.text);
}
