import { defineFilter } from '../define.ts';
import { folded, pathGetter } from '../runtime/attribute-path.ts';
import { asFlag, asItems } from '../runtime/coerce.ts';
import { equal, isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, type Named, type Runtime, tuple, type Val } from '../runtime/value.ts';
import { sorted } from './list.ts';

export const selectFilters = [
  defineFilter({
    name: 'map',
    summary: 'Applies a filter to each item, or gives an attribute of each',
    params: [rest(), keywords()],
    run(value, [args, options], rt) {
      const positional = isList(args) ? args : [];
      const named = namedOf(options);
      if (positional.length === 0 && named.has('attribute')) return byAttribute(value, named, rt);
      const [name, ...rest_] = positional;
      if (name === undefined) return fail('type', 'The filter "map" needs the name of a filter, or attribute=…');
      const filter = toText(name);
      return asItems(value, rt).map((item) => rt.filter(filter, item, rest_, named));
    },
  }),
  selecting('select', 'Keeps the items that pass a test, or are truthy', true, false),
  selecting('reject', 'Drops the items that pass a test, or are truthy', false, false),
  selecting('selectattr', 'Keeps the items with an attribute that passes a test, or is truthy', true, true),
  selecting('rejectattr', 'Drops the items with an attribute that passes a test, or is truthy', false, true),
  defineFilter({
    name: 'groupby',
    summary: 'Makes groups, each with its grouper and its list, of items that share an attribute',
    params: [required('attribute'), optional('default'), optional('case_sensitive', false)],
    run(value, [attribute, fallback, caseSensitive], rt) {
      const get = pathGetter(attribute, rt, fallback ?? null);
      const key = (item: Val): Val => (asFlag(caseSensitive) ? get(item) : folded(get(item)));
      const groups: { key: Val; items: Val[] }[] = [];
      for (const item of sorted(asItems(value, rt), key, false)) {
        const group = groups.at(-1);
        if (group !== undefined && equal(group.key, key(item))) group.items.push(item);
        else groups.push({ key: key(item), items: [item] });
      }
      return groups.map(({ items }) => tuple([get(items[0] ?? null), items], ['grouper', 'list']));
    },
  }),
];

function namedOf(options: Val | undefined): Named {
  return new Map([...(isDict(options) ? options : [])].map(([key, value]) => [toText(key), value]));
}

function byAttribute(value: Val, named: Named, rt: Runtime): Val {
  for (const name of named.keys())
    if (name !== 'attribute' && name !== 'default') fail('type', `The filter "map" has no argument "${name}"`);
  const get = pathGetter(named.get('attribute'), rt, named.get('default') ?? null);
  return asItems(value, rt).map(get);
}

function selecting(name: string, summary: string, keep: boolean, attributes: boolean): ReturnType<typeof defineFilter> {
  return defineFilter({
    name,
    summary,
    params: [...(attributes ? [required('attr')] : []), rest(), keywords()],
    run(value, args, rt) {
      const [attribute, positional, options] = attributes ? args : [null, ...args];
      const get = pathGetter(attribute, rt);
      const [test, ...testArgs] = isList(positional) ? positional : [];
      const named = namedOf(options);
      const passes = (item: Val): boolean =>
        test === undefined ? isTruthy(get(item)) : rt.test(toText(known(test)), get(item), testArgs, named);
      return asItems(value, rt).filter((item) => passes(item) === keep);
    },
  });
}
