import { defineFilter } from '../define.ts';
import { asCount, asCountOrNone, asItems } from '../runtime/coerce.ts';
import { equal } from '../runtime/compare.ts';
import { dictOf } from '../runtime/dict.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { isDict, isList, type List, type Runtime, Tuple, tuple, type Val } from '../runtime/value.ts';
import { distinct } from './list.ts';

const same = (item: Val): Val => item;

/** Lists as sets, in the order in which the items first came; Python's own order is by chance. */
export const setFilters = [
  defineFilter({
    name: 'union',
    summary: 'Gives the items of both lists, each once',
    params: [required('other')],
    run: (value, [other], rt) => distinct([...asItems(value, rt), ...asItems(other, rt)], same, rt),
  }),
  defineFilter({
    name: 'intersect',
    summary: 'Gives the items that are in both lists, each once',
    params: [required('other')],
    run: (value, [other], rt) => distinct(asItems(value, rt).filter(within(asItems(other, rt), rt)), same, rt),
  }),
  defineFilter({
    name: 'difference',
    summary: 'Gives the items that are not in the other list, each once',
    params: [required('other')],
    run(value, [other], rt) {
      const isIn = within(asItems(other, rt), rt);
      return distinct(
        asItems(value, rt).filter((item) => !isIn(item)),
        same,
        rt,
      );
    },
  }),
  defineFilter({
    name: 'symmetric_difference',
    summary: 'Gives the items that are in one of the lists only, each once',
    params: [required('other')],
    run(value, [other], rt) {
      const [left, right] = [asItems(value, rt), asItems(other, rt)];
      const [inLeft, inRight] = [within(left, rt), within(right, rt)];
      return distinct([...left.filter((item) => !inRight(item)), ...right.filter((item) => !inLeft(item))], same, rt);
    },
  }),
  defineFilter({
    name: 'product',
    summary: 'Makes tuples of every combination of one item of each list',
    params: [rest('lists'), keywords('options')],
    run(value, [lists, options], rt) {
      const repeat = isDict(options) ? asCount(options.get('repeat') ?? 1n, 'The argument "repeat"') : 1;
      const columns = [value, ...(isList(lists) ? lists : [])].map((list) => asItems(list, rt));
      return product(Array.from({ length: repeat }, () => columns).flat(), rt);
    },
  }),
  defineFilter({
    name: 'permutations',
    summary: 'Makes tuples of the items in every order, of a given length if asked',
    params: [optional('r')],
    run(value, [r], rt) {
      const items = asItems(value, rt);
      return choices(items, asCountOrNone(r, 'The length') ?? items.length, true, rt);
    },
  }),
  defineFilter({
    name: 'combinations',
    summary: 'Makes tuples of every choice of a given number of items',
    params: [required('r')],
    run: (value, [r], rt) => choices(asItems(value, rt), asCount(r, 'The number of items'), false, rt),
  }),
];

/** Whether an item is in the list; quick where the items can be keys. */
function within(items: List, rt: Runtime): (item: Val) => boolean {
  const simple = items.map((item) => known(item));
  if (simple.every((item) => !(isList(item) && !(item instanceof Tuple)) && !isDict(item))) {
    const keys = dictOf(simple.map((item) => [item, true]));
    return (item) => {
      const wanted = known(item);
      return isList(wanted) || isDict(wanted)
        ? simple.some((one) => equal(one, wanted))
        : keys.has(wanted) || (typeof wanted !== 'string' && simple.some((one) => equal(one, wanted)));
    };
  }
  return (item) => {
    rt.spend(items.length);
    return items.some((one) => equal(one, item));
  };
}

export function product(columns: readonly List[], rt: Runtime): Val[] {
  const count = columns.reduce((sum, column) => sum * column.length, 1);
  rt.reserve(count * columns.length);
  let rows: Val[][] = [[]];
  for (const column of columns) rows = rows.flatMap((row) => column.map((item) => [...row, item]));
  return rows.map((row) => tuple(row));
}

function choices(items: List, length: number, ordered: boolean, rt: Runtime): Val[] {
  if (length < 0) fail('value', 'The length must not be negative');
  const made: Val[] = [];
  const visit = (picked: readonly number[]): void => {
    if (picked.length === length) {
      rt.reserve(length + 1);
      made.push(tuple(picked.map((at) => items[at] ?? null)));
      return;
    }
    const from = ordered ? 0 : (picked.at(-1) ?? -1) + 1;
    for (let at = from; at < items.length; at++) {
      rt.spend(1);
      if (!picked.includes(at)) visit([...picked, at]);
    }
  };
  visit([]);
  return made;
}
