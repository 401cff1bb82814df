import { unreachable } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import type { Environment, Expression, Outcome, Template } from './api.ts';
import { printedText, resultOf } from './build/concat.ts';
import type { Frame } from './build/frame.ts';
import { isEval, isProgram } from './compile.ts';
import { EvaluationError, NeedsAnswer, NeedsCopies } from './runtime/failure.ts';
import { finish } from './runtime/finish.ts';
import type { Val } from './runtime/value.ts';
import { begin } from './session.ts';

/**
 * Runs a template. `native`: one `{{ }}` alone keeps its type, anything else is text, and nothing printed is none, as
 * ansible-core 2.19 has it; without it the result is made text, as for a file.
 */
export function evaluateTemplate(
  template: Template,
  env: Environment,
  { native }: { readonly native: boolean },
): Outcome {
  const { body } = template;
  if (!isProgram(body)) throw new Error('The template was not made by compileTemplate');
  return attempt(template, env, (frame) => {
    const out: Val[] = [];
    body.run(frame, out);
    const value = resultOf(out, body);
    return native ? value : printedText(value);
  });
}

export function evaluateExpression(expression: Expression, env: Environment): Outcome {
  const { body } = expression;
  if (!isEval(body)) throw new Error('The expression was not made by compileExpression');
  return attempt(expression, env, body);
}

/**
 * The value of an outcome, for `resolve` and `Deferred`, which answer an evaluation in progress with values that are
 * templates themselves. What failed or waits ends the part of that evaluation which wanted the value.
 */
export function valueOf(outcome: Outcome): Value {
  switch (outcome.kind) {
    case 'value':
      return outcome.value;
    case 'needs':
      throw new NeedsAnswer(outcome.requests);
    case 'failed': {
      const { reason, message, at, help } = outcome.error;
      throw new EvaluationError(reason, message, at, help);
    }
    default:
      return unreachable(outcome);
  }
}

function attempt(whole: Template | Expression, env: Environment, run: (frame: Frame) => Val): Outcome {
  for (let copies = false; ; copies = true) {
    const session = begin(env, copies);
    const waiting = (): Outcome | undefined => {
      const requests = session.requests();
      return requests.length > 0 ? { kind: 'needs', requests } : undefined;
    };
    try {
      const value = finish(run(session.frame));
      return waiting() ?? { kind: 'value', value };
    } catch (error) {
      if (error instanceof NeedsCopies && !copies) continue;
      if (error instanceof NeedsAnswer) session.note(error.requests);
      return waiting() ?? failed(error, whole);
    }
  }
}

function failed(error: unknown, { place, text }: Template | Expression): Outcome {
  if (error instanceof EvaluationError) {
    const { reason, message, at = place(0, text.length), help } = error;
    return { kind: 'failed', error: { reason, message, at, ...(help !== undefined && { help }) } };
  }
  if (error instanceof RangeError) {
    const message = 'The template goes too deep or makes something too big';
    return { kind: 'failed', error: { reason: 'fuel', message, at: place(0, text.length) } };
  }
  throw error;
}
