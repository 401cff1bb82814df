import { isList, isMapping, type Value } from '../../core/value.ts';

/** What is known of a value before anything runs; `unknown` on top. */
export type Type =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' | 'boolean' | 'integer' | 'float' | 'text' }
  /** `items`: all that are in it, where it is written out and short. */
  | { readonly kind: 'list'; readonly item: Type; readonly items?: readonly Type[] }
  /** `open`: it may have other fields too. */
  | { readonly kind: 'mapping'; readonly fields: ReadonlyMap<string, Type>; readonly open: boolean }
  | { readonly kind: 'union'; readonly of: readonly Type[] };

/** Types of variables, as a task sees them. */
export type TypeOfName = (name: string) => Type;

export const unknown: Type = { kind: 'unknown' };
export const text: Type = { kind: 'text' };
export const integer: Type = { kind: 'integer' };
export const float: Type = { kind: 'float' };
export const boolean: Type = { kind: 'boolean' };

export function listOf(item: Type): Type {
  return { kind: 'list', item };
}

/** A list that is written out. */
export function listWith(items: readonly Type[]): Type {
  const item = unionOf(items);
  return items.length > manyItems ? { kind: 'list', item } : { kind: 'list', item, items };
}

const manyItems = 100;

export function mappingOf(fields: Readonly<Record<string, Type>>, open = false): Type {
  return { kind: 'mapping', fields: new Map(Object.entries(fields)), open };
}

/** Any of these; `unknown` when one of them is. */
export function unionOf(types: readonly Type[]): Type {
  const all = types.flatMap((type) => (type.kind === 'union' ? type.of : [type]));
  const flat = [...new Map(all.map((type) => [isSimple(type) ? type.kind : type, type])).values()];
  const [first] = flat;
  if (first === undefined || flat.some((type) => type.kind === 'unknown')) return unknown;
  return flat.length === 1 ? first : { kind: 'union', of: flat };
}

function isSimple(type: Type): boolean {
  return type.kind !== 'list' && type.kind !== 'mapping' && type.kind !== 'union';
}

export function typeOfValue(value: Value): Type {
  if (isMapping(value)) {
    const keys = [...value.keys()];
    const fields = [...value].flatMap(([key, item]): [string, Type][] =>
      typeof key === 'string' ? [[key, typeOfValue(item)]] : [],
    );
    return { kind: 'mapping', fields: new Map(fields), open: keys.some((key) => typeof key !== 'string') };
  }
  if (isList(value)) return listWith(value.map(typeOfValue));
  if (value === null) return { kind: 'none' };
  if (typeof value === 'bigint') return integer;
  if (typeof value === 'number') return { kind: 'float' };
  return typeof value === 'string' ? text : boolean;
}

/** What is in a list. */
export function elementOf(type: Type): Type {
  if (type.kind === 'list') return type.item;
  return type.kind === 'union' ? unionOf(type.of.map(elementOf)) : unknown;
}

/** `a list`, `text`: for messages. */
export function typeName(type: Type): string {
  const names = {
    unknown: 'anything',
    none: 'nothing',
    boolean: 'a boolean',
    integer: 'a whole number',
    float: 'a number',
    text: 'text',
    list: 'a list',
    mapping: 'a mapping',
  } as const;
  return type.kind === 'union' ? [...new Set(type.of.map(typeName))].join(' or ') : names[type.kind];
}
