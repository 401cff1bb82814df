import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { JsonObject } from '../core/value.ts';
import type { Environment, ExprError, Expression } from '../expr/api.ts';
import { evaluateExpression } from '../expr/evaluate.ts';
import { isTruthy } from '../expr/runtime/compare.ts';
import type { Task } from '../playbook/tree.ts';
import { type Answers, settle } from './ask.ts';
import type { CallResult } from './call.ts';
import { templateFailure } from './results.ts';

/** Makes the environment with a result in it, under the names that conditions on results read. */
export type WithResult = (result: CallResult) => Environment;

/** Has `failed_when` and `changed_when` judge a result; without them the module's own judgement stands. */
export async function judge(task: Task, result: CallResult, env: WithResult, answers: Answers): Promise<CallResult> {
  let judged = result;
  if (task.changedWhen !== undefined && judged.outcome !== 'skipped') {
    const verdict = await all(task.changedWhen, env(judged), answers);
    if (!verdict.ok) return withoutVerdict(judged, templateFailure(verdict.error));
    judged = {
      ...judged,
      result: { ...judged.result, changed: verdict.value },
      outcome: changedOutcome(judged.outcome, verdict.value),
    };
  }
  if (task.failedWhen !== undefined && judged.outcome !== 'skipped') {
    const verdict = await all(task.failedWhen, env(judged), answers);
    if (!verdict.ok) return withoutVerdict(judged, templateFailure(verdict.error));
    if (verdict.value) {
      const condition = task.failedWhen.map((one) => one.text).join(' and ');
      return failed(
        judged,
        {
          reason: 'command-failed',
          message: `"failed_when" holds: ${condition}`,
          retry: 'permanent',
          at: task.at,
          ...evidence(judged),
        },
        { failed_when_result: true },
      );
    }
    const { failure: _, ...rest } = judged;
    judged = {
      ...rest,
      outcome: judged.outcome === 'failed' ? (judged.result['changed'] === true ? 'changed' : 'ok') : judged.outcome,
      result: { ...judged.result, failed: false, failed_when_result: false },
    };
  }
  return judged;
}

/** In check mode a verdict may need what only the real run will show. */
function withoutVerdict(result: CallResult, failure: Failure): CallResult {
  if (result.unknown === undefined || failure.reason !== 'not-known') return failed(result, failure);
  return { ...result, outcome: 'unknown', note: result.note ?? failure.message };
}

function changedOutcome(outcome: CallResult['outcome'], changed: boolean): CallResult['outcome'] {
  if (outcome === 'failed') return outcome;
  return changed ? 'changed' : 'ok';
}

/** What a command showed, kept for the person who reads why it failed. */
function evidence(result: CallResult): Pick<Failure, 'exitCode' | 'stderr'> {
  const { rc, stderr } = result.result;
  return {
    ...(typeof rc === 'number' ? { exitCode: rc } : {}),
    ...(typeof stderr === 'string' && stderr !== '' ? { stderr } : {}),
  };
}

function failed(result: CallResult, failure: Failure, more: JsonObject = {}): CallResult {
  return {
    ...result,
    outcome: 'failed',
    failure,
    result: { msg: failure.message, ...result.result, ...more, failed: true },
  };
}

/** All hold, as a list of conditions is joined by `and`. */
export async function all(
  conditions: readonly Expression[],
  env: Environment,
  answers: Answers,
): Promise<Result<boolean, ExprError>> {
  for (const condition of conditions) {
    const outcome = await settle(() => evaluateExpression(condition, env), answers);
    if (outcome.kind === 'failed') return err(outcome.error);
    if (!isTruthy(outcome.value)) return ok(false);
  }
  return ok(true);
}

/** Whether `until` holds; without a condition (only `retries`), that the task did not fail. */
export async function untilHolds(
  task: Task,
  result: CallResult,
  env: WithResult,
  answers: Answers,
): Promise<Result<boolean, ExprError>> {
  if (task.until.length === 0) return ok(result.outcome !== 'failed');
  return all(task.until, env(result), answers);
}
