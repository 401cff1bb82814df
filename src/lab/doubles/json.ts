/** What JSON and YAML hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Reads JSON that another double wrote or that is to be checked: no claim on its shape. */
export function parseJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  return toJson(value);
}

/** Narrows what a parser gave; what JSON cannot hold becomes null. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJson(one)]));
  return null;
}

/** The value at a path, where there is one. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const step of path) {
    if (here === null || typeof here !== 'object') return undefined;
    here = isList(here) ? here[Number(step)] : here[String(step)];
  }
  return here;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return isList(found) ? found : [];
}

export function objectAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonObject {
  const found = at(value, ...path);
  return found !== undefined && found !== null && typeof found === 'object' && !isList(found) ? found : {};
}

/** The texts of a mapping: others are written as JSON. */
export function textsAt(
  value: Json | undefined,
  ...path: readonly (string | number)[]
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectAt(value, ...path)).map(([key, one]) => [
      key,
      typeof one === 'string' ? one : JSON.stringify(one),
    ]),
  );
}
