import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../core/value.ts';
import { aliasesOf, metaOf } from './arguments.ts';
import type { Module } from './define.ts';

/** JSON Schema, draft 7. */
export type JsonSchema = JsonObject;

/** One parameter as people write it: what the reference, the editor and completion know of it. */
export interface Parameter {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly default: Json | undefined;
  /** `list of text`, `"present" or "absent"`. */
  readonly type: string;
  /** Of a value that is no template. */
  readonly schema: JsonSchema;
}

/** Of a module or a guard. */
export function parametersOf({ params }: Pick<Module, 'params'>): readonly Parameter[] {
  const { properties = {}, required } = schemaOf(params);
  const names = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, field]) => {
    const { description, aliases: _, secret: __, expression: ___, ...schema } = isObject(field) ? field : {};
    const meta = metaOf(params.shape[name]);
    const fallback = JsonValue.safeParse(meta?.['default']);
    return {
      name,
      aliases: aliasesOf(params.shape[name]),
      description: typeof description === 'string' ? description : '',
      required: names.includes(name),
      secret: meta?.['secret'] === true,
      default: fallback.success ? fallback.data : undefined,
      type: typeText(schema),
      schema: withoutTypes(schema),
    };
  });
}

const JsonValue = z.json();

function schemaOf(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const written = writtenAs(z.globalRegistry.get(zodSchema));
      if (written === undefined) return;
      const { description } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, written, description === undefined ? {} : { description });
    },
  });
  // What `z.json()` defines of itself is not needed: that kind takes anything.
  const { $schema: _, definitions: __, ...rest }: JsonSchema = JSON.parse(JSON.stringify(made));
  return rest;
}

const anyScalar = ['string', 'number', 'boolean'];
const truth =
  '^\\s*([yY]|[yY][eE][sS]|[nN]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tT]|[fF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[01])\\s*$';

/** How values of a kind are written; `typeText` reads `kind` out of it again. */
function writtenAs(meta: Readonly<Record<string, unknown>> | undefined): JsonSchema | undefined {
  const item = meta?.['item'] instanceof z.ZodType ? schemaOf(meta['item']) : {};
  switch (meta?.['kind']) {
    case 'text':
      return { kind: 'text', type: anyScalar };
    case 'path':
      return { kind: 'path', type: 'string' };
    case 'bool':
      return {
        kind: 'true or false',
        anyOf: [{ type: 'boolean' }, { type: 'string', pattern: truth }, { enum: [0, 1] }],
      };
    case 'int':
      return intSchema(meta['min'], meta['max']);
    case 'float':
      return { kind: 'number', anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\s*[-+.0-9eE]+\\s*$' }] };
    case 'json':
      return { kind: 'any value' };
    case 'mode':
      return { kind: 'permission bits', type: ['string', 'integer'] };
    case 'expression':
      return { kind: 'expression', type: anyScalar };
    case 'list':
      return { kind: `list of ${typeText(item)}`, anyOf: [{ type: 'array', items: item }, { type: anyScalar }] };
    case 'list-or-one':
      return { kind: `list of ${typeText(item)}, or one`, anyOf: [{ type: 'array', items: item }, item] };
    case 'dict':
      return {
        kind: `mapping from names to ${typeText(item)}`,
        anyOf: [{ type: 'object', additionalProperties: item }, { type: 'string' }],
      };
    default:
      return undefined;
  }
}

function intSchema(min: unknown, max: unknown): JsonSchema {
  const from = typeof min === 'number' ? { minimum: min } : {};
  const to = typeof max === 'number' ? { maximum: max } : {};
  const range = `${'minimum' in from ? ` from ${from.minimum}` : ''}${'maximum' in to ? ` to ${to.maximum}` : ''}`;
  return {
    kind: `whole number${range}`,
    anyOf: [
      { type: 'integer', ...from, ...to },
      { type: 'string', pattern: '^\\s*[-+]?[0-9]+\\s*$' },
    ],
  };
}

/** What a person calls the values that a schema takes. */
function typeText(schema: JsonSchema): string {
  if (typeof schema['kind'] === 'string') return schema['kind'];
  if (Array.isArray(schema['enum'])) return either(schema['enum'].map((one) => JSON.stringify(one)));
  if ('const' in schema) return JSON.stringify(schema['const']);
  const parts = [schema['anyOf'], schema['oneOf']].flatMap((one) => (Array.isArray(one) ? one : [])).filter(isObject);
  if (parts.length > 0) return either([...new Set(parts.filter((part) => part['type'] !== 'null').map(typeText))]);
  if (schema['type'] === 'array')
    return `list of ${isObject(schema['items']) ? typeText(schema['items']) : 'any value'}`;
  if (schema['type'] === 'object') return objectText(schema);
  if (schema['type'] === 'string') return 'text';
  if (schema['type'] === 'boolean') return 'true or false';
  if (schema['type'] === 'number' || schema['type'] === 'integer') return 'number';
  return 'any value';
}

function objectText({ properties, additionalProperties }: JsonSchema): string {
  const names = isObject(properties) ? Object.keys(properties) : [];
  if (names.length > 0) return `mapping of ${names.map((name) => `\`${name}\``).join(', ')}`;
  return `mapping from names to ${isObject(additionalProperties) ? typeText(additionalProperties) : 'any value'}`;
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function withoutTypes(schema: JsonSchema): JsonSchema {
  const entries = Object.entries(schema).filter(([key, value]) => key !== 'kind' || typeof value !== 'string');
  return Object.fromEntries(entries.map(([key, value]): [string, Json] => [key, inside(value)]));
}

function inside(value: Json): Json {
  if (isObject(value)) return withoutTypes(value);
  return Array.isArray(value) ? value.map(inside) : value;
}

export function isObject(value: Json | undefined): value is JsonSchema {
  return value !== undefined && isJsonObject(value);
}
