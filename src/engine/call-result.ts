import type { Diff } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/value.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import type { Facts } from '../host/facts.ts';
import type { Plan } from '../module/define.ts';
import type { Call, CallResult } from './call.ts';
import { seenIn } from './observing.ts';
import type { Planned } from './planning.ts';
import { changeFailure, refused } from './results.ts';
import { takesOf, takesOfRefused } from './takes.ts';
import { dependsOn } from './unknown.ts';

/** What the changes of a call came to, all stages in order. */
export interface Applied {
  readonly changes: readonly Change[];
  /** Empty in check mode. */
  readonly outcomes: readonly ChangeOutcome[];
  /** With what later stages saw; those that the plan was made on when absent. */
  readonly facts?: Facts;
  /** Why the rest of it cannot be known ahead. */
  readonly unknown?: string;
}

/** A call whose plan was applied, or in check mode only made. */
export function finishedCall(planned: Planned, applied: Applied, diffs: readonly Diff[]): CallResult {
  const { call, plan } = planned;
  const facts = applied.facts ?? planned.facts;
  const { module } = call.task;
  const own = module.result(call.params, seenIn(facts), plan, applied.outcomes, call.inputs, call.context);
  const failedAt = applied.outcomes.findIndex((outcome) => outcome.status === 'failed');
  const failedChange = applied.changes[failedAt];
  const failedOutcome = applied.outcomes[failedAt];
  const failure: Failure | undefined =
    failedChange !== undefined && failedOutcome?.status === 'failed'
      ? changeFailure(failedChange, failedOutcome, call.task.at)
      : own['failed'] === true
        ? { reason: 'command-failed', message: messageOf(own), retry: 'permanent', at: call.task.at }
        : undefined;
  const changed = typeof own['changed'] === 'boolean' ? own['changed'] : hasChanged(applied, call.context.check);
  const result: JsonObject = {
    ...own,
    changed,
    failed: failure !== undefined,
    ...(failure === undefined || 'msg' in own ? {} : { msg: failure.message }),
    ...(plan.warnings.length === 0 ? {} : { warnings: [...plan.warnings] }),
  };
  const common = {
    item: call.item,
    result,
    diffs,
    changes: applied.changes,
    durationMs: durationOf(applied.outcomes),
    ...(call.context.check ? { takes: takesOf(planned) } : {}),
  };
  if (failure !== undefined) return { ...common, outcome: 'failed', failure, effects: [] };
  if (plan.skip === true) {
    const why = plan.why === undefined ? {} : { note: plan.why };
    return { ...common, result: { ...result, skipped: true }, outcome: 'skipped', effects: [], ...why };
  }
  const unknown = call.context.check ? (plan.unknown ?? applied.unknown) : undefined;
  const open = call.context.check && (unknown !== undefined || changed) ? { unknown: dependsOn(call.task) } : {};
  if (unknown !== undefined) return { ...common, ...open, outcome: 'unknown', effects: plan.effects, note: unknown };
  const why = plan.why === undefined ? {} : { note: plan.why };
  return { ...common, ...open, outcome: changed ? 'changed' : 'ok', effects: plan.effects, ...why };
}

function messageOf(result: JsonObject): string {
  return typeof result['msg'] === 'string' ? result['msg'] : 'The module says that it failed';
}

function hasChanged(applied: Applied, check: boolean): boolean {
  return applied.changes.some((change, index) => {
    if (change.quiet === true || change.kind === 'wait-until') return false;
    if (check) return true;
    const outcome = applied.outcomes[index];
    return outcome?.status === 'done' && outcome.noop !== true;
  });
}

function durationOf(outcomes: readonly ChangeOutcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + ('durationMs' in outcome ? outcome.durationMs : 0), 0);
}

export function refusedCall(call: Call, plan: Extract<Plan, { kind: 'refuse' }>, facts: Facts): CallResult {
  const failure = refused(plan.reason, call.task.at, plan.help);
  return {
    item: call.item,
    outcome: 'failed',
    failure,
    result: { changed: false, msg: plan.reason, ...plan.result, failed: true },
    diffs: [],
    effects: [],
    changes: [],
    ...(call.context.check ? { takes: takesOfRefused(call, plan, facts) } : {}),
    durationMs: 0,
  };
}

/** Others changed the same thing again and again while this call looked at it. */
export function staleCall(call: Call, changes: readonly Change[], outcomes: readonly ChangeOutcome[]): CallResult {
  const seen = outcomes.flatMap((outcome) => (outcome.status === 'stale' ? [outcome.message] : []));
  const message = `What was observed had changed before it could be acted on, each time it was tried: ${seen.join('; ')}`;
  const failure: Failure = {
    reason: 'stale',
    message,
    retry: 'transient',
    at: call.task.at,
    help: 'Find what else writes there, then run the play again',
  };
  return {
    item: call.item,
    outcome: 'failed',
    failure,
    result: { changed: false, failed: true, msg: message },
    diffs: [],
    effects: [],
    changes,
    durationMs: 0,
  };
}
