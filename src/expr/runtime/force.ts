import type { Deferred } from '../api.ts';
import { EvaluationError, NeedsAnswer } from './failure.ts';
import { isLazy, isSpecial, type OwnCopy, type Pending, type Special, type Undefined, type Val } from './value.ts';

/** What is left when nothing is missing or waiting. */
export type Known = Exclude<Settled, Undefined | Pending>;
export type Settled = Exclude<Val, Deferred | OwnCopy>;

/** The value itself: the outermost layer evaluated; an undefined or unanswered one ends the evaluation. */
export function known(value: Val | undefined): Known {
  return isSpecial(value) ? knownSpecial(value) : (value ?? null);
}

function knownSpecial(value: Special): Known {
  if (value.kind === 'undefined') throw undefinedError(value);
  if (value.kind === 'pending') throw new NeedsAnswer();
  return value.kind === 'deferred' || value.kind === 'copy' ? known(open(value)) : value;
}

/** Evaluates the outermost layer of what is deferred and leaves the rest alone. */
export function settle(value: Val): Settled {
  return isLazy(value) ? open(value) : value;
}

/** A list or dict whose parts stay deferred, or the value. */
function open(value: Deferred | OwnCopy): Settled {
  if (value.kind === 'copy') return value.open();
  return recover(() => {
    const keys = value.keys();
    if (keys !== undefined) return new Map<Val, Val>(keys.map((key) => [key, recover(() => value.part(key) ?? null)]));
    const items: Val[] = [];
    for (;;) {
      const item = recoverPart(() => value.part(BigInt(items.length)));
      if (item === undefined) break;
      items.push(item);
    }
    return items.length > 0 ? items : value.force();
  });
}

/** The same for a part that may be absent. */
export function recoverPart(find: () => Val | undefined): Val | undefined {
  let absent = false;
  const found = recover<Val>(() => {
    const part = find();
    absent = part === undefined;
    return part ?? null;
  });
  return absent ? undefined : found;
}

/** An undefined variable inside a variable makes that variable undefined too, so that `default` helps. */
export function recover<T extends Val>(compute: () => T): T | Undefined {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof EvaluationError) || error.reason !== 'undefined') throw error;
    const { message, at, help } = error;
    return {
      kind: 'undefined',
      silent: false,
      describe: () => ({ message, ...(at && { at }), ...(help && { help }) }),
    };
  }
}

function undefinedError(value: Undefined): EvaluationError {
  const { message, at, help } = value.describe();
  return new EvaluationError('undefined', message, at, help);
}
