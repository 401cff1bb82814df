import { z } from 'zod';
import type { Value } from '../../core/value.ts';
import {
  boolean,
  integer,
  listOf,
  listWith,
  type Type,
  text,
  typeOfValue,
  unionOf,
  unknown,
} from '../../expr/types/type.ts';
import type { Term } from '../../vars/term.ts';

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

const known = new WeakMap<Term, Type>();
const nothing = (): Type => unknown;

/** Of a term as written; what is computed in it is asked of `computed`. The same term may be asked for in every play. */
export function typeOfTerm(term: Term, computed: (term: Term) => Type = nothing): Type {
  const isFixed = term.kind === 'constant' || computed === nothing;
  const before = isFixed ? known.get(term) : undefined;
  if (before !== undefined) return before;
  const type = readTerm(term, computed);
  if (isFixed) known.set(term, type);
  return type;
}

function readTerm(term: Term, computed: (term: Term) => Type): Type {
  if (term.kind === 'constant') return isBroken(term.value) ? unknown : typeOfValue(term.value);
  if (term.kind === 'list') return listWith(term.items.map((item) => typeOfTerm(item, computed)));
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
