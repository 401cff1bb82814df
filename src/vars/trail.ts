import type { Expression, Outcome, Template } from '../expr/api.ts';

/**
 * The variables that are being evaluated at this moment, outermost first. Scopes that read each other (`hostvars`) share
 * one, so that a circle through several hosts is seen too.
 */
export interface Trail {
  readonly steps: { readonly scope: object; readonly formula: Template | Expression; readonly name: string }[];
}

export function createTrail(): Trail {
  return { steps: [] };
}

/** Variables that read variables that read variables: more of them than this is a mistake, and would end in a stack overflow. */
const deepest = 100;

/** Computes one template of a variable, unless that is what is being done already. */
export function alongTrail(trail: Trail, step: Trail['steps'][number], evaluate: () => Outcome): Outcome {
  const first = trail.steps.findIndex((other) => other.formula === step.formula && other.scope === step.scope);
  if (first !== -1) return circle([...trail.steps.slice(first), step]);
  if (trail.steps.length >= deepest) return tooDeep([...trail.steps, step]);
  trail.steps.push(step);
  try {
    return evaluate();
  } finally {
    trail.steps.pop();
  }
}

function circle(steps: Trail['steps']): Outcome {
  const names = steps.map((step) => step.name);
  return failed(steps, `Variable "${names[0] ?? ''}" is defined by itself: ${names.join(' → ')}`);
}

function tooDeep(steps: Trail['steps']): Outcome {
  const last = steps.slice(-8).map((step) => step.name);
  return failed(steps, `Variables are nested more than ${deepest} deep: … → ${last.join(' → ')}`);
}

function failed(steps: Trail['steps'], message: string): Outcome {
  const formula = steps.at(-1)?.formula;
  if (formula === undefined) throw new Error('A trail that ends has a last step');
  const at = formula.place(0, formula.text.length);
  return { kind: 'failed', error: { reason: 'value', message, at, help: 'Give one of them a value of its own' } };
}
