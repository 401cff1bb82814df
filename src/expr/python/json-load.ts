import type { Value } from '../../core/value.ts';
import { fail } from '../runtime/failure.ts';

const token =
  /\s*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)(?![\w.])|(true|false|null|NaN|-?Infinity)(?!\w))/y;

/** Python's `json.loads`: an integer stays one, and NaN and Infinity are numbers. */
export function loadJson(text: string): Value {
  let at = 0;
  const value = read(next());
  token.lastIndex = at;
  if (text.slice(at).trim() !== '') broken();
  return value;

  function next(): RegExpExecArray {
    token.lastIndex = at;
    const match = token.exec(text) ?? broken();
    at = token.lastIndex;
    return match;
  }

  function broken(): never {
    const from = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    const line = text.slice(0, from).split('\n').length;
    const found = text.slice(from, from + 20);
    return fail(
      'value',
      `The text is not JSON: line ${line}, ${found === '' ? 'it ends too early' : `at ${JSON.stringify(found)}`}`,
    );
  }

  function read([, mark, string, number, fraction, exponent, word]: RegExpExecArray): Value {
    if (string !== undefined) return textOf(string);
    if (number !== undefined) return fraction === undefined && exponent === undefined ? BigInt(number) : Number(number);
    if (mark === '[') return list();
    if (mark === '{') return dict();
    return word === undefined ? broken() : wordOf(word);
  }

  function list(): Value {
    const items: Value[] = [];
    let match = next();
    if (match[1] === ']') return items;
    for (;;) {
      items.push(read(match));
      match = next();
      if (match[1] === ']') return items;
      if (match[1] !== ',') broken();
      match = next();
    }
  }

  function dict(): Value {
    const entries = new Map<Value, Value>();
    let match = next();
    if (match[1] === '}') return entries;
    for (;;) {
      const key = match[2] ?? broken();
      if (next()[1] !== ':') broken();
      entries.set(textOf(key), read(next()));
      match = next();
      if (match[1] === '}') return entries;
      if (match[1] !== ',') broken();
      match = next();
    }
  }
}

function textOf(literal: string): string {
  const text: unknown = JSON.parse(literal);
  return typeof text === 'string' ? text : '';
}

function wordOf(word: string): Value {
  switch (word) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    case 'NaN':
      return Number.NaN;
    default:
      return word.startsWith('-') ? -Infinity : Infinity;
  }
}
