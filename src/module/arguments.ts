import type { z } from 'zod';
import type { Json, JsonObject } from '../core/value.ts';

/** A module or a guard: what takes arguments by name. */
export interface Parameterized {
  readonly params: z.ZodObject;
}

/** The field of a module that an argument's name stands for: itself, or the field that has it among its aliases. */
export function parameterName(module: Parameterized, argument: string): string {
  const { shape } = module.params;
  if (Object.hasOwn(shape, argument)) return argument;
  const found = Object.entries(shape).find(([, field]) => aliasesOf(field).includes(argument));
  return found?.[0] ?? argument;
}

/** Other names of a field (`.meta({ aliases })`). */
export function aliasesOf(field: unknown): readonly string[] {
  const aliases = metaOf(field)?.['aliases'];
  return Array.isArray(aliases) ? aliases.filter((one) => typeof one === 'string') : [];
}

type Meta = Readonly<Record<string, unknown>>;

/** Schemas do not change, and each call of a task asks several times for each field, which zod puts together anew. */
const metas = new WeakMap<z.ZodType, { readonly meta: Meta | undefined }>();

/** What `.meta()` says of a field. */
export function metaOf(field: unknown): Meta | undefined {
  if (!isSchema(field)) return undefined;
  const known = metas.get(field);
  if (known !== undefined) return known.meta;
  const meta = field.meta();
  metas.set(field, { meta });
  return meta;
}

function isSchema(field: unknown): field is z.ZodType {
  return typeof field === 'object' && field !== null && 'meta' in field && typeof field.meta === 'function';
}

/**
 * Arguments under the names of the fields, ready for `module.params`. Where several names of one field stand, the last
 * of its aliases wins, as in Ansible.
 */
export function canonicalArguments(module: Parameterized, args: JsonObject): JsonObject {
  const rank = (name: string): number => aliasesOf(module.params.shape[parameterName(module, name)]).indexOf(name);
  const entries = Object.entries(args).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([name, value]): [string, Json] => [parameterName(module, name), value]));
}
