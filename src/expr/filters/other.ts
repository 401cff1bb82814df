import { defineFilter, type Filter } from '../define.ts';
import { prettyPrint } from '../python/pretty-print.ts';
import { methodOf, undefinedBecause } from '../runtime/access.ts';
import { asText } from '../runtime/coerce.ts';
import { settle } from '../runtime/force.ts';
import { required } from '../runtime/signature.ts';
import { typeName } from '../runtime/type-name.ts';
import { isDict } from '../runtime/value.ts';

export const otherFilters: readonly Filter[] = [
  defineFilter({
    name: 'attr',
    summary: 'Gives an attribute or method, never an item of a dict',
    params: [required('name')],
    run(value, [name], rt) {
      const wanted = asText(name, 'The name of the attribute');
      const object = settle(value);
      if (!isDict(object) || methodOf(object, wanted) !== undefined) return rt.attribute(object, wanted);
      return undefinedBecause(
        () => `This ${typeName(object)} has no attribute "${wanted}"`,
        () => `For an item write ["${wanted}"]`,
        undefined,
      );
    },
  }),
  defineFilter({
    name: 'pprint',
    summary: 'Writes the value as Python would, a long text broken into pieces',
    run: (value) => prettyPrint(value),
  }),
];
