import type { Environment, ExprError, Expression, Outcome } from '../expr/api.ts';
import { evaluateExpression } from '../expr/evaluate.ts';
import { isTruthy } from '../expr/runtime/compare.ts';
import { type Answers, settle } from './ask.ts';

export type Verdict =
  | { readonly kind: 'true' }
  | { readonly kind: 'false'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: ExprError };

/** All must hold; the first that does not is named, also behind one that check mode cannot know. */
export async function holds(conditions: readonly Expression[], env: Environment, answers: Answers): Promise<Verdict> {
  let unknown: ExprError | undefined;
  for (const condition of conditions) {
    const outcome: Exclude<Outcome, { kind: 'needs' }> = await settle(
      () => evaluateExpression(condition, env),
      answers,
    );
    if (outcome.kind === 'failed') {
      unknown ??= outcome.error;
      if (unknown.reason !== 'unknown') return { kind: 'failed', error: unknown };
      continue;
    }
    if (!isTruthy(outcome.value)) return { kind: 'false', text: condition.text };
  }
  return unknown === undefined ? { kind: 'true' } : { kind: 'failed', error: unknown };
}
