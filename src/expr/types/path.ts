import { oneSlipAway } from '../../core/near.ts';
import { closest } from '../../core/suggest.ts';
import { type Type, typeName, unionOf, unknown } from './type.ts';

export type PathResult =
  | { readonly ok: true; readonly type: Type; readonly suspect?: Suspect }
  /** No value of the type has `key`, which is element `index` of the path. */
  | {
      readonly ok: false;
      readonly index: number;
      readonly key: string;
      readonly of: Type;
      /** The field that was probably meant. */
      readonly near: string | undefined;
      readonly help: string | undefined;
    };

/** A field that may be there, where one with nearly the same name is known to be. */
export interface Suspect {
  readonly index: number;
  readonly key: string;
  readonly near: string;
}

/** Follows a path of attributes; fails only where no possible value has it. */
export function followPath(type: Type, path: readonly string[]): PathResult {
  let current = type;
  let suspect: Suspect | undefined;
  for (const [index, key] of path.entries()) {
    const next = attributeOf(current, key);
    if (next === undefined) return missing(index, key, current);
    const near =
      next.kind === 'unknown' && isOpenMapping(current, key) ? oneSlipAway(key, current.fields.keys()) : undefined;
    if (near !== undefined) suspect ??= { index, key, near };
    current = next;
  }
  return suspect === undefined ? { ok: true, type: current } : { ok: true, type: current, suspect };
}

function isOpenMapping(type: Type, key: string): type is Extract<Type, { readonly kind: 'mapping' }> {
  return type.kind === 'mapping' && type.open && !type.fields.has(key);
}

/** What a value of the type has under a key; `undefined` where no value of it has the key. */
export function attributeOf(type: Type, key: string): Type | undefined {
  switch (type.kind) {
    case 'union': {
      const found = type.of.flatMap((one) => attributeOf(one, key) ?? []);
      return found.length === 0 ? undefined : unionOf(found);
    }
    case 'mapping':
      return type.fields.get(key) ?? (type.open || mappingMethods.has(key) ? unknown : undefined);
    case 'list':
      if (/^-?\d+$/.test(key)) return itemAt(type, Number(key));
      return listMethods.has(key) ? unknown : undefined;
    case 'text':
      return /^-?\d+$/.test(key) || isTextMethod(key) ? unknown : undefined;
    case 'boolean':
    case 'none':
      return undefined;
    case 'integer':
    case 'float':
    case 'unknown':
      return unknown;
  }
}

function itemAt({ item, items }: Extract<Type, { readonly kind: 'list' }>, index: number): Type | undefined {
  return items === undefined ? item : items.at(index);
}

const mappingMethods = new Set([
  'copy',
  'fromkeys',
  'get',
  'items',
  'keys',
  'pop',
  'popitem',
  'setdefault',
  'update',
  'values',
]);
const listMethods = new Set([
  'append',
  'copy',
  'count',
  'extend',
  'index',
  'insert',
  'pop',
  'remove',
  'reverse',
  'sort',
]);
const textMethods = new Set(
  (
    'capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii ' +
    'isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip ' +
    'maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split ' +
    'splitlines startswith strip swapcase title translate upper zfill'
  ).split(' '),
);

function isTextMethod(key: string): boolean {
  return textMethods.has(key);
}

/** No value of the type has the key: what was probably meant, or what there is. */
function missing(index: number, key: string, of: Type): PathResult {
  const fields = fieldsOf(of);
  const near = closest(key, fields);
  const there =
    of.kind === 'mapping' || of.kind === 'union'
      ? `It has ${fields.slice(0, 12).join(', ')}`
      : of.kind === 'list' && of.items !== undefined
        ? `It is a list of ${of.items.length}, and the first has the index 0`
        : `It is ${typeName(of)}`;
  const help =
    near === undefined ? (fields.length === 0 && of.kind === 'mapping' ? undefined : there) : `Did you mean "${near}"?`;
  return { ok: false, index, key, of, near, help };
}

function fieldsOf(type: Type): readonly string[] {
  if (type.kind === 'union') return [...new Set(type.of.flatMap(fieldsOf))];
  return type.kind === 'mapping' ? [...type.fields.keys()] : [];
}
