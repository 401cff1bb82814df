/**
 * The values that playbooks, inventories and templates compute with, as exact as Python's.
 *
 * - an integer is a `bigint`, a float is a `number`: `1` and `1.0` stay apart, as they do in Ansible;
 * - a mapping is a `Map`: it keeps the order of insertion, takes keys that are not strings, and has no prototype.
 *
 * Module parameters and results are `Json` (plain objects, plain numbers); `toJson` and `fromJson` cross that border.
 */
export type Value = null | boolean | bigint | number | string | readonly Value[] | Mapping;
export type Mapping = ReadonlyMap<Value, Value>;

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isMapping(value: unknown): value is Mapping {
  return value instanceof Map;
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** Integers become `bigint`, other numbers stay floats. */
export function fromJson(json: Json): Value {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (json === null || typeof json !== 'object') return json;
  if (isJsonList(json)) return json.map(fromJson);
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
}

/** Keys become strings as JSON has no others; an integer beyond 2^53 becomes its decimal string rather than a wrong number. */
export function toJson(value: Value): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value === null || typeof value !== 'object') return value;
  if (isMapping(value)) {
    return Object.fromEntries([...value].map(([key, item]) => [keyText(key), toJson(item)]));
  }
  return value.map(toJson);
}

export function isJsonObject(json: Json): json is JsonObject {
  return json !== null && typeof json === 'object' && !isJsonList(json);
}

function isJsonList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

/** How Python's json module writes a key that is not a string. */
function keyText(key: Value): string {
  return typeof key === 'string' ? key : JSON.stringify(toJson(key));
}
