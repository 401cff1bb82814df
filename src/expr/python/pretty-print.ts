import { compareText, order } from '../runtime/compare.ts';
import { EvaluationError } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { repr } from '../runtime/text.ts';
import { typeName } from '../runtime/type-name.ts';
import { isDict, isList, Tuple, type Val } from '../runtime/value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: keys sorted, broken where a line would pass 80 characters. */
export function prettyPrint(value: Val): string {
  return write(value, 0, 0);
}

/** `indent` is the column that it begins at, `allowance` what must still fit behind it. */
function write(given: Val, indent: number, allowance: number): string {
  const value = known(given);
  const flat = flatText(value);
  if (flat.length <= WIDTH - indent - allowance) return flat;
  if (isDict(value) && value.size > 0) return writeDict(value, indent, allowance);
  if (isList(value) && value.length > 0) {
    const [open, close] = value instanceof Tuple ? ['(', value.length === 1 ? ',)' : ')'] : ['[', ']'];
    const rows = value.map((item, at) =>
      write(item, indent + 1, at === value.length - 1 ? allowance + close.length : 1),
    );
    return open + rows.join(`,\n${' '.repeat(indent + 1)}`) + close;
  }
  return typeof value === 'string' ? writeText(value, indent, allowance) : flat;
}

function writeDict(dict: ReadonlyMap<Val, Val>, indent: number, allowance: number): string {
  const entries = sortedEntries(dict);
  const rows = entries.map(([key, item], at) => {
    const name = repr(key);
    const last = at === entries.length - 1;
    return `${name}: ${write(item, indent + name.length + 3, last ? allowance + 1 : 1)}`;
  });
  return `{${rows.join(`,\n${' '.repeat(indent + 1)}`)}}`;
}

/** A long text is broken at blanks into pieces that follow each other. */
function writeText(text: string, indent: number, allowance: number): string {
  const inner = indent === 0 ? 1 : indent;
  const room = WIDTH - inner - (indent === 0 ? 1 : 0);
  const chunks: string[] = [];
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [''];
  for (const [at, line] of lines.entries()) {
    const lastLine = at === lines.length - 1;
    if (repr(line).length <= room - (lastLine ? allowance : 0)) {
      chunks.push(repr(line));
      continue;
    }
    const words = line.match(/\S*\s*/g)?.filter((word) => word !== '') ?? [];
    let current = '';
    for (const [index, word] of words.entries()) {
      const candidate = current + word;
      const width = room - (index === words.length - 1 && lastLine ? allowance : 0);
      if (repr(candidate).length > width) {
        if (current !== '') chunks.push(repr(current));
        current = word;
      } else current = candidate;
    }
    if (current !== '') chunks.push(repr(current));
  }
  const [only = "''"] = chunks;
  if (chunks.length <= 1) return only;
  const body = chunks.join(`\n${' '.repeat(inner)}`);
  return indent === 0 ? `(${body})` : body;
}

function flatText(value: Val): string {
  const inner = known(value);
  if (isDict(inner))
    return `{${sortedEntries(inner)
      .map(([key, item]) => `${repr(key)}: ${flatText(item)}`)
      .join(', ')}}`;
  if (!isList(inner)) return repr(inner);
  const items = inner.map(flatText).join(', ');
  if (!(inner instanceof Tuple)) return `[${items}]`;
  return inner.length === 1 ? `(${items},)` : `(${items})`;
}

/** By the keys, or by the names of their types where keys cannot be compared. */
function sortedEntries(dict: ReadonlyMap<Val, Val>): [Val, Val][] {
  return [...dict].sort(([a], [b]) => {
    try {
      return order(a, b);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return compareText(typeName(a), typeName(b));
    }
  });
}
