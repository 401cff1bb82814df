import type { Expression, Outcome, Template } from '../expr/api.ts';
import { valueOf } from '../expr/evaluate.ts';

/**
 * The variables that are being evaluated at this moment, outermost first. Scopes that read each other (`hostvars`) share
 * one, so that a circle through several hosts is seen too.
 */
export interface Trail {
  readonly steps: Step[];
}

interface Step {
  readonly scope: object;
  readonly formula: Template | Expression;
  readonly name: string;
}

type Failed = Extract<Outcome, { kind: 'failed' }>;

export function createTrail(): Trail {
  return { steps: [] };
}

/** Variables that read variables that read variables: more of them than this is a mistake, and would end in a stack overflow. */
const deepest = 100;

/** Works on one template of a variable, unless that is what is being done already. */
export function alongTrail<T>(trail: Trail, step: Step, work: () => T, refused: (failure: Failed) => T): T {
  const first = trail.steps.findIndex((other) => other.formula === step.formula && other.scope === step.scope);
  if (first !== -1) return refused(circle([...trail.steps.slice(first), step], step));
  if (trail.steps.length >= deepest) return refused(tooDeep([...trail.steps, step], step));
  trail.steps.push(step);
  try {
    return work();
  } finally {
    trail.steps.pop();
  }
}

function circle(steps: readonly Step[], last: Step): Failed {
  const names = steps.map((step) => step.name);
  return failed(last, `Variable "${last.name}" is defined by itself: ${names.join(' → ')}`);
}

function tooDeep(steps: readonly Step[], last: Step): Failed {
  const names = steps.slice(-8).map((step) => step.name);
  return failed(last, `Variables are nested more than ${deepest} deep: … → ${names.join(' → ')}`);
}

function failed({ formula: { place, text } }: Step, message: string): Failed {
  const at = place(0, text.length);
  return { kind: 'failed', error: { reason: 'value', message, at, help: 'Give one of them a value of its own' } };
}

/** Ends the evaluation that asked. */
export function raise(failure: Failed): never {
  valueOf(failure);
  throw new Error(failure.error.message);
}
