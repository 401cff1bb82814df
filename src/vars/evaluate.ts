import type { Value } from '../core/value.ts';
import type { Environment, Expression, Outcome, Request, Template } from '../expr/api.ts';
import { evaluateExpression, evaluateTemplate } from '../expr/evaluate.ts';
import { constantOf } from './constant.ts';
import type { Term } from './term.ts';

/** How what has to be computed inside a term is computed. */
export type Evaluate = (formula: Template | Expression) => Outcome;

/**
 * The whole of a term. `OMIT` stays inside, told apart by identity, so that the caller leaves out what has it. What is
 * still to be answered is asked for at once, over all parts; the first failure ends it.
 */
export function evaluateTerm(term: Term, env: Environment): Outcome {
  return evaluateParts(term, (formula) => evaluateFormula(formula, env));
}

/** A lone `{{ }}` keeps its type. */
export function evaluateFormula(formula: Template | Expression, env: Environment): Outcome {
  return formula.kind === 'template'
    ? evaluateTemplate(formula, env, { native: true })
    : evaluateExpression(formula, env);
}

/** The same as `evaluateTerm` with another way to compute. */
export function evaluateParts(term: Term, evaluate: Evaluate): Outcome {
  if (term.kind === 'template') return evaluate(term.template);
  if (term.kind === 'expression') return evaluate(term.expression);
  if (term.kind === 'constant') return { kind: 'value', value: term.value };
  if (term.kind === 'unknown')
    return { kind: 'failed', error: { reason: 'unknown', message: term.because, at: term.at } };
  const known = constantOf(term);
  if (known !== undefined) return { kind: 'value', value: known };
  const values: Value[] = [];
  const requests: Request[] = [];
  for (const part of partsOf(term)) {
    const outcome = evaluateParts(part, evaluate);
    if (outcome.kind === 'failed') return outcome;
    if (outcome.kind === 'needs') requests.push(...outcome.requests);
    else values.push(outcome.value);
  }
  if (requests.length > 0) return { kind: 'needs', requests };
  return { kind: 'value', value: term.kind === 'list' ? values : mappingOf(values) };
}

function partsOf(term: Extract<Term, { kind: 'list' | 'mapping' }>): readonly Term[] {
  return term.kind === 'list' ? term.items : term.entries.flatMap((entry) => [entry.key, entry.value]);
}

/** Of keys and values by turns. */
function mappingOf(values: readonly Value[]): Value {
  const mapping = new Map<Value, Value>();
  for (let index = 0; index + 1 < values.length; index += 2)
    mapping.set(values[index] ?? null, values[index + 1] ?? null);
  return mapping;
}
