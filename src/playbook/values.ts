import type { Location } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';
import { truthOf } from '../core/truth.ts';
import type { Expression } from '../expr/api.ts';
import type { Term } from '../vars/term.ts';
import type { YamlNode, YamlScalar } from '../yaml/node.ts';
import { unfoldTemplates } from './embedded.ts';
import type { Loading } from './loading.ts';
import { constantOf, isNothing, isTemplated, readExpression, readTerm } from './text.ts';

/** `a list`, `text`: what a node is, for messages. */
export function kindOf(node: YamlNode): string {
  if (node.kind === 'sequence') return 'a list';
  if (node.kind === 'mapping') return 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `"${shorten(node.value)}"` : node.text;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}...`;
}

export function wrongType(loading: Loading, node: YamlNode, what: string, expected: string, help?: string): undefined {
  loading.report.error('playbook/wrong-type', node.at, `${what} expects ${expected}, found ${kindOf(node)}`, help);
  return undefined;
}

/** A boolean as Ansible reads one; `yes`, `no`, `on` and `off` are only texts in YAML 1.2, so they draw a warning. */
export function booleanOf(loading: Loading, node: YamlNode): boolean | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  if (typeof node.value === 'boolean') return node.value;
  const value = truthOf(String(node.value));
  if (value !== undefined && typeof node.value === 'string') warnOfYaml11(loading, node, value);
  return value;
}

/** Says what a plain `yes` is in YAML 1.2, and what to write. */
export function warnOfYaml11(loading: Loading, node: YamlScalar, value: boolean): void {
  if (node.style !== 'plain') return;
  loading.report.warning(
    'args/yaml11-boolean',
    node.at,
    `"${node.text}" is text in YAML 1.2 and is read as ${value} here`,
    `Write ${value}`,
  );
}

export function booleanTerm(loading: Loading, node: YamlNode, what: string): Term | undefined {
  if (isTemplated(node)) return readTerm(loading, node);
  const value = booleanOf(loading, node);
  if (value === undefined) return wrongType(loading, node, what, 'true or false');
  return { kind: 'constant', value, at: node.at };
}

export function literalBoolean(loading: Loading, node: YamlNode, what: string): boolean | undefined {
  if (isTemplated(node)) return refuseTemplate(loading, node, what);
  const value = booleanOf(loading, node);
  return value ?? wrongType(loading, node, what, 'true or false');
}

/** A whole number, a number or a percentage; text that is one is one. */
export function numberTerm(
  loading: Loading,
  node: YamlNode,
  what: string,
  kind: 'integer' | 'number' | 'percentage',
): Term | undefined {
  if (isTemplated(node)) return readTerm(loading, node);
  const expected = { integer: 'a whole number', number: 'a number', percentage: 'a number or a percentage' }[kind];
  if (node.kind !== 'scalar') return wrongType(loading, node, what, expected);
  const { value } = node;
  if (typeof value === 'bigint') return constantOf(node);
  if (typeof value === 'number' && kind !== 'integer') return constantOf(node);
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^-?\d+$/.test(text)) return { kind: 'constant', value: BigInt(text), at: node.at };
    if (kind !== 'integer' && /^-?\d*\.\d+$/.test(text)) return { kind: 'constant', value: Number(text), at: node.at };
    if (kind === 'percentage' && /^\d+(\.\d+)?%$/.test(text)) return { kind: 'constant', value: text, at: node.at };
  }
  return wrongType(loading, node, what, expected);
}

/** One text; a number is its text as written. */
export function textTerm(loading: Loading, node: YamlNode, what: string): Term | undefined {
  if (isTemplated(node)) return readTerm(loading, node);
  if (node.kind !== 'scalar' || node.value === null) return wrongType(loading, node, what, 'text');
  return { kind: 'constant', value: typeof node.value === 'string' ? node.value : node.text, at: node.at };
}

/** A text that has to be known before anything runs. */
export function literalText(loading: Loading, node: YamlNode, what: string, help?: string): string | undefined {
  if (isTemplated(node)) return refuseTemplate(loading, node, what, help);
  if (node.kind !== 'scalar' || node.value === null || node.value === '') return wrongType(loading, node, what, 'text');
  return typeof node.value === 'string' ? node.value : node.text;
}

/** One of some words. */
export function literalWord<Word extends string>(
  loading: Loading,
  node: YamlNode,
  what: string,
  words: readonly Word[],
): Word | undefined {
  const text = literalText(loading, node, what);
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const list = words.map((word) => `"${word}"`).join(', ');
  loading.report.error(
    'playbook/unknown-value',
    node.at,
    `${what} expects one of ${list}, found "${text}"`,
    didYouMean(text, words),
  );
  return undefined;
}

/** One of some words, or a template that comes to one. */
export function wordTerm(loading: Loading, node: YamlNode, what: string, words: readonly string[]): Term | undefined {
  if (isTemplated(node)) return readTerm(loading, node);
  const value = literalWord(loading, node, what, words);
  return value === undefined ? undefined : { kind: 'constant', value, at: node.at };
}

/** Words of a list, or of one text that may have commas between them, each with its place. */
export function literalTexts(loading: Loading, node: YamlNode, what: string, commas = false): readonly Placed[] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (isNothing(item)) return [];
    if (what === 'tags' && isTemplated(item)) {
      const message = 'A tag that is computed cannot be selected: hlb knows tags before it knows variables';
      loading.report.warning('playbook/computed-keyword', item.at, message, 'Write the value itself');
      return [];
    }
    const text = literalText(loading, item, what);
    if (text === undefined) return [];
    const words = commas ? text.split(',').map((word) => word.trim()) : [text];
    return words.filter((word) => word !== '').map((word) => ({ text: word, at: item.at }));
  });
}

export interface Placed {
  readonly text: string;
  readonly at: Location;
}

/** Texts of a list or one text, each possibly computed. */
export function textTerms(loading: Loading, node: YamlNode, what: string): readonly Term[] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    if (isNothing(item)) return [];
    const term = textTerm(loading, item, what);
    return term === undefined ? [] : [term];
  });
}

/** Conditions of a list or a single one; all must hold. */
export function conditions(loading: Loading, node: YamlNode, what: string): readonly Expression[] {
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => condition(loading, item, what) ?? []);
}

/** One condition; braces around the whole are not needed and draw a warning. */
export function condition(loading: Loading, node: YamlNode, what: string): Expression | undefined {
  if (node.kind !== 'scalar') return wrongType(loading, node, what, 'a condition');
  // YAML 1.1 has more words for true and false, and Ansible reads them.
  const word = node.style === 'plain' && /^(yes|no|on|off)$/i.test(node.text) ? booleanOf(loading, node) : undefined;
  const text = word === undefined ? (typeof node.value === 'string' ? node.value : node.text) : String(word);
  if (node.value === null || text.trim() === '') {
    loading.report.error(
      'playbook/empty-condition',
      node.at,
      `${what} has no condition`,
      'Write one or remove the keyword',
    );
    return undefined;
  }
  const whole = /^(\s*\{\{-?)(.*?)-?\}\}\s*$/s.exec(text);
  const inner = whole?.[2];
  if (inner !== undefined && !/\{\{|\}\}|\{%/.test(inner)) {
    const offset = whole?.[1]?.length ?? 0;
    loading.report.warning(
      'playbook/templated-condition',
      node.at,
      `${what} is an expression already, braces are not needed`,
      `Write ${inner.trim()}`,
    );
    return readExpression(loading, inner, (from, to) => node.place(from + offset, to + offset));
  }
  if (/\{\{|\{%/.test(text)) {
    const unfolded = unfoldTemplates(text, node.place);
    const help = 'Name the variable without braces and quotes, such as x == y';
    if (unfolded === undefined) {
      const message = `${what} is an expression; outside of texts it cannot hold "{{ }}" or "{% %}"`;
      loading.report.error('playbook/template-in-condition', node.at, message, help);
      return undefined;
    }
    const message = `${what} is an expression; a text in it with "{{ }}" is what Ansible no longer wants`;
    loading.report.warning('playbook/template-in-condition', node.at, message, help);
    return readExpression(loading, unfolded.text, unfolded.place);
  }
  return readExpression(loading, text, node.place);
}

function refuseTemplate(loading: Loading, node: YamlNode, what: string, help = 'Write the value itself'): undefined {
  const message = `${what} has to be known before the play runs, it cannot be computed`;
  loading.report.error('playbook/computed-keyword', node.at, message, help);
  return undefined;
}

/** The text of a scalar key or value, as written where it is no text. */
export function scalarText(node: YamlScalar): string {
  return typeof node.value === 'string' ? node.value : node.text;
}
