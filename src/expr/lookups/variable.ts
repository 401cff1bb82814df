import { didYouMean } from '../../core/suggest.ts';
import { undefinedBecause } from '../runtime/access.ts';
import type { Runtime, Val } from '../runtime/value.ts';

/** Told apart by identity: any value may be a default. */
export const noFallback: Val = new Map();

/** A variable by its name; a default where there is none, or an undefined value. */
export function variable(name: string, fallback: Val, rt: Runtime): Val {
  const value = rt.env.resolve(name);
  if (value !== undefined) return value;
  if (fallback !== noFallback) return fallback;
  return undefinedBecause(
    () => `"${name}" is not defined`,
    () => didYouMean(name, rt.env.names()),
    undefined,
    name,
  );
}
