import { z } from 'zod';
import { pythonText } from '../core/python-text.ts';
import { type ModeSpec, modeProblem, parseMode } from './mode.ts';

/**
 * Kinds of parameters, and how loosely a value may be written. A template that is mixed text yields text, so each kind
 * also takes the text of what it means, as Ansible does.
 */

/** What `.meta()` of a kind says: how values are written (params-schema.ts). */
export type Kind =
  | { readonly kind: 'text' | 'path' | 'bool' | 'float' | 'json' | 'mode' | 'expression' }
  | { readonly kind: 'int'; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly kind: 'list' | 'list-or-one' | 'dict'; readonly item: z.ZodType };

function kind<S extends z.ZodType>(schema: S, meta: Kind): S {
  return schema.meta({ ...meta });
}

/** What a field says about itself beside its schema. */
export interface FieldMeta {
  /** Other names that Ansible accepts for it; `canonicalArguments` renames them. */
  readonly aliases?: readonly string[];
  /** Its values are registered with the redactor. */
  readonly secret?: boolean;
  /** Texts are bare expressions: the engine evaluates them and passes `{ expression, value, defined }`. */
  readonly expression?: boolean;
}

const missing = 'Required';

function expected(what: string): (issue: { readonly input?: unknown }) => string {
  return (issue) => (issue.input === undefined ? missing : `Expected ${what}`);
}

/** Text; every other value becomes what Python prints of it. */
export function text() {
  const schema = z
    .union([z.string(), z.number(), z.boolean(), z.array(z.json()), z.record(z.string(), z.json())], {
      error: expected('text'),
    })
    .transform((value) => pythonText(value));
  return kind(schema, { kind: 'text' });
}

/** Text where a list or mapping would mean something else. */
export function singleText() {
  const schema = z
    .union([z.string(), z.number(), z.boolean()], { error: expected('text') })
    .transform((value) => pythonText(value));
  return kind(schema, { kind: 'text' });
}

/** Text with at least one character that is not a blank. */
export function filledText(what = 'text that is not empty') {
  return text().refine((value) => value.trim() !== '', { error: `Expected ${what}` });
}

/** A path on the host; `~` and `~user` at its start are the host's homes. */
export function path() {
  const schema = z
    .string({ error: expected('a path') })
    .refine((value) => value !== '', { error: 'Expected a path, found empty text' })
    .refine((value) => !value.includes('\0'), { error: 'A path cannot hold a NUL character' });
  return kind(schema, { kind: 'path' });
}

const truths: Readonly<Record<string, boolean>> = {
  yes: true,
  no: false,
  on: true,
  off: false,
  true: true,
  false: false,
  t: true,
  f: false,
  y: true,
  n: false,
  '1': true,
  '0': false,
};

/** A boolean, or one of the texts and numbers that Ansible takes for one. */
export function bool() {
  const schema = z
    .union([z.boolean(), z.number(), z.string()], { error: expected('true or false') })
    .transform((value, context) => {
      if (typeof value === 'boolean') return value;
      const found = truths[String(value).trim().toLowerCase()];
      if (found !== undefined) return found;
      context.addIssue({ code: 'custom', message: `Expected true or false, found "${value}"` });
      return z.NEVER;
    });
  return kind(schema, { kind: 'bool' });
}

function numberOf(what: string, pattern: RegExp) {
  return z.union([z.number(), z.string()], { error: expected(what) }).transform((value, context) => {
    const written = String(value).trim();
    if (pattern.test(written)) return Number(written);
    context.addIssue({ code: 'custom', message: `Expected ${what}, found "${value}"` });
    return z.NEVER;
  });
}

/** A whole number, or its decimal text. */
export function int(range: { readonly min?: number; readonly max?: number } = {}) {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  const what =
    range.min === undefined
      ? 'a whole number'
      : range.max === undefined
        ? `a whole number of at least ${min}`
        : `a whole number from ${min} to ${max}`;
  const schema = numberOf(what, /^[+-]?\d+$/).refine((value) => value >= min && value <= max, {
    error: `Expected ${what}`,
  });
  return kind(schema, { kind: 'int', min: range.min, max: range.max });
}

/** A number, or its decimal text. */
export function float() {
  return kind(numberOf('a number', /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/), { kind: 'float' });
}

/** One of some words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: (issue) =>
      issue.input === undefined ? missing : `Expected one of ${words.map((word) => `"${word}"`).join(', ')}`,
  });
}

/** A list; text is split at its commas, another single value is a list of one. */
export function list<Item extends z.ZodType>(item: Item) {
  const schema = z
    .union([z.array(z.unknown()), z.string(), z.number(), z.boolean()], { error: expected('a list') })
    .transform((value): unknown[] => {
      if (Array.isArray(value)) return value;
      if (typeof value !== 'string') return [value];
      return value === '' ? [] : value.split(',').map((part) => part.trim());
    })
    .pipe(z.array(item));
  return kind(schema, { kind: 'list', item });
}

/** A list whose single text may hold commas of its own. */
export function listOrOne<Item extends z.ZodType>(item: Item) {
  const schema = z
    .unknown()
    .transform((value): unknown[] => (Array.isArray(value) ? value : [value]))
    .pipe(z.array(item));
  return kind(schema, { kind: 'list-or-one', item });
}

/** Any value. */
export function json() {
  return kind(z.json({ error: expected('a value') }), { kind: 'json' });
}

/** A mapping from names to values of one kind; JSON text and `a=b, c=d` are read as one. */
export function dict<Item extends z.ZodType>(item: Item) {
  const schema = z
    .union([z.record(z.string(), z.unknown()), z.string()], { error: expected('a mapping') })
    .transform((value, context): Record<string, unknown> => {
      if (typeof value !== 'string') return value;
      const read = mappingFromText(value);
      if (read !== undefined) return read;
      context.addIssue({
        code: 'custom',
        message: 'Expected a mapping, found text that is neither JSON nor "name=value"',
      });
      return z.NEVER;
    })
    .pipe(z.record(z.string(), item));
  return kind(schema, { kind: 'dict', item });
}

function mappingFromText(written: string): Record<string, unknown> | undefined {
  if (written.trim() === '') return {};
  const parsed = z.record(z.string(), z.unknown()).safeParse(jsonOf(written));
  if (parsed.success) return parsed.data;
  const pairs = written.split(/\s*,\s*/).map((part) => /^([^=]+)=(.*)$/s.exec(part.trim()));
  const entries = pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const]));
  return entries.length === pairs.length ? Object.fromEntries(entries) : undefined;
}

function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** Permission bits as octal text (`"0644"`) or in chmod's symbolic form; with `preserve` also that word. */
export function mode(options: { readonly preserve?: boolean } = {}) {
  const schema = z
    .union([z.string(), z.number()], { error: expected('octal text such as "0644"') })
    .transform((value, context): ModeSpec => {
      const problem = modeProblem(value, options.preserve ?? false);
      if (problem === undefined) return parseMode(String(value));
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    });
  return kind(schema, { kind: 'mode' });
}

/** A bare expression, evaluated: mark its field with `{ expression: true }`. */
export interface Evaluated {
  readonly expression: string;
  readonly value: z.core.util.JSONType;
  /** False where a variable in it is not defined; `value` is null then. */
  readonly defined: boolean;
}

/** As a person writes it, before the engine evaluates it, it is just text. */
export function expression() {
  const schema = z
    .union([singleText(), z.strictObject({ expression: z.string(), value: z.json(), defined: z.boolean() })], {
      error: expected('an expression'),
    })
    .transform(
      (value): Evaluated => (typeof value === 'string' ? { expression: value, value: null, defined: false } : value),
    );
  return kind(schema, { kind: 'expression' });
}

/** A field that must be given. */
export function required<S extends z.ZodType>(schema: S, description: string, meta: FieldMeta = {}): S {
  return schema.meta({ ...schema.meta(), description, ...meta });
}

/** A field that may be left out; null stands for that too. */
export function optional<S extends z.ZodType>(schema: S, description: string, meta: FieldMeta = {}) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .meta({ description, ...meta });
}

/** A field with a value where it is left out or null. */
export function withDefault<S extends z.ZodType>(
  schema: S,
  value: z.output<S>,
  description: string,
  meta: FieldMeta = {},
) {
  return schema
    .nullish()
    .transform((given) => given ?? value)
    .meta({ description, default: value, ...meta });
}
