import { didYouMean } from '../core/suggest.ts';
import type { Level, Term, Variables } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Fields } from './fields.ts';
import type { OwnKeywords } from './inherit.ts';
import type { Loading } from './loading.ts';
import { readModuleDefaults } from './module-defaults.ts';
import { isNothing, isTemplated, readTerm } from './text.ts';
import { booleanTerm, conditions, literalTexts, numberTerm, textTerm, wrongType } from './values.ts';
import { readVariables } from './variables.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const booleans = {
  become: 'become',
  ignore_errors: 'ignoreErrors',
  ignore_unreachable: 'ignoreUnreachable',
  any_errors_fatal: 'anyErrorsFatal',
  check_mode: 'checkMode',
  diff: 'diff',
  no_log: 'noLog',
  run_once: 'runOnce',
  delegate_facts: 'delegateFacts',
} as const;

const texts = {
  become_user: 'becomeUser',
  become_method: 'becomeMethod',
  become_flags: 'becomeFlags',
  become_exe: 'becomeExe',
  remote_user: 'remoteUser',
  connection: 'connection',
  delegate_to: 'delegateTo',
} as const;

const numbers = { port: 'port', throttle: 'throttle', timeout: 'timeout' } as const;

/** The keywords that are handed down, as they stand on one entry. Names that cannot stand there were reported before. */
export function ownKeywords(loading: Loading, fields: Fields, level: Level, origin: string): OwnKeywords {
  const own: Mutable<OwnKeywords> = {};
  const read = (names: Readonly<Record<string, TermKey>>, as: (node: YamlNode, what: string) => Term | undefined) => {
    for (const [name, key] of Object.entries(names)) {
      const node = fields.get(name);
      if (node === undefined || isNothing(node)) continue;
      const term = as(node, name);
      if (term !== undefined) own[key] = term;
    }
  };
  read(booleans, (node, what) => booleanTerm(loading, node, what));
  read(texts, (node, what) => textTerm(loading, node, what));
  read(numbers, (node, what) => numberTerm(loading, node, what, 'integer'));
  checkWords(loading, fields);

  const when = fields.get('when');
  if (when !== undefined) own.when = conditions(loading, when, 'when');
  const tags = fields.get('tags');
  if (tags !== undefined) own.tags = literalTexts(loading, tags, 'tags', true).map((tag) => tag.text);
  const environment = fields.get('environment');
  if (environment !== undefined) own.environment = environmentTerms(loading, environment);
  const defaults = fields.get('module_defaults');
  if (defaults !== undefined) own.moduleDefaults = readModuleDefaults(loading, defaults);
  const vars = fields.get('vars');
  if (vars !== undefined) own.vars = ownVariables(readVariables(loading, vars, level, origin));
  return own;
}

type TermKey =
  | (typeof booleans)[keyof typeof booleans]
  | (typeof texts)[keyof typeof texts]
  | (typeof numbers)[keyof typeof numbers];

function ownVariables(variables: Variables): readonly Variables[] {
  return variables.size === 0 ? [] : [variables];
}

const words = {
  become_method: ['sudo', 'su', 'doas'],
  connection: ['ssh', 'openssh', 'local', 'smart', 'paramiko', 'auto'],
} as const;

function checkWords(loading: Loading, fields: Fields): void {
  for (const [name, known] of Object.entries(words)) {
    const node = fields.get(name);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string' || isTemplated(node)) continue;
    const text = node.value.replace(/^ansible\.(builtin|legacy)\./, '').replace(/^community\.general\./, '');
    if (known.some((word) => word === text)) continue;
    loading.report.error(
      'playbook/unknown-value',
      node.at,
      `${name} expects one of ${known.map((word) => `"${word}"`).join(', ')}, found "${node.value}"`,
      didYouMean(text, known),
    );
  }
}

/** A mapping, a list of mappings, or a template that yields one. */
function environmentTerms(loading: Loading, node: YamlNode): readonly Term[] {
  if (isNothing(node)) return [];
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (item.kind === 'mapping' || isTemplated(item)) return [readTerm(loading, item)];
    wrongType(loading, item, 'environment', 'a mapping from names to values');
    return [];
  });
}
