import type { Value } from '../core/value.ts';
import type { Outcome } from '../expr/api.ts';

export class Interrupt extends Error {
  readonly outcome: Exclude<Outcome, { kind: 'value' }>;
  constructor(outcome: Exclude<Outcome, { kind: 'value' }>) {
    super('');
    this.outcome = outcome;
  }
}
export function valueOrInterrupt(outcome: Outcome): Value {
  if (outcome.kind === 'value') return outcome.value;
  throw new Interrupt(outcome);
}
