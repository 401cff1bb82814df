import { z } from 'zod';
import type { Json } from '../core/value.ts';
import type { Parameterized } from '../module/arguments.ts';

/** Stands for a text that is only known later. */
export const unknownText = 'hlb-not-known-yet';

/** What a value that is only known later might be: the first of these whose values the parameter all takes. */
const stands: readonly (readonly Json[])[] = [[unknownText], [true, false], [1], ['0644'], [[]], [{}]];

/** More than this many ways are not looked at. */
const manyCases = 64;

/** One argument: its value, or that it is only known later, and may then even be left out (`default(omit)`). */
export type Possible = { readonly value: Json } | { readonly mayBeOmitted: boolean };

/**
 * Every way that the arguments of a module may turn out, as far as it matters to what the module demands of several
 * parameters together. None where they are too many, or where nothing can stand for a value.
 */
export function possibleCases(
  module: Parameterized,
  args: ReadonlyMap<string, Possible>,
): readonly Readonly<Record<string, Json>>[] {
  let cases: readonly Readonly<Record<string, Json>>[] = [{}];
  for (const [name, argument] of args) {
    const schema: z.core.$ZodType | undefined = module.params.shape[name];
    const values = 'value' in argument ? [argument.value] : standsFor(schema);
    const given = values.flatMap((value) => cases.map((one) => ({ ...one, [name]: value })));
    cases = 'mayBeOmitted' in argument && argument.mayBeOmitted ? [...given, ...cases] : given;
    if (cases.length > manyCases) return [];
  }
  return cases;
}

function standsFor(schema: z.core.$ZodType | undefined): readonly Json[] {
  if (schema === undefined) return [unknownText];
  const words = wordsOf(schema);
  if (words !== undefined) return words;
  return stands.find((values) => values.every((value) => z.safeParse(schema, value).success)) ?? [];
}

/** The words of a parameter that is one of some: each of them may come. */
function wordsOf(schema: z.core.$ZodType): readonly string[] | undefined {
  if (schema instanceof z.ZodEnum) return schema.options.filter((word) => typeof word === 'string');
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return wordsOf(schema.def.innerType);
  }
  return schema instanceof z.ZodPipe ? wordsOf(schema.def.in) : undefined;
}
