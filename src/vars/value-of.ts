import type { Environment, Outcome } from '../expr/api.ts';
import { Interrupt } from './interrupt.ts';

/** The whole value of one variable; `undefined` where nothing defines it. */
export function valueOf(name: string, env: Environment): Outcome | undefined {
  const found = env.resolve(name);
  if (found === undefined) return undefined;
  if (found === null || typeof found !== 'object' || !('kind' in found)) return { kind: 'value', value: found };
  try {
    return { kind: 'value', value: found.force() };
  } catch (error) {
    if (error instanceof Interrupt) return error.outcome;
    throw error;
  }
}
