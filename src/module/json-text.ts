import type { Json } from '../core/value.ts';

/** JSON as Python's `json.dumps` writes it: blanks after `,` and `:`, nothing but ASCII. */
export function jsonText(value: Json): string {
  if (typeof value === 'string') return ascii(JSON.stringify(value));
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${ascii(JSON.stringify(key))}: ${jsonText(item)}`)
    .join(', ')}}`;
}

function ascii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
