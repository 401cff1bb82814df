import { asCount, asCountOrNone, asFlag, asItems } from '../runtime/coerce.ts';
import { compareText, equal, order } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { optional, required } from '../runtime/signature.ts';
import { type List, or, type Runtime, type Val } from '../runtime/value.ts';
import { type Methods, methods } from './method.ts';

/** What lists can do without being changed; tuples have these alone. */
export const tupleMethods: Methods<List> = methods<List>({
  count: [[required('value')], (self, [value]) => BigInt(self.filter((item) => equal(item, value ?? null)).length)],
  index: [
    [required('value'), optional('start', 0n), optional('stop')],
    (self, [value, start, stop]) => {
      const from = place(asCount(start, 'The start'), self.length);
      const to = place(asCountOrNone(stop, 'The end') ?? self.length, self.length);
      const at = self.findIndex((item, index) => index >= from && index < to && equal(item, value ?? null));
      return at === -1 ? fail('value', 'The value is not in the list') : BigInt(at);
    },
  ],
});

/** What changes a list in place. The evaluation owns every list that it changes. */
export const listMethods: Methods<List> = new Map([
  ...tupleMethods,
  ...methods<List>({
    append: [[required('object')], (self, [item], rt) => nothing(changed(self, rt).push(item ?? null))],
    clear: [[], (self, _, rt) => nothing(changed(self, rt).splice(0))],
    copy: [[], (self) => [...self]],
    extend: [[required('iterable')], (self, [items], rt) => nothing(changed(self, rt).push(...asItems(items, rt)))],
    insert: [
      [required('index'), required('object')],
      (self, [index, item], rt) =>
        nothing(changed(self, rt).splice(place(asCount(index, 'The index'), self.length), 0, item ?? null)),
    ],
    pop: [[optional('index', -1n)], (self, [index], rt) => pop(changed(self, rt), asCount(index, 'The index'))],
    remove: [
      [required('value')],
      (self, [value], rt) => {
        const at = self.findIndex((item) => equal(item, value ?? null));
        if (at === -1) return fail('value', 'The value is not in the list');
        changed(self, rt).splice(at, 1);
        return null;
      },
    ],
    reverse: [[], (self, _, rt) => nothing(changed(self, rt).reverse())],
    sort: [
      [optional('reverse', false)],
      (self, [reverse], rt) => {
        const direction = asFlag(reverse) ? -1 : 1;
        changed(self, rt).sort((a, b) => direction * compare(a, b));
        return null;
      },
    ],
  }),
]);

/** What Python's changing methods give. */
function nothing(_done: unknown): null {
  return null;
}

function compare(a: Val, b: Val): number {
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : order(a, b);
}

function pop(items: Val[], index: number): Val {
  const at = index < 0 ? index + items.length : index;
  const [item] = at >= 0 ? items.splice(at, 1) : [];
  return or(item, () => fail('value', items.length === 0 ? 'The list is empty' : `The list has no item ${index}`));
}

function place(at: number, length: number): number {
  return Math.min(length, Math.max(0, at < 0 ? at + length : at));
}

function changed(items: List, rt: Runtime): Val[] {
  rt.change();
  rt.reserve(1);
  return isOwned(items) ? items : [];
}

/** Since `change` was called, every list that a template can reach was made by this evaluation. */
function isOwned(items: List): items is Val[] {
  return Array.isArray(items);
}
