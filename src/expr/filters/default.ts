import { defineFilter } from '../define.ts';
import { asFlag, asTextOrNone } from '../runtime/coerce.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known, settle } from '../runtime/force.ts';
import { optional, required } from '../runtime/signature.ts';
import { typeName } from '../runtime/type-name.ts';
import { isUndefined, or } from '../runtime/value.ts';

export const defaultFilters = [
  defineFilter({
    name: 'default',
    aliases: ['d'],
    summary: 'Gives another value where this one is undefined, or with boolean=true where it is falsy',
    params: [optional('default_value', ''), optional('boolean', false)],
    takesUndefined: true,
    run(value, [fallback, boolean]) {
      const settled = settle(value);
      if (isUndefined(settled)) return or(fallback, () => '');
      return asFlag(boolean) && !isTruthy(settled) ? or(fallback, () => '') : settled;
    },
  }),
  defineFilter({
    name: 'mandatory',
    summary: 'Fails where the value is undefined, with a message of your own if given',
    params: [optional('msg')],
    takesUndefined: true,
    run(value, [message]) {
      const settled = settle(value);
      if (!isUndefined(settled)) return settled;
      const own = asTextOrNone(message, 'The message');
      const { message: why } = settled.describe();
      const named =
        settled.name === undefined
          ? `A mandatory value is missing: ${why}`
          : `Mandatory variable "${settled.name}" is not defined`;
      return fail('value', own ?? named);
    },
  }),
  defineFilter({
    name: 'ternary',
    summary: 'Gives one value where this one is truthy, another where it is not, and a third where it is none',
    params: [required('true_val'), required('false_val'), optional('none_val')],
    takesUndefined: true,
    run(value, [yes, no, none]) {
      const settled = known(value);
      if (settled === null && none !== undefined && none !== null) return none;
      return (isTruthy(settled) ? yes : no) ?? null;
    },
  }),
  defineFilter({
    name: 'type_debug',
    summary: 'Names the type of the value',
    takesUndefined: true,
    run: (value) => typeName(value),
  }),
];
