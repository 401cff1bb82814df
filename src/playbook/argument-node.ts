import { z } from 'zod';
import type { Json } from '../core/value.ts';
import type { YamlNode, YamlScalar } from '../yaml/node.ts';
import type { Loading } from './loading.ts';
import { hasTemplates } from './text.ts';
import { scalarText, warnOfYaml11 } from './values.ts';

/** The schema of one parameter. */
export type Schema = z.core.$ZodType;

const words: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/**
 * What a value means as an argument: `0644` keeps its text, since a mode is meant, and a plain `yes` is the boolean that
 * Ansible's YAML has there, with a warning.
 */
export function argumentNode(loading: Loading, node: YamlNode, schema: Schema): YamlNode {
  if (node.kind === 'scalar') return meantScalar(loading, node, schema);
  if (node.kind === 'sequence')
    return { ...node, items: node.items.map((item) => argumentNode(loading, item, schema)) };
  const entries = node.entries.map(({ key, value }) => ({ key, value: argumentNode(loading, value, schema) }));
  return { ...node, entries };
}

function meantScalar(loading: Loading, node: YamlScalar, schema: Schema): YamlScalar {
  if (node.style !== 'plain' || node.tag !== undefined) return node;
  if (/^0[0-7]+$/.test(node.text)) return { ...node, value: node.text, style: 'single' };
  const boolean = words.get(node.text);
  if (boolean === undefined) return node;
  // A word that the parameter itself knows, as `state: on` might be, is meant as that word.
  if (takesWord(schema, node.text)) return { ...node, value: node.text, style: 'single' };
  warnOfYaml11(loading, node, boolean);
  return { ...node, value: boolean, text: String(boolean) };
}

function takesWord(schema: Schema, word: string): boolean {
  const read = z.safeParse(schema, word);
  return read.success && read.data === word && !z.safeParse(schema, 'hlb: no such word').success;
}

/** A value without templates, as JSON; `undefined` where a part of it is only known later. */
export function literalOf(node: YamlNode): Json | undefined {
  if (hasTemplates(node) || isLocked(node)) return undefined;
  return jsonOf(node);
}

function isLocked(node: YamlNode): boolean {
  if (node.kind === 'scalar') return node.tag !== undefined && node.tag !== '!unsafe';
  return node.kind === 'sequence' ? node.items.some(isLocked) : node.entries.some((entry) => isLocked(entry.value));
}

function jsonOf(node: YamlNode): Json {
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  if (node.kind === 'sequence') return node.items.map(jsonOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [scalarText(key), jsonOf(value)]));
}
