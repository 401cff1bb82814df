import { isObject, type JsonSchema } from '../../module/params-schema.ts';
import type { KeywordType } from '../keywords.ts';

/** JSON Schema of what may stand behind a key. A schema accepts whatever the checker accepts, and is no stricter. */

export const template: JsonSchema = { type: 'string', pattern: '\\{\\{|\\{%' };
export const nothing: JsonSchema = { type: 'null' };
const scalar: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
const truthWords = '[yY]([eE][sS])?|[nN][oO]?|[oO][nN]|[oO][fF][fF]|[tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[01]';
const truth: JsonSchema = {
  anyOf: [{ type: 'boolean' }, { type: 'string', pattern: `^\\s*(${truthWords})\\s*$` }, { enum: [0, 1] }],
};
const whole: JsonSchema = { anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^\\s*-?[0-9]+\\s*$' }] };
const decimal: JsonSchema = {
  anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\s*-?[0-9]*\\.?[0-9]+\\s*$' }],
};
const share = anyOf(decimal, { type: 'string', pattern: '^\\s*[0-9]+(\\.[0-9]+)?%\\s*$' });

/** Alternatives, flat. */
export function anyOf(...schemas: readonly JsonSchema[]): JsonSchema {
  return {
    anyOf: schemas.flatMap((one) => {
      const inner = one['anyOf'];
      return Array.isArray(inner) && Object.keys(one).length === 1 ? inner.filter(isObject) : [one];
    }),
  };
}

export function oneOrList(item: JsonSchema): JsonSchema {
  return anyOf(item, { type: 'array', items: item });
}

/** Hosts of a batch: numbers and percentages, one or a list. */
export const batch: JsonSchema = oneOrList(anyOf(share, template, nothing));

/** `values` are the only words, where there are such. */
export function valueSchema(type: KeywordType, values?: readonly string[]): JsonSchema {
  const word: JsonSchema = values === undefined ? scalar : { enum: [...values, null] };
  switch (type) {
    case 'text':
      return values === undefined ? scalar : anyOf(word, template);
    case 'boolean':
      return anyOf(truth, template, nothing);
    case 'integer':
      return anyOf(whole, template, nothing);
    case 'number':
      return anyOf(decimal, template, nothing);
    case 'percentage':
      return anyOf(share, template, nothing);
    case 'conditions':
    case 'texts':
      return oneOrList(scalar);
    case 'literal-boolean':
      return anyOf(truth, nothing);
    case 'literal-text':
      return word;
    case 'literal-texts':
      return oneOrList(word);
    case 'variables':
      return { type: ['object', 'null'] };
    case 'mapping':
      return { type: ['object', 'null', 'string', 'array'] };
    case 'list':
      return { type: ['array', 'string', 'number', 'boolean', 'null'] };
    case 'entries':
      return anyOf({ type: 'array', items: { $ref: '#/definitions/entry' } }, nothing);
    case 'refused':
      return { not: {} };
    case 'anything':
      return {};
  }
}

/** The same schema, a template allowed in place of the whole and of each part of it. */
export function withTemplates(schema: JsonSchema): JsonSchema {
  const { description, default: fallback, ...rest } = schema;
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
  const parts = rest['anyOf'];
  if (Array.isArray(parts)) {
    const alternatives = parts.map((one) => (isObject(one) ? withTemplates(one) : one)).filter(isObject);
    return { ...about, ...anyOf(...alternatives) };
  }
  const inner = withInnerTemplates(rest);
  return takesAnyText(inner) ? { ...about, ...inner } : { ...about, ...anyOf(inner, template) };
}

function withInnerTemplates(schema: JsonSchema): JsonSchema {
  const { items, properties, additionalProperties } = schema;
  return {
    ...schema,
    ...(isObject(items) ? { items: withTemplates(items) } : {}),
    ...(isObject(additionalProperties) ? { additionalProperties: withTemplates(additionalProperties) } : {}),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, isObject(one) ? withTemplates(one) : one]),
          ),
        }
      : {}),
  };
}

function takesAnyText(schema: JsonSchema): boolean {
  if (Object.keys(schema).length === 0) return true;
  const type = schema['type'];
  const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
  return isText && !('pattern' in schema) && !('enum' in schema);
}
