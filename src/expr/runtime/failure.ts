import type { Location } from '../../core/source.ts';
import type { ExprError, Request } from '../api.ts';

/** Ends an evaluation; caught where the evaluation was begun, never seen by other layers. */
export class EvaluationError extends Error {
  readonly reason: ExprError['reason'];
  at: Location | undefined;
  readonly help: string | undefined;

  constructor(reason: ExprError['reason'], message: string, at?: Location, help?: string) {
    super(message);
    this.reason = reason;
    this.at = at;
    this.help = help;
  }
}

/** Ends a statement that needs what the controller has yet to answer; the statements after it still run, to ask for more. */
export class NeedsAnswer extends Error {
  /** Noted down already where there are none. */
  readonly requests: readonly Request[];

  constructor(requests: readonly Request[] = []) {
    super('An answer is needed');
    this.requests = requests;
  }
}

/** Asks for the evaluation to begin again with values that may be changed in place. */
export class NeedsCopies extends Error {}

export function fail(reason: ExprError['reason'], message: string, help?: string): never {
  throw new EvaluationError(reason, message, undefined, help);
}
