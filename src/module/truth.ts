import type { Json } from '../core/value.ts';

/** Truth as Python and Jinja2 see it: empty and zero are false. */
export function isTruthyJson(value: Json): boolean {
  if (value === null || typeof value !== 'object') return Boolean(value);
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}
