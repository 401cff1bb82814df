import { OMIT } from '../api.ts';
import { compareText, order } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { floatText } from '../runtime/float-text.ts';
import { known } from '../runtime/force.ts';
import { momentText } from '../runtime/moment.ts';
import { typeName } from '../runtime/type-name.ts';
import { type Dict, isDict, isList, type List, type Val } from '../runtime/value.ts';

export interface JsonStyle {
  /** What one level is moved in by; all in one line without it. */
  readonly indent: string | undefined;
  readonly sortKeys: boolean;
  /** Write everything beyond ASCII as `\uXXXX`. */
  readonly ascii: boolean;
  readonly itemSeparator: string;
  readonly keySeparator: string;
}

/** Python's `json.dumps`. */
export function dumpJson(value: Val, style: JsonStyle): string {
  return write(value, style, '');
}

function write(given: Val, style: JsonStyle, margin: string): string {
  const value = known(given);
  if (typeof value === 'string') return quoted(value, style.ascii);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return floatJson(value);
  if (value === null) return 'null';
  if (isList(value)) return writeList(value, style, margin);
  if (isDict(value)) return writeDict(value, style, margin);
  if (value.kind === 'moment') return quoted(momentText(value, 'T'), style.ascii);
  return fail('type', `A ${typeName(value)} cannot be written as JSON`);
}

function floatJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return floatText(value);
}

function writeList(items: List, style: JsonStyle, margin: string): string {
  const inner = margin + (style.indent ?? '');
  return framed(
    '[',
    ']',
    items.filter((item) => item !== OMIT).map((item) => write(item, style, inner)),
    style,
    margin,
  );
}

function writeDict(dict: Dict, style: JsonStyle, margin: string): string {
  const inner = margin + (style.indent ?? '');
  const entries = [...dict].filter(([, item]) => item !== OMIT);
  if (style.sortKeys)
    entries.sort(([a], [b]) => (typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : order(a, b)));
  const rows = entries.map(
    ([key, item]) => quoted(keyText(key), style.ascii) + style.keySeparator + write(item, style, inner),
  );
  return framed('{', '}', rows, style, margin);
}

function framed(open: string, close: string, rows: readonly string[], style: JsonStyle, margin: string): string {
  if (rows.length === 0) return open + close;
  if (style.indent === undefined) return open + rows.join(style.itemSeparator) + close;
  const line = `\n${margin}${style.indent}`;
  return `${open}${line}${rows.join(style.itemSeparator.trimEnd() + line)}\n${margin}${close}`;
}

function keyText(given: Val): string {
  const key = known(given);
  if (typeof key === 'string') return key;
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (key === null) return 'null';
  if (typeof key === 'bigint') return key.toString();
  return typeof key === 'number' ? floatJson(key) : fail('type', `A ${typeName(key)} cannot be a key in JSON`);
}

/** Escapes what JSON must escape, and everything beyond ASCII where asked; surrogate pairs stay pairs. */
export function quoted(text: string, ascii: boolean): string {
  const pattern = ascii ? /["\\\x00-\x1f\x7f-\uffff]/g : /["\\\x00-\x1f]/g;
  const escaped = text.replaceAll(pattern, (char) => {
    const short = shorts.get(char);
    if (short !== undefined) return short;
    return char === '\x7f' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

const shorts: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
