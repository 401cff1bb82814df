import type { AnyFact, Observation } from '../observation.ts';
import type { Step, StepResult } from '../session.ts';

/** Why a question has no answer. */
export interface Problem {
  /** One sentence: what was asked and what came instead. */
  readonly message: string;
  readonly help?: string;
  readonly code?: number;
  readonly stderr?: string;
}

export type Answer =
  | { readonly observation: Observation; readonly fact: AnyFact }
  | { readonly observation: Observation; readonly problem: Problem }
  /** The host lacks the tools: the controller asks over a forwarded channel (`observeThrough`). */
  | { readonly observation: Observation; readonly forward: true };

/** The questions of one kind as steps, and how their results are read. */
export interface Part {
  readonly steps: readonly Step[];
  decode(results: readonly StepResult[]): readonly Answer[];
}

export type Finished = Extract<StepResult, { status: 'done' }>;

/** A step whose failure is an answer of its own: it never makes the shell skip what follows. */
export function asking(script: string, timeoutMs?: number): Step {
  return { script, fatal: false, allowed: 'any', ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

/** A question that one step answers by itself. */
export function single(observation: Observation, step: Step, read: (done: Finished) => Answer): Part {
  return { steps: [step], decode: (results) => [finished(observation, results[0], read)] };
}

/** Several questions that one step answers together. */
export function together(
  observations: readonly Observation[],
  step: Step,
  read: (done: Finished) => readonly Answer[],
): Part {
  return {
    steps: [step],
    decode: ([result]) =>
      result?.status === 'done'
        ? read(result)
        : observations.map((observation) => ({ observation, problem: unfinished(result) })),
  };
}

function finished(observation: Observation, result: StepResult | undefined, read: (done: Finished) => Answer): Answer {
  return result?.status === 'done' ? read(result) : { observation, problem: unfinished(result) };
}

/** What to say of a step that gave no answer. */
export function unfinished(result: StepResult | undefined): Problem {
  if (result?.status === 'timed-out')
    return { message: 'The host did not answer in time', stderr: utf8(result.stderr) };
  return { message: 'The question was not asked, because a step before it failed' };
}

export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** The last line of what a tool complained, for a message. */
export function lastLine(bytes: Uint8Array): string {
  return utf8(bytes).trimEnd().split('\n').at(-1)?.trim() ?? '';
}

export function failed(observation: Observation, message: string, done: Finished, help?: string): Answer {
  return {
    observation,
    problem: { message, code: done.code, stderr: utf8(done.stderr), ...(help === undefined ? {} : { help }) },
  };
}
