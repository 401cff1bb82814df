import type { Environment, ExprError, Expression, Outcome } from '../expr/api.ts';
import { evaluateExpression } from '../expr/evaluate.ts';
import { isTruthy } from '../expr/runtime/compare.ts';
import { type Answers, settle } from './ask.ts';

export type Verdict =
  | { readonly kind: 'true' }
  | { readonly kind: 'false'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: ExprError };

/** All must hold; the first that does not is named. */
export async function holds(conditions: readonly Expression[], env: Environment, answers: Answers): Promise<Verdict> {
  for (const condition of conditions) {
    const outcome: Exclude<Outcome, { kind: 'needs' }> = await settle(
      () => evaluateExpression(condition, env),
      answers,
    );
    if (outcome.kind === 'failed') return { kind: 'failed', error: outcome.error };
    if (!isTruthy(outcome.value)) return { kind: 'false', text: condition.text };
  }
  return { kind: 'true' };
}
