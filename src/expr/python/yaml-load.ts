import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, parseAllDocuments } from 'yaml';
import { dictGet, keyIn } from '../runtime/dict.ts';
import { fail } from '../runtime/failure.ts';
import type { Val } from '../runtime/value.ts';
import { isDict, isList, tuple } from '../runtime/value.ts';
import { scalarKind, yamlBool, yamlFloat, yamlInteger } from './yaml-scalar.ts';
import { timestamp } from './yaml-time.ts';

/** What PyYAML's safe loader makes of a text: the types of YAML 1.1. */
export function loadYaml(text: string): Val {
  const documents = loadAllYaml(text);
  if (documents.length > 1)
    fail('value', `The text holds ${documents.length} YAML documents`, 'Read it with "from_yaml_all"');
  return documents[0] ?? null;
}

export function loadAllYaml(text: string): readonly Val[] {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: true,
    merge: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined)
      fail('value', `The text is not YAML: ${error.message.split('\n')[0]?.replace(/:$/, '') ?? ''}`);
    return valueOf(document.contents, document, new Set());
  });
}

function valueOf(node: unknown, document: Document, open: Set<unknown>): Val {
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target === undefined || open.has(target))
      return fail('value', `The YAML alias "*${node.source}" cannot be resolved`);
    return valueOf(target, document, open);
  }
  if (isScalar(node)) return scalarOf(node);
  open.add(node);
  const value = isSeq(node)
    ? node.items.map((item) => valueOf(item, document, open))
    : isMap(node)
      ? mapOf(node.items, document, open)
      : null;
  open.delete(node);
  return value;
}

function scalarOf(node: {
  readonly value: unknown;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
  readonly source?: string;
}): Val {
  const text =
    typeof node.value === 'string'
      ? node.value
      : node.value === null || node.value === undefined
        ? ''
        : JSON.stringify(node.value);
  if (node.tag?.endsWith(':str') === true) return text;
  const kind = node.type === 'PLAIN' || node.tag !== undefined ? scalarKind(text) : 'str';
  switch (kind) {
    case 'null':
      return null;
    case 'bool':
      return yamlBool(text);
    case 'int':
      return yamlInteger(text);
    case 'float':
      return yamlFloat(text);
    case 'timestamp':
      return timestamp(text);
    case 'merge':
    case 'value':
    case 'str':
    default:
      return text;
  }
}

function mapOf(pairs: readonly Pair[], document: Document, open: Set<unknown>): Val {
  const made = new Map<Val, Val>();
  const merged: ReadonlyMap<Val, Val>[] = [];
  for (const { key, value } of pairs) {
    const item = value === null ? null : valueOf(value, document, open);
    if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') {
      for (const one of isList(item) ? item : [item])
        merged.push(isDict(one) ? one : fail('value', 'A YAML merge key needs a mapping'));
      continue;
    }
    const name = key === null ? null : valueOf(key, document, open);
    const hashable = isList(name) ? tuple(name) : name;
    made.set(keyIn(made, hashable), item);
  }
  return withMerged(made, merged);
}

/** Merged entries come first and yield to what is written out. */
function withMerged(own: Map<Val, Val>, merged: readonly ReadonlyMap<Val, Val>[]): Map<Val, Val> {
  if (merged.length === 0) return own;
  const all = new Map<Val, Val>();
  for (const one of merged.toReversed()) for (const [key, item] of one) all.set(key, item);
  for (const [key, item] of own) all.set(dictGet(all, key) === undefined ? key : keyIn(all, key), item);
  return all;
}
