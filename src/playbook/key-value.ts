import type { YamlScalar } from '../yaml/node.ts';

/** One `name=value` of an argument string, as scalars with their own places. */
export interface KeyValue {
  readonly key: YamlScalar;
  readonly value: YamlScalar;
}

export interface KeyValues {
  readonly pairs: readonly KeyValue[];
  /** What is no `name=value`; absent when there is nothing else. */
  readonly rest?: YamlScalar;
  /** A quote that is never closed. */
  readonly unclosed: boolean;
}

interface Token {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads Ansible's argument strings: `src=a dest="b c"`. Blanks inside quotes and templates do not part words.
 * Only names that `isOption` knows are options; other words are the rest.
 */
export function parseKeyValues(node: YamlScalar, isOption: (name: string) => boolean): KeyValues {
  const text = typeof node.value === 'string' ? node.value : node.text;
  const { tokens, unclosed } = tokenize(text);
  const pairs: KeyValue[] = [];
  const others: Token[] = [];
  for (const token of tokens) {
    const equals = /^([^\s='"{]+)=/.exec(text.slice(token.from, token.to));
    const name = equals?.[1];
    if (name !== undefined && !name.endsWith('\\') && isOption(name)) pairs.push(pairOf(node, text, token, name));
    else others.push(token);
  }
  const rest = restOf(node, text, others, pairs.length > 0);
  return { pairs, unclosed, ...(rest === undefined ? {} : { rest }) };
}

function tokenize(text: string): { readonly tokens: readonly Token[]; readonly unclosed: boolean } {
  const tokens: Token[] = [];
  let start: number | undefined;
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (quote === undefined && depth === 0 && /\s/.test(char)) {
      if (start !== undefined) tokens.push({ from: start, to: at });
      start = undefined;
      continue;
    }
    start ??= at;
    if (quote === undefined && (two === '{{' || two === '{%' || two === '{#')) depth++;
    else if (depth > 0 && (two === '}}' || two === '%}' || two === '#}')) depth--;
    else if (char === quote && text[at - 1] !== '\\') quote = undefined;
    else if (quote === undefined && depth === 0 && (char === '"' || char === "'") && text[at - 1] !== '\\')
      quote = char;
  }
  if (start !== undefined) tokens.push({ from: start, to: text.length });
  return { tokens, unclosed: quote !== undefined };
}

function pairOf(node: YamlScalar, text: string, token: Token, name: string): KeyValue {
  let from = token.from + name.length + 1;
  let to = token.to;
  const first = text[from];
  if ((first === '"' || first === "'") && to - from >= 2 && text[to - 1] === first) {
    from++;
    to--;
  }
  return { key: part(node, text, token.from, token.from + name.length), value: unescaped(part(node, text, from, to)) };
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Escapes count in `name=value`; where there are some, offsets no longer tell places inside of the value. */
function unescaped(node: YamlScalar): YamlScalar {
  if (!node.text.includes('\\')) return node;
  const value = node.text.replace(/\\([abfnrtv\\'"])/g, (_, letter: string) => escapes[letter] ?? letter);
  return { ...node, value, text: value, place: () => node.at };
}

function restOf(node: YamlScalar, text: string, tokens: readonly Token[], cut: boolean): YamlScalar | undefined {
  const [first] = tokens;
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (!cut) return node;
  const together = text.slice(first.from, last.to);
  const words = tokens.map((token) => text.slice(token.from, token.to));
  if (tokens.length === text.slice(first.from, last.to).split(/\s+/).length)
    return part(node, text, first.from, last.to);
  const joined = words.join(' ');
  return joined === together
    ? part(node, text, first.from, last.to)
    : { ...node, value: joined, text: joined, place: () => node.at };
}

/** A piece of a scalar as a scalar of its own. */
export function part(node: YamlScalar, text: string, from: number, to: number): YamlScalar {
  const value = text.slice(from, to);
  return {
    kind: 'scalar',
    value,
    text: value,
    style: 'double',
    at: node.place(from, to),
    place: (start, end) => node.place(start + from, end + from),
  };
}
