import type { Request } from '../api.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { type List, PENDING, type Pending, type Runtime, type Val } from '../runtime/value.ts';

/** All answers, or pending once all were asked for. */
export function answers(terms: List, ask: (term: Val) => Val | Pending): List | Pending {
  const found = terms.map((term) => {
    try {
      return ask(term);
    } catch (error) {
      if (error instanceof NeedsAnswer) return PENDING;
      throw error;
    }
  });
  return found.includes(PENDING) ? PENDING : found;
}

export function textOf(request: Request, rt: Runtime): string {
  const answer = rt.ask(request);
  if (answer.kind === 'pending') throw new NeedsAnswer();
  return answer.kind === 'text' ? answer.text : missing(answer, '');
}

export function missing(answer: { readonly kind: string; readonly message?: string }, what: string): never {
  return fail('lookup', answer.message ?? `The controller has no answer for "${what}"`);
}
