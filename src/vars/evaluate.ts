import type { Value } from '../core/value.ts';
import type { Environment, Outcome, Request, Template } from '../expr/api.ts';
import { evaluateTemplate } from '../expr/evaluate.ts';
import { constantOf } from './constant.ts';
import type { Term } from './term.ts';

/** How the templates inside a term are evaluated. */
export type EvaluateTemplate = (template: Template) => Outcome;

/**
 * The whole of a term. `OMIT` stays inside, told apart by identity, so that the caller leaves out what has it. What is
 * still to be answered is asked for at once, over all parts; the first failure ends it.
 */
export function evaluateTerm(term: Term, env: Environment): Outcome {
  return evaluateParts(term, (template) => evaluateTemplate(template, env, { native: true }));
}

/** The same with another way to evaluate the templates. */
export function evaluateParts(term: Term, evaluate: EvaluateTemplate): Outcome {
  if (term.kind === 'template') return evaluate(term.template);
  if (term.kind === 'constant') return { kind: 'value', value: term.value };
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
