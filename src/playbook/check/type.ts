import { z } from 'zod';
import { isList, isMapping, type Value } from '../../core/value.ts';
import type { Term } from '../../vars/term.ts';

/** What is known of a value before anything runs; `unknown` on top. */
export type Type =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' | 'boolean' | 'integer' | 'float' | 'text' }
  | { readonly kind: 'list'; readonly item: Type }
  /** `open`: it may have other fields too. */
  | { readonly kind: 'mapping'; readonly fields: ReadonlyMap<string, Type>; readonly open: boolean }
  | { readonly kind: 'union'; readonly of: readonly Type[] };

export const unknown: Type = { kind: 'unknown' };
export const text: Type = { kind: 'text' };
export const integer: Type = { kind: 'integer' };
export const boolean: Type = { kind: 'boolean' };

export function listOf(item: Type): Type {
  return { kind: 'list', item };
}

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

/** Of a schema of what a module returns. */
export function typeOfSchema(schema: z.core.$ZodType): Type {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]): [string, Type] => [name, typeOfSchema(field)]);
    const { catchall } = schema.def;
    return {
      kind: 'mapping',
      fields: new Map(fields),
      open: catchall !== undefined && !(catchall instanceof z.ZodNever),
    };
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly) {
    return typeOfSchema(schema.def.innerType);
  }
  if (schema instanceof z.ZodNullable) return unionOf([typeOfSchema(schema.def.innerType), { kind: 'none' }]);
  if (schema instanceof z.ZodArray) return listOf(typeOfSchema(schema.def.element));
  if (schema instanceof z.ZodRecord) return { kind: 'mapping', fields: new Map(), open: true };
  if (schema instanceof z.ZodUnion) return unionOf(schema.def.options.map(typeOfSchema));
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return text;
  if (schema instanceof z.ZodNumber) return schema.isInt ? integer : { kind: 'float' };
  if (schema instanceof z.ZodBoolean) return boolean;
  if (schema instanceof z.ZodLiteral) return unionOf([...schema.values].map(typeOfLiteral));
  return unknown;
}

function typeOfLiteral(value: unknown): Type {
  if (typeof value === 'string') return text;
  if (typeof value === 'boolean') return boolean;
  if (typeof value === 'number') return Number.isInteger(value) ? integer : { kind: 'float' };
  return value === null ? { kind: 'none' } : unknown;
}

export function typeOfValue(value: Value): Type {
  if (isMapping(value)) {
    const keys = [...value.keys()];
    const fields = [...value].flatMap(([key, item]): [string, Type][] =>
      typeof key === 'string' ? [[key, typeOfValue(item)]] : [],
    );
    return { kind: 'mapping', fields: new Map(fields), open: keys.some((key) => typeof key !== 'string') };
  }
  if (isList(value)) return listOf(unionOf(value.map(typeOfValue)));
  if (value === null) return { kind: 'none' };
  if (typeof value === 'bigint') return integer;
  if (typeof value === 'number') return { kind: 'float' };
  return typeof value === 'string' ? text : boolean;
}

/** Of a term as written; what is computed in it is asked of `computed`. */
export function typeOfTerm(term: Term, computed: (term: Term) => Type = () => unknown): Type {
  if (term.kind === 'constant') return isBroken(term.value) ? unknown : typeOfValue(term.value);
  if (term.kind === 'list') return listOf(unionOf(term.items.map((item) => typeOfTerm(item, computed))));
  if (term.kind !== 'mapping') return computed(term);
  const fields = new Map<string, Type>();
  let open = false;
  for (const { key, value } of term.entries) {
    if (key.kind === 'constant' && typeof key.value === 'string') fields.set(key.value, typeOfTerm(value, computed));
    else open = true;
  }
  return { kind: 'mapping', fields, open };
}

/** The text of a template that could not be read, which was reported. */
function isBroken(value: Value): boolean {
  return typeof value === 'string' && (value.includes('{{') || value.includes('{%'));
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
