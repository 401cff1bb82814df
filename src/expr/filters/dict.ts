import { unreachable } from '../../core/result.ts';
import { defineFilter } from '../define.ts';
import { folded } from '../runtime/attribute-path.ts';
import { asDict, asFlag, asItems, asText } from '../runtime/coerce.ts';
import { equal, order } from '../runtime/compare.ts';
import { dictGet, dictOf, keyIn } from '../runtime/dict.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { repr, toText } from '../runtime/text.ts';
import { typeName } from '../runtime/type-name.ts';
import {
  type Dict,
  isDict,
  isList,
  isUndefined,
  type List,
  or,
  type Runtime,
  tuple,
  type Val,
} from '../runtime/value.ts';
import { flatten, oneOf } from './list.ts';

export const dictFilters = [
  defineFilter({
    name: 'dict2items',
    summary: 'Makes a list of dicts, each with a key and its value',
    params: [optional('key_name', 'key'), optional('value_name', 'value')],
    run(value, [keyName, valueName]) {
      const names = [toText(keyName ?? null), toText(valueName ?? null)] as const;
      return [...asDict(value, 'The input of "dict2items"')].map(
        ([key, item]) =>
          new Map<Val, Val>([
            [names[0], key],
            [names[1], item],
          ]),
      );
    },
  }),
  defineFilter({
    name: 'items2dict',
    summary: 'Makes a dict of a list of dicts, each with a key and its value',
    params: [optional('key_name', 'key'), optional('value_name', 'value')],
    run(value, [keyName, valueName], rt) {
      const names = [keyName ?? 'key', valueName ?? 'value'] as const;
      return dictOf(asItems(value, rt).map((item) => [field(item, names[0]), field(item, names[1])]));
    },
  }),
  defineFilter({
    name: 'items',
    summary: 'Makes a list of key and value pairs; an undefined value has none',
    takesUndefined: true,
    run: (value) => (isUndefined(value) ? [] : [...asDict(value, 'The input of "items"')].map((pair) => tuple(pair))),
  }),
  defineFilter({
    name: 'dictsort',
    summary: 'Makes a list of key and value pairs in the order of the keys or values',
    params: [optional('case_sensitive', false), optional('by', 'key'), optional('reverse', false)],
    run(value, [caseSensitive, by, reverse]) {
      const at = oneOf(by, ['key', 'value'], 'The argument "by"') === 'key' ? 0 : 1;
      const key = (pair: readonly [Val, Val]): Val => (asFlag(caseSensitive) ? pair[at] : folded(pair[at]));
      const direction = asFlag(reverse) ? -1 : 1;
      return [...asDict(value, 'The input of "dictsort"')]
        .sort((a, b) => direction * order(key(a), key(b)))
        .map((pair) => tuple(pair));
    },
  }),
  defineFilter({
    name: 'combine',
    summary: 'Merges dicts, the later ones winning; inner dicts too with recursive=true',
    params: [rest('dicts'), keywords('options')],
    run(value, [others, options]) {
      const named = isDict(options) ? options : new Map<Val, Val>();
      for (const key of named.keys())
        if (key !== 'recursive' && key !== 'list_merge')
          fail(
            'type',
            `The filter "combine" has no argument "${toText(key)}"`,
            'Its arguments are recursive and list_merge',
          );
      const recursive = asFlag(named.get('recursive') ?? false);
      const lists = oneOf(
        named.get('list_merge') ?? 'replace',
        ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'],
        'The argument "list_merge"',
      );
      const dicts = flatten([value, ...(isList(others) ? others : [])], 1, true);
      const [first = new Map(), ...further] = dicts;
      if (further.length === 0) return first;
      return further.reduce<Dict>(
        (merged, next) => merge(merged, asDict(next, 'Each combined value'), recursive, lists),
        asDict(first, 'Each combined value'),
      );
    },
  }),
  defineFilter({
    name: 'extract',
    summary: 'Gives the item of a container under this key, and further keys inside it',
    params: [required('container'), optional('morekeys')],
    run(value, [container, morekeys], rt) {
      const more = known(morekeys);
      const keys: List = more === null ? [] : isList(more) ? more : [more];
      return [value, ...keys].reduce<Val>((inner, key) => rt.item(inner, key), container ?? null);
    },
  }),
  defineFilter({
    name: 'subelements',
    summary: 'Pairs each item with every item of a list inside it',
    params: [required('subelements'), optional('skip_missing', false)],
    run: (value, [path, skip], rt) => subelements(value, path ?? null, asFlag(skip), rt),
  }),
  defineFilter({
    name: 'rekey_on_member',
    summary: 'Makes a dict of dicts, keyed by a member of each',
    params: [required('key'), optional('duplicates', 'error')],
    run(value, [key, duplicates], rt) {
      const overwrite = oneOf(duplicates, ['error', 'overwrite'], 'The argument "duplicates"') === 'overwrite';
      const given = known(value);
      const made = new Map<Val, Val>();
      for (const item of isDict(given) ? given.values() : asItems(given, rt)) {
        const member = field(item, key ?? null);
        if (dictGet(made, member) !== undefined && !overwrite)
          fail('value', `The key ${repr(member)} is not unique`, "Give duplicates='overwrite' to keep the last");
        made.set(keyIn(made, member), item);
      }
      return made;
    },
  }),
];

function field(item: Val, name: Val): Val {
  const dict = asDict(item, 'Each item');
  return or(dictGet(dict, name), () => fail('value', `An item has no key ${repr(name)}`));
}

type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';

function merge(low: Dict, high: Dict, recursive: boolean, lists: ListMerge): Dict {
  if (low.size === 0) return high;
  const merged = new Map(low);
  for (const [key, item] of high) merged.set(keyIn(merged, key), mergeItem(dictGet(low, key), item, recursive, lists));
  return merged;
}

function mergeItem(low: Val | undefined, high: Val, recursive: boolean, lists: ListMerge): Val {
  if (low === undefined) return high;
  const under = isUndefined(low) ? low : known(low);
  const over = isUndefined(high) ? high : known(high);
  if (recursive && isDict(under) && isDict(over)) return merge(under, over, recursive, lists);
  if (isList(under) && isList(over)) return mergeLists(under, over, lists);
  return over;
}

function mergeLists(low: List, high: List, how: ListMerge): Val {
  const without = (items: List, others: List): List =>
    items.filter((item) => !others.some((other) => equal(item, other)));
  switch (how) {
    case 'replace':
      return high;
    case 'keep':
      return low;
    case 'append':
      return [...low, ...high];
    case 'prepend':
      return [...high, ...low];
    case 'append_rp':
      return [...without(low, high), ...high];
    case 'prepend_rp':
      return [...high, ...without(low, high)];
    default:
      return unreachable(how);
  }
}

/** Pairs; as a lookup without the list in the item that it came from. */
export function subelements(value: Val, path: Val, skipMissing: boolean, rt: Runtime, without = false): Val[] {
  const given = known(value);
  const where = known(path);
  const keys: List = isList(where) ? where : asText(where, 'The path of the subelements').split('.');
  const pairs: Val[] = [];
  for (const item of isDict(given) ? given.values() : asItems(given, rt)) {
    const inner = dig(item, keys, skipMissing);
    if (!isList(inner))
      fail('type', `${repr(keys.map(toText).join('.'))} must lead to a list, found ${typeName(inner)}`);
    const first = without ? dropped(item, keys) : item;
    for (const one of inner) pairs.push(tuple([first, one]));
  }
  rt.reserve(pairs.length);
  return pairs;
}

function dropped(item: Val, [key, ...deeper]: List): Val {
  const dict = known(item);
  if (!isDict(dict) || key === undefined) return item;
  const inner = dictGet(dict, key);
  const copy = new Map(dict);
  if (deeper.length === 0 || inner === undefined) copy.delete(keyIn(copy, key));
  else copy.set(keyIn(copy, key), dropped(inner, deeper));
  return copy;
}

function dig(item: Val, keys: List, skipMissing: boolean): Val {
  let inner: Val = known(item);
  for (const key of keys) {
    if (!isDict(inner)) return fail('type', `The key ${repr(key)} should be in a dict, found ${typeName(inner)}`);
    const next: Val | undefined = dictGet(inner, key);
    if (next === undefined)
      return skipMissing
        ? []
        : fail('value', `An item has no key ${repr(key)}`, 'Give skip_missing=true to skip such items');
    inner = known(next);
  }
  return inner;
}
