import type { Value } from '../core/value.ts';
import { type Cursor, match, space, take } from './cursor.ts';
import { pythonString } from './python-string.ts';

/**
 * What Python's `ast.literal_eval` makes of a text, which is how Ansible types the values of INI inventories; absent
 * where Python refuses it, and Ansible then keeps the text. Tuples and sets become lists, bytes a text; complex numbers
 * are refused.
 */
export function pythonLiteral(text: string): Value | undefined {
  const cursor: Cursor = { text: text.replace(/^[ \t]+/, ''), at: 0 };
  const value = items(cursor);
  space(cursor);
  const ended = cursor.at === cursor.text.length || cursor.text[cursor.at] === '#';
  return ended ? value : undefined;
}

/** `1, 2` without brackets is a tuple, `1` is itself. */
function items(cursor: Cursor): Value | undefined {
  const first = expression(cursor);
  if (first === undefined || !take(cursor, ',')) return first;
  const values = [first];
  for (space(cursor); !/^(?:[)#]|$)/.test(cursor.text.slice(cursor.at)); space(cursor)) {
    const value = expression(cursor);
    if (value === undefined) return undefined;
    values.push(value);
    if (!take(cursor, ',')) break;
  }
  return values;
}

function expression(cursor: Cursor): Value | undefined {
  space(cursor);
  switch (cursor.text[cursor.at] ?? '') {
    case '[':
      return list(cursor);
    case '(':
      return parenthesized(cursor);
    case '{':
      return braces(cursor);
    case '-':
    case '+':
      return signed(cursor);
    default:
      return pythonString(cursor) ?? number(cursor) ?? word(cursor);
  }
}

function list(cursor: Cursor): Value | undefined {
  take(cursor, '[');
  const values: Value[] = [];
  while (!take(cursor, ']')) {
    const value = expression(cursor);
    if (value === undefined) return undefined;
    values.push(value);
    if (!take(cursor, ',')) return take(cursor, ']') ? values : undefined;
  }
  return values;
}

function parenthesized(cursor: Cursor): Value | undefined {
  take(cursor, '(');
  if (take(cursor, ')')) return [];
  const value = items(cursor);
  return take(cursor, ')') ? value : undefined;
}

/** A dict where a colon follows the first item, otherwise a set. */
function braces(cursor: Cursor): Value | undefined {
  take(cursor, '{');
  if (take(cursor, '}')) return new Map();
  const first = expression(cursor);
  if (first === undefined) return undefined;
  return take(cursor, ':') ? dict(cursor, first) : set(cursor, first);
}

function dict(cursor: Cursor, firstKey: Value): Value | undefined {
  const entries = new Map<Value, Value>();
  for (let key: Value | undefined = firstKey; key !== undefined; ) {
    const value = expression(cursor);
    if (value === undefined) return undefined;
    entries.set(key, value);
    if (!take(cursor, ',')) return take(cursor, '}') ? entries : undefined;
    if (take(cursor, '}')) return entries;
    key = expression(cursor);
    if (!take(cursor, ':')) return undefined;
  }
  return undefined;
}

function set(cursor: Cursor, first: Value): Value | undefined {
  const values = new Set([first]);
  while (take(cursor, ',')) {
    if (take(cursor, '}')) return [...values];
    const value = expression(cursor);
    if (value === undefined) return undefined;
    values.add(value);
  }
  return take(cursor, '}') ? [...values] : undefined;
}

function signed(cursor: Cursor): Value | undefined {
  const negative = cursor.text[cursor.at] === '-';
  cursor.at += 1;
  space(cursor);
  const value = number(cursor);
  return negative && value !== undefined ? -value : value;
}

const digits = '[0-9](?:_?[0-9])*';
const exponent = `[eE][-+]?${digits}`;
const floats = new RegExp(
  `(?:${digits})?\\.${digits}(?:${exponent})?|${digits}\\.(?:${exponent})?|${digits}${exponent}`,
  'y',
);
const integers = /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?[0-9])*|0(?:_?0)*/y;

/** `12ab`, `1j` and `012` are no numbers. */
function number(cursor: Cursor): bigint | number | undefined {
  const float = match(cursor, floats);
  const text = float ?? match(cursor, integers);
  if (text === undefined || /[\w.]/.test(cursor.text[cursor.at] ?? '')) return undefined;
  const plain = text.replaceAll('_', '');
  return float === undefined ? BigInt(plain) : Number(plain);
}

function word(cursor: Cursor): Value | undefined {
  switch (match(cursor, /[A-Za-z_]\w*/y) ?? '') {
    case 'None':
      return null;
    case 'True':
      return true;
    case 'False':
      return false;
    default:
      return undefined;
  }
}
