import type { Location } from '../core/source.ts';
import { closest } from '../core/suggest.ts';
import { aliasesOf } from '../module/arguments.ts';
import type { Module } from '../module/define.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from '../yaml/node.ts';
import { type Fields, nearestKeyword, unknownKey } from './fields.ts';
import { part } from './key-value.ts';
import { findKeyword, type Holder, keywordsOf } from './keywords.ts';
import type { Loading } from './loading.ts';
import { isNothing } from './text.ts';
import { kindOf, scalarText } from './values.ts';

/** What a task does, and with which arguments, still as written. */
export interface Action {
  /** As the file says. */
  readonly name: string;
  readonly at: Location;
  readonly does: { readonly kind: 'module'; readonly module: Module } | { readonly kind: Inclusion };
  readonly value: YamlNode;
  /** `local_action`. */
  readonly local: boolean;
  /** Parameters that stand beside the module and were reported: they must not be missed below it. */
  readonly beside: readonly string[];
}

export type Inclusion = 'include_tasks' | 'import_tasks' | 'include_role' | 'import_role';
const inclusions: readonly Inclusion[] = ['include_tasks', 'import_tasks', 'include_role', 'import_role'];

/** `ansible.builtin.import_tasks` is `import_tasks`. */
export function inclusionOf(name: string): Inclusion | undefined {
  const short = name.replace(/^ansible\.(builtin|legacy)\./, '');
  return inclusions.find((one) => one === short);
}

interface Candidate {
  readonly name: string;
  readonly entry: YamlEntry;
  readonly does: Action['does'] | undefined;
}

const keywordsOfTasks = keywordsBeside('task');
const keywordsOfHandlers = keywordsBeside('handler');

function keywordsBeside(holder: Holder): ReadonlySet<string> {
  const holders: readonly Holder[] = ['include', 'import', holder];
  return new Set(holders.flatMap(keywordsOf));
}

/** The one action of a task. None, several or an unknown one is reported, as is every key that is neither keyword nor action. */
export function readAction(loading: Loading, fields: Fields, holder: 'task' | 'handler'): Action | undefined {
  const keywords = holder === 'task' ? keywordsOfTasks : keywordsOfHandlers;
  const candidates = [...fields.entries]
    .filter(([name]) => !keywords.has(name) && !name.startsWith('with_'))
    .map(([name, entry]): Candidate => ({ name, entry, does: meaningOf(loading, name) }));
  const known = candidates.filter((one) => one.does !== undefined);
  const unknown = candidates.filter((one) => one.does === undefined);
  const older = ['action', 'local_action'].flatMap((name) => fields.entries.get(name) ?? []);

  if (known.length + older.length > 1) return several(loading, fields, known, older);
  const [only] = known;
  const [old] = older;
  const missing = only === undefined && old === undefined ? pickMisspelt(loading, unknown, holder) : undefined;
  const beside: { readonly name: string; readonly entry: YamlEntry }[] = [];
  for (const { name, entry } of unknown) {
    if (entry === missing?.entry) continue;
    if (only !== undefined && looksIndented(only, entry, name)) {
      beside.push({ name, entry });
    } else unknownKey(loading, name, entry, holder, loading.options.registry.names());
  }
  if (only?.does !== undefined) {
    const { name, entry, does } = only;
    misplaced(loading, name, beside);
    return { name, at: entry.key.at, does, value: entry.value, local: false, beside: beside.map((one) => one.name) };
  }
  if (old !== undefined) return olderForm(loading, old);
  if (missing !== undefined) unknownModule(loading, missing.name, missing.entry.key.at);
  else if (!unknown.some(({ name }) => findKeyword(name)?.where.includes('block'))) noAction(loading, fields, holder);
  return undefined;
}

function meaningOf(loading: Loading, name: string): Action['does'] | undefined {
  const inclusion = inclusionOf(name);
  if (inclusion !== undefined) return { kind: inclusion };
  const module = loading.options.registry.find(name);
  return module === undefined ? undefined : { kind: 'module', module };
}

/** Of unknown keys the one that was meant as the action: near to a module, qualified, or the only one and near to no keyword. */
function pickMisspelt(loading: Loading, unknown: readonly Candidate[], holder: Holder): Candidate | undefined {
  const free = unknown.filter((one) => findKeyword(one.name) === undefined);
  const isNear = (one: Candidate): boolean => closest(shortName(one.name), moduleNames(loading)) !== undefined;
  const isKeyword = (one: Candidate): boolean => nearestKeyword(one.name, holder) !== undefined;
  return (
    free.find((one) => one.name.includes('.')) ??
    free.find((one) => isNear(one) && !isKeyword(one)) ??
    free.find((one) => !isKeyword(one)) ??
    free.find(isNear)
  );
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function moduleNames(loading: Loading): readonly string[] {
  return [...loading.options.registry.names(), ...inclusions];
}

function unknownModule(loading: Loading, name: string, at: Location): void {
  if (loading.options.brokenModules?.includes(name) === true) return;
  if (shortName(name) === 'include') {
    loading.report.error(
      'playbook/unknown-module',
      at,
      `"${name}" was removed from Ansible, its meaning was unclear`,
      'Write import_tasks (read before the play runs) or include_tasks (read when its turn comes)',
    );
    return;
  }
  const near = closest(shortName(name), moduleNames(loading));
  loading.report.error(
    'playbook/unknown-module',
    at,
    `Unknown module "${name}"`,
    near === undefined ? 'Use a module that hlb has, or command or shell' : `Did you mean "${near}"?`,
  );
}

function several(
  loading: Loading,
  fields: Fields,
  known: readonly Candidate[],
  older: readonly YamlEntry[],
): undefined {
  const keys = [...known.map((one) => one.entry.key), ...older.map((entry) => entry.key)];
  const [first, second] = keys.sort((a, b) => a.at.start - b.at.start);
  loading.report.error(
    'playbook/several-actions',
    second?.at ?? fields.at,
    `A task does one thing, this one names ${keys.map((key) => `"${scalarText(key)}"`).join(' and ')}`,
    'Begin a task of its own with "- "',
    first === undefined ? undefined : [{ message: 'The first one', at: first.at }],
  );
  return undefined;
}

function noAction(loading: Loading, fields: Fields, holder: 'task' | 'handler'): void {
  if (isCutShort(loading, fields.at)) return;
  const [first] = fields.entries.values();
  loading.report.error(
    'playbook/no-action',
    first?.key.at ?? fields.at,
    `This ${holder} names no module, so it would do nothing`,
    'Add a line such as "command: ..."',
  );
}

/** Whether the task ends where a line could not be read, which was reported: its module may stand there. */
function isCutShort(loading: Loading, { source, end }: Location): boolean {
  const behind = loading.report
    .all()
    .find(({ code, at }) => code.startsWith('yaml/') && at?.source.path === source.path && at.start >= end);
  return behind?.at !== undefined && !/^\s*- /m.test(source.text.slice(end, behind.at.start));
}

/** A parameter that stands beside its module instead of below it. */
function looksIndented(action: Candidate, entry: YamlEntry, name: string): boolean {
  if (action.does?.kind !== 'module') return false;
  const { value } = action.entry;
  const isEmpty = isNothing(value);
  const { shape } = action.does.module.params;
  const known = Object.entries(shape).some(([field, schema]) => field === name || aliasesOf(schema).includes(name));
  return known && (isEmpty || entry.key.at.start > action.entry.key.at.start);
}

/** All at once: it is one mistake. */
function misplaced(
  loading: Loading,
  action: string,
  beside: readonly { readonly name: string; readonly entry: YamlEntry }[],
): void {
  const [first, ...others] = beside;
  if (first === undefined) return;
  const last = others.at(-1);
  const names = [first, ...others.slice(0, -1)].map(({ name }) => `"${name}"`).join(', ');
  loading.report.error(
    'playbook/misplaced-parameter',
    first.entry.key.at,
    last === undefined
      ? `${names} is a parameter of "${action}" and stands beside it`
      : `${names} and "${last.name}" are parameters of "${action}" and stand beside it`,
    `Indent ${last === undefined ? 'it, so that it stands' : 'them, so that they stand'} below "${action}:"`,
  );
}

/** `action: copy src=a dest=b` and `action: {module: copy, src: a}`. */
function olderForm(loading: Loading, entry: YamlEntry): Action | undefined {
  const local = scalarText(entry.key) === 'local_action';
  const found = entry.value.kind === 'mapping' ? fromMapping(loading, entry.value) : fromText(loading, entry.value);
  if (found === undefined) return undefined;
  const does = meaningOf(loading, found.name);
  if (does === undefined) {
    unknownModule(loading, found.name, found.at);
    return undefined;
  }
  return { ...found, does, local, beside: [] };
}

type Split = Pick<Action, 'name' | 'at' | 'value'>;

function fromText(loading: Loading, node: YamlNode): Split | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    loading.report.error(
      'args/not-a-mapping',
      node.at,
      `action expects a module and its arguments, found ${kindOf(node)}`,
    );
    return undefined;
  }
  const [, before = '', name = '', blank = ''] = /^(\s*)(\S+)(\s*)/.exec(node.value) ?? [];
  const from = before.length + name.length + blank.length;
  return {
    name,
    at: node.place(before.length, before.length + name.length),
    value: from >= node.value.length ? nothing(node) : part(node, node.value, from, node.value.length),
  };
}

function fromMapping(loading: Loading, node: YamlMapping): Split | undefined {
  const module = node.entries.find((entry) => scalarText(entry.key) === 'module');
  if (module?.value.kind !== 'scalar' || typeof module.value.value !== 'string') {
    loading.report.error('playbook/no-action', node.at, 'action names no module', 'Add "module: ..." to it');
    return undefined;
  }
  const entries = node.entries.filter((entry) => entry !== module);
  return { name: module.value.value.trim(), at: module.value.at, value: { ...node, entries } };
}

function nothing(node: YamlScalar): YamlScalar {
  return { ...node, value: null, text: '', style: 'plain' };
}
