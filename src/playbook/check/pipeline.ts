import { elementOf, integer, listOf, mappingOf, type Type, text, unionOf, unknown } from './type.ts';
import { followPath, type PathResult } from './type-path.ts';

/** Types of variables, as a task sees them. */
export type TypeOfName = (name: string) => Type;

/** An attribute that a filter names by text, such as that of selectattr. */
export interface AttributeUse {
  /** Offsets in the expression. */
  readonly from: number;
  readonly to: number;
  readonly result: Exclude<PathResult, { readonly ok: true }>;
}

export interface PipelineType {
  readonly type: Type;
  readonly wrong: readonly AttributeUse[];
}

/**
 * The type of an expression that is a variable, perhaps with fields, behind which filters stand; `undefined` of any other.
 */
export function pipelineType(expression: string, typeOfName: TypeOfName): PipelineType | undefined {
  const stages = stagesOf(expression);
  const [first, ...filters] = stages ?? [];
  const path = first === undefined ? undefined : pathOf(first.text);
  if (path === undefined) return undefined;
  const [name = '', ...rest] = path;
  const start = followPath(typeOfName(name), rest);
  let type: Type = start.ok ? start.type : unknown;
  const wrong: AttributeUse[] = [];
  for (const stage of filters) {
    const filter = /^\s*(?:ansible\.builtin\.)?(\w+)\s*(?:\(([^]*)\))?\s*$/.exec(stage.text);
    if (filter === null) return undefined;
    const attribute = attributeOf(filter[1] ?? '', stage);
    if (attribute !== undefined) {
      const found = followPath(elementOf(type), attribute.name.split('.'));
      if (!found.ok) wrong.push({ from: attribute.from, to: attribute.from + attribute.name.length, result: found });
    }
    type = filtered(type, filter[1] ?? '', filter[2]?.trim() ?? '', attribute?.name);
  }
  return { type, wrong };
}

interface Stage {
  readonly text: string;
  /** Where it begins in the expression. */
  readonly from: number;
}

/** Splits at `|` outside of quotes and brackets; `undefined` where quotes or brackets do not match. */
function stagesOf(expression: string): readonly Stage[] | undefined {
  const stages: Stage[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === '|' && depth === 0) {
      stages.push({ text: expression.slice(from, at), from });
      from = at + 1;
    }
  }
  if (depth !== 0 || quote !== '') return undefined;
  return [...stages, { text: expression.slice(from), from }];
}

const words = new Set(['true', 'false', 'none', 'True', 'False', 'None', 'omit', 'not', 'lookup', 'query', 'q']);

/** A variable and its fields, where an expression is nothing else: `a.b[0]['c']`. */
export function pathOf(expression: string): readonly string[] | undefined {
  const written = expression.trim();
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*|\.\d+|\[-?\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/.test(written)) return undefined;
  const parts = [...written.matchAll(/[A-Za-z_]\w*|-?\d+|'[^']*'|"[^"]*"/g)].map(([part]) =>
    part.replace(/^['"]|['"]$/g, ''),
  );
  return words.has(parts[0] ?? '') ? undefined : parts;
}

const byFirst = new Set(['selectattr', 'rejectattr', 'groupby']);
const byName = new Set(['map', 'sort', 'sum', 'unique', 'min', 'max']);

/** The attribute that a filter is given, with its place. */
function attributeOf(filter: string, stage: Stage): { readonly name: string; readonly from: number } | undefined {
  const pattern = byFirst.has(filter)
    ? /\(\s*(['"])([\w.]+)\1/
    : byName.has(filter)
      ? /\battribute\s*=\s*(['"])([\w.]+)\1/
      : undefined;
  const found = pattern?.exec(stage.text);
  if (found === null || found === undefined || /\bdefault\s*=/.test(stage.text)) return undefined;
  const name = found[2] ?? '';
  return { name, from: stage.from + found.index + found[0].lastIndexOf(name) };
}

const keeping = new Set([
  'list',
  'sort',
  'unique',
  'reverse',
  'shuffle',
  'select',
  'reject',
  'selectattr',
  'rejectattr',
]);
const choosing = new Set(['first', 'last', 'random', 'min', 'max']);

function filtered(type: Type, filter: string, args: string, attribute: string | undefined): Type {
  if (keeping.has(filter)) return type.kind === 'list' ? type : unknown;
  if (choosing.has(filter)) return elementOf(type);
  if ((filter === 'default' || filter === 'd') && (args === '[]' || args === '{}')) return type;
  if (filter === 'dict2items' && args === '') return itemsOf(type);
  if (filter === 'map' && attribute !== undefined) {
    const found = followPath(elementOf(type), attribute.split('.'));
    return listOf(found.ok ? found.type : unknown);
  }
  if (filter === 'length' || filter === 'count') return integer;
  return filter === 'join' ? text : unknown;
}

function itemsOf(type: Type): Type {
  const value = type.kind === 'mapping' && !type.open ? unionOf([...type.fields.values()]) : unknown;
  return listOf(mappingOf({ key: unknown, value }));
}
