import { defineFilter } from '../define.ts';
import { undefinedBecause } from '../runtime/access.ts';
import { binary } from '../runtime/arithmetic.ts';
import { folded, pathGetter } from '../runtime/attribute-path.ts';
import { asCount, asCountOrNone, asFlag, asItems, asTextOrNone } from '../runtime/coerce.ts';
import { equal, order } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { characters, lengthOf } from '../runtime/iterate.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, type List, or, type Runtime, tuple, type Undefined, type Val } from '../runtime/value.ts';

function nothingIn(what: string): Undefined {
  return undefinedBecause(
    () => `There is no ${what} item, the list is empty`,
    () => undefined,
    undefined,
  );
}

export const listFilters = [
  defineFilter({
    name: 'list',
    summary: 'Makes a list of the items, keys or characters',
    run: (value, _, rt) => [...asItems(value, rt)],
  }),
  defineFilter({
    name: 'length',
    aliases: ['count'],
    summary: 'Counts the items or characters',
    run: (value) => BigInt(lengthOf(value)),
  }),
  defineFilter({
    name: 'first',
    summary: 'Gives the first item',
    run: (value, _, rt) => or(asItems(value, rt)[0], () => nothingIn('first')),
  }),
  defineFilter({
    name: 'last',
    summary: 'Gives the last item',
    run: (value, _, rt) => or(asItems(value, rt).at(-1), () => nothingIn('last')),
  }),
  defineFilter({
    name: 'join',
    summary: 'Joins the items, or an attribute of each, into one text',
    params: [optional('d', ''), optional('attribute')],
    run(value, [separator, attribute], rt) {
      const get = pathGetter(attribute, rt);
      const text = asItems(value, rt)
        .map((item) => toText(get(item)))
        .join(toText(separator ?? null));
      rt.reserve(text.length);
      return text;
    },
  }),
  defineFilter({
    name: 'reverse',
    summary: 'Turns the order of the items or characters around',
    run(value, _, rt) {
      const given = known(value);
      return typeof given === 'string' ? characters(given).reverse().join('') : [...asItems(given, rt)].reverse();
    },
  }),
  defineFilter({
    name: 'sort',
    summary: 'Sorts the items, by an attribute or several with commas between, ignoring case unless told otherwise',
    params: [optional('reverse', false), optional('case_sensitive', false), optional('attribute')],
    run: (value, [reverse, caseSensitive, attribute], rt) =>
      sorted(asItems(value, rt), multiKey(attribute ?? null, asFlag(caseSensitive), rt), asFlag(reverse)),
  }),
  defineFilter({
    name: 'unique',
    summary: 'Drops items that equal one before them',
    params: [optional('case_sensitive'), optional('attribute')],
    run(value, [caseSensitive, attribute], rt) {
      const get = pathGetter(attribute, rt);
      const key = (item: Val): Val => (asFlag(caseSensitive) ? get(item) : folded(get(item)));
      return distinct(asItems(value, rt), key, rt);
    },
  }),
  extreme('min', 'Gives the smallest item', (sign) => sign < 0),
  extreme('max', 'Gives the biggest item', (sign) => sign > 0),
  defineFilter({
    name: 'sum',
    summary: 'Adds the items, or an attribute of each, to a start',
    params: [optional('attribute'), optional('start', 0n)],
    run(value, [attribute, start], rt) {
      const get = pathGetter(attribute, rt);
      return asItems(value, rt).reduce<Val>((sum, item) => binary('+', sum, get(item), rt), start ?? 0n);
    },
  }),
  defineFilter({
    name: 'batch',
    summary: 'Makes lists of a given length, the last one filled up if asked',
    params: [required('linecount'), optional('fill_with')],
    run(value, [linecount, filling], rt) {
      const length = asCount(linecount, 'The length of a batch');
      if (length < 1) fail('value', 'The length of a batch must be at least 1');
      const rows: Val[][] = [];
      for (const item of asItems(value, rt)) {
        const row = rows.at(-1);
        if (row === undefined || row.length >= length) rows.push([item]);
        else row.push(item);
      }
      fill(rows.at(-1), length, filling, rt);
      return rows;
    },
  }),
  defineFilter({
    name: 'slice',
    summary: 'Makes a given number of lists, those too short filled up if asked',
    params: [required('slices'), optional('fill_with')],
    run(value, [slices, filling], rt) {
      const items = asItems(value, rt);
      const count = asCount(slices, 'The number of slices');
      if (count < 1) fail('value', 'The number of slices must be at least 1');
      rt.reserve(count);
      const length = Math.floor(items.length / count);
      const longer = items.length % count;
      return Array.from({ length: count }, (_, at): Val => {
        const from = at * length + Math.min(at, longer);
        const row = items.slice(from, from + length + (at < longer ? 1 : 0));
        return known(filling) !== null && at >= longer && longer > 0 ? [...row, filling ?? null] : row;
      });
    },
  }),
  defineFilter({
    name: 'flatten',
    summary: 'Puts the items of inner lists in their place, down to a number of levels if given',
    params: [optional('levels'), optional('skip_nulls', true)],
    run: (value, [levels, skip], rt) =>
      flatten(asItems(value, rt), asCountOrNone(levels, 'The number of levels'), asFlag(skip)),
  }),
  defineFilter({
    name: 'zip',
    summary: 'Makes tuples of the items that stand at the same place, up to the shortest list',
    params: [rest('lists')],
    run: (value, [lists], rt) => zip([value, ...(isList(lists) ? lists : [])], rt, undefined),
  }),
  defineFilter({
    name: 'zip_longest',
    summary: 'Makes tuples of the items that stand at the same place, short lists filled up',
    params: [rest('lists'), keywords('options')],
    run(value, [lists, options], rt) {
      const filling = isDict(options) ? (options.get('fillvalue') ?? null) : null;
      return zip([value, ...(isList(lists) ? lists : [])], rt, filling);
    },
  }),
];

function fill(row: Val[] | undefined, length: number, filling: Val | undefined, rt: Runtime): void {
  if (row === undefined || filling === undefined || known(filling) === null) return;
  rt.reserve(length);
  while (row.length < length) row.push(filling);
}

export function sorted(items: List, key: (item: Val) => Val, reverse: boolean): Val[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  const direction = reverse ? -1 : 1;
  return keyed.sort((a, b) => direction * order(a.key, b.key)).map(({ item }) => item);
}

/** `a,b` sorts by `a`, then by `b`. */
function multiKey(attribute: Val, caseSensitive: boolean, rt: Runtime): (item: Val) => Val {
  const given = known(attribute);
  const names: Val[] = typeof given === 'string' ? given.split(',') : [given];
  const getters = names.map((name) => pathGetter(name, rt));
  const fold = (value: Val): Val => (caseSensitive ? value : folded(value));
  const [only] = getters;
  return getters.length === 1 && only !== undefined
    ? (item) => fold(only(item))
    : (item) => getters.map((get) => fold(get(item)));
}

/** Items whose key came before are dropped. */
export function distinct(items: List, key: (item: Val) => Val, rt: Runtime): Val[] {
  const seen = new Set<Val>();
  const odd: Val[] = [];
  return items.filter((item) => {
    const value = known(key(item));
    if (typeof value === 'string' || typeof value === 'bigint' || value === null) {
      if (typeof value === 'bigint' && odd.some((other) => equal(other, value))) return false;
      return !seen.has(value) && seen.add(value);
    }
    rt.spend(odd.length + 1);
    if (odd.some((other) => equal(other, value))) return false;
    if (typeof value !== 'object' && [...seen].some((other) => equal(other, value))) return false;
    return odd.push(value);
  });
}

function extreme(name: string, summary: string, better: (sign: number) => boolean): ReturnType<typeof defineFilter> {
  return defineFilter({
    name,
    summary: `${summary}, by an attribute if given, ignoring case unless told otherwise`,
    params: [optional('case_sensitive', false), optional('attribute')],
    run(value, [caseSensitive, attribute], rt) {
      const get = pathGetter(attribute, rt);
      const key = (item: Val): Val => (asFlag(caseSensitive) ? get(item) : folded(get(item)));
      const [first, ...others] = asItems(value, rt);
      if (first === undefined) return nothingIn(name === 'min' ? 'smallest' : 'biggest');
      let best = { item: first, key: key(first) };
      for (const item of others) {
        const candidate = { item, key: key(item) };
        if (better(order(candidate.key, best.key))) best = candidate;
      }
      return best.item;
    },
  });
}

export function flatten(items: List, levels: number | undefined, skipNulls: boolean): Val[] {
  return items.flatMap((given): Val[] => {
    const item = known(given);
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    if (!isList(item) || (levels !== undefined && levels < 1)) return [item];
    return flatten(item, levels === undefined ? undefined : levels - 1, skipNulls);
  });
}

function zip(lists: List, rt: Runtime, filling: Val | undefined): Val[] {
  const columns = lists.map((list) => asItems(list, rt));
  const lengths = columns.map((column) => column.length);
  const length = filling === undefined ? Math.min(...lengths) : Math.max(...lengths);
  rt.reserve(length * columns.length);
  return Array.from({ length }, (_, at) => tuple(columns.map((column) => or(column[at], () => filling ?? null))));
}

/** For messages of filters that want one of several words. */
export function oneOf<T extends string>(value: Val | undefined, words: readonly T[], what: string): T {
  const text = asTextOrNone(value, what);
  return (
    words.find((word) => word === text) ??
    fail('value', `${what} must be one of ${words.map((word) => `"${word}"`).join(', ')}, not "${text ?? 'none'}"`)
  );
}
