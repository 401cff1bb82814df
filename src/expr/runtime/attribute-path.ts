import { fail } from './failure.ts';
import { known } from './force.ts';
import { isUndefined, type Runtime, type Val } from './value.ts';

/** Reads `a.b.0` from a value, as the attribute arguments of filters name it; none gives the value itself. */
export function pathGetter(attribute: Val | undefined, rt: Runtime, fallback: Val = null): (value: Val) => Val {
  const given = known(attribute);
  if (given === null) return (value) => value;
  if (typeof given === 'bigint') return (value) => orElse(rt.item(value, given), fallback);
  if (typeof given !== 'string') return fail('type', 'The attribute must be a string or an integer');
  const steps = given.split('.').map((step) => (/^\d+$/.test(step) ? BigInt(step) : step));
  return (value) => steps.reduce<Val>((inner, step) => orElse(rt.item(inner, step), fallback), value);
}

function orElse(value: Val, fallback: Val): Val {
  return fallback !== null && isUndefined(value) ? fallback : value;
}

/** Text in lower case, so that an order ignores case; other values as they are. */
export function folded(given: Val): Val {
  const value = known(given);
  return typeof value === 'string' ? value.toLowerCase() : value;
}
