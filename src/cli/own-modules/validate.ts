import { z } from 'zod';
import type { Module } from '../../module/define.ts';

const callable = z.custom<unknown>((value) => typeof value === 'function', 'Expected a function');
const schema = z.custom<unknown>(
  (value) => z.object({ shape: z.looseObject({}), safeParse: callable }).safeParse(value).success,
  'Expected an object of zod, such as z.strictObject({ … })',
);

/** As much of the contract as can be told from outside. */
const Shape = z.looseObject({
  name: z.string(),
  summary: z.string(),
  examples: z.array(z.string()).min(1, 'Expected an example at least'),
  aliases: z.array(z.string()).optional(),
  params: schema,
  returns: schema,
  convergence: callable,
  observe: callable,
  plan: callable,
  result: callable,
  needs: callable.optional(),
  disrupts: callable.optional(),
  fuses: z.boolean().optional(),
});

/** What keeps a value from being a module, for the person who wrote it; absent when it is one. */
export function problemOf(value: unknown): string | undefined {
  const read = Shape.safeParse(value);
  if (read.success) return undefined;
  const isMissing = (path: readonly PropertyKey[]): boolean => path.length === 1 && !has(value, path[0]);
  const missing = read.error.issues.filter(({ path }) => isMissing(path)).map(({ path }) => path.join('.'));
  const wrong = read.error.issues
    .filter(({ path }) => !isMissing(path))
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  return [...(missing.length === 0 ? [] : [`it lacks ${missing.join(', ')}`]), ...wrong].join('; ');
}

function has(value: unknown, key: PropertyKey | undefined): boolean {
  return typeof value === 'object' && value !== null && key !== undefined && key in value;
}

export function isModule(value: unknown): value is Module {
  return problemOf(value) === undefined;
}
