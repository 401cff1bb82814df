import { defineFilter } from '../define.ts';
import { generator } from '../python/seed.ts';
import { asCountOrNone, asItems } from '../runtime/coerce.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { isSpecial } from '../runtime/value.ts';

export const randomFilters = [
  defineFilter({
    name: 'random',
    summary: 'Draws an item, or an integer below this one; with a seed the same one each time',
    params: [optional('start'), optional('step'), optional('seed')],
    run(value, [start, step, seed], rt) {
      const end = known(value);
      const from = asCountOrNone(start, 'The start') ?? 0;
      const by = asCountOrNone(step, 'The step') ?? 1;
      const random = generator(seed ?? null, rt);
      if (typeof end === 'bigint' || typeof end === 'boolean') {
        const width = Number(BigInt(end)) - from;
        const count = Math.ceil(width / (by === 0 ? 1 : by));
        if (count <= 0) return fail('value', `There is no integer from ${from} below ${BigInt(end)}`);
        return BigInt(from) + BigInt(by === 0 ? 1 : by) * random.below(BigInt(count));
      }
      if (from !== 0 || known(step) !== null) return fail('value', 'A start and a step are for integers only');
      if (isSpecial(end) && end.kind === 'range' && end.length > 0)
        return end.start + end.step * random.below(BigInt(end.length));
      const items = asItems(end, rt);
      if (items.length === 0) return fail('value', 'There is no item to draw, the list is empty');
      return items[Number(random.below(BigInt(items.length)))] ?? null;
    },
  }),
  defineFilter({
    name: 'shuffle',
    summary: 'Puts the items into random order; with a seed the same one each time',
    params: [optional('seed')],
    run(value, [seed], rt) {
      const items = [...asItems(value, rt)];
      const random = generator(isTruthy(seed ?? null) ? (seed ?? null) : null, rt);
      for (let at = items.length - 1; at > 0; at--) {
        const other = Number(random.below(BigInt(at + 1)));
        const item = items[at] ?? null;
        items[at] = items[other] ?? null;
        items[other] = item;
      }
      return items;
    },
  }),
];
