import type { JsonObject } from '../core/value.ts';
import type { Change } from '../host/change.ts';
import type { Plan, Stage } from './define.ts';
import type { Effect } from './effect.ts';

interface Rest {
  readonly effects?: readonly Effect[];
  readonly then?: Stage;
  readonly unknown?: string;
  readonly why?: string;
  readonly skip?: boolean;
  readonly warnings?: readonly string[];
}

/** The changes that a host needs; none when it is as it should be. */
export function plan(changes: readonly Change[], rest: Rest = {}): Plan {
  return { kind: 'plan', changes, effects: [], warnings: [], ...rest };
}

export type Refusal = Extract<Plan, { readonly kind: 'refuse' }>;

/** Nothing may be done, and why. */
export function refuse(reason: string, rest: { readonly help?: string; readonly result?: JsonObject } = {}): Refusal {
  return { kind: 'refuse', reason, ...rest };
}

/** Changes, and a part that can only be known once they were made. */
export function staged(changes: readonly Change[], next: Stage): Plan {
  return plan(changes, { then: next });
}
