import { unreachable } from '../../core/result.ts';
import { OMIT } from '../api.ts';
import { floatText } from './float-text.ts';
import { known } from './force.ts';
import { momentText, spanText } from './moment.ts';
import { isDict, isList, type Special, Tuple, type Val } from './value.ts';

/** Python's `str()`. */
export function toText(given: Val): string {
  if (typeof given === 'string') return given;
  const value = known(given);
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr()`. */
export function repr(given: Val): string {
  const value = known(given);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (isList(value)) return listRepr(value);
  if (isDict(value)) return value === OMIT ? '<Omit>' : dictRepr(value);
  return specialRepr(value);
}

function listRepr(items: readonly Val[]): string {
  const inner = items.map(repr).join(', ');
  if (!(items instanceof Tuple)) return `[${inner}]`;
  return items.length === 1 ? `(${inner},)` : `(${inner})`;
}

function dictRepr(entries: ReadonlyMap<Val, Val>): string {
  return `{${[...entries].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`;
}

function specialRepr(value: Special): string {
  switch (value.kind) {
    case 'range':
      return value.step === 1n
        ? `range(${value.start}, ${value.stop})`
        : `range(${value.start}, ${value.stop}, ${value.step})`;
    case 'moment':
      return momentText(value);
    case 'span':
      return spanText(value);
    case 'callable':
      return `<${value.type} ${value.name}>`;
    case 'namespace':
      return `<Namespace ${dictRepr(value.fields)}>`;
    case 'loop':
      return `<LoopContext ${value.index + 1}/${value.items.length}>`;
    case 'cycler':
      return '<Cycler>';
    case 'undefined':
    case 'pending':
    case 'deferred':
    case 'copy':
      return '';
    default:
      return unreachable(value);
  }
}

/** As Python quotes text: single quotes unless only those occur in it, everything that does not print escaped. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (plain.test(text)) return quote + text + quote;
  let out = '';
  for (const char of text) out += char === quote ? `\\${char}` : escaped(char);
  return quote + out + quote;
}
const plain = /^[ !#-&(-[\]-~\u00a1-\u00ac\u00ae-\u02ff]*$/;
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;

function escaped(char: string): string {
  switch (char) {
    case '\\':
      return '\\\\';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case ' ':
      return char;
    default:
      return unprintable.test(char) ? hexEscape(char.codePointAt(0) ?? 0) : char;
  }
}

function hexEscape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
