import type { Diff } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import { describeChange } from '../host/describe.ts';
import { applyChanges } from './applying.ts';
import { settleJob } from './background.ts';
import type { Call, CallResult } from './call.ts';
import { type Applied, finishedCall, refusedCall, staleCall } from './call-result.ts';
import { diffsOf } from './diffs.ts';
import { causeOf, type Knowledge, namedBy, nothingKnown, observeFor, observeStage, seenIn } from './observing.ts';
import { type Drawn, drawPlans, isTakenAtItsWord, type Planned } from './planning.ts';
import { anything, onlyReads } from './pretended.ts';
import type { Shell } from './shell.ts';
import { dependsOn, unknownCall } from './unknown.ts';

/** A plan made on stale facts is made again at most this often (design §3). */
const maximumReplans = 2;
/** Stages of one plan; a module that goes on longer has a bug. */
const maximumStages = 8;

/** A lost connection ends the stream: what the last intent named is not known. */
export type Executed =
  | { readonly kind: 'result'; readonly result: CallResult }
  | { readonly kind: 'lost'; readonly failure: Failure };

/**
 * Runs calls on one host in as few round trips as they allow: all observations in one, then the plans (pure), then all
 * changes in one. Where a plan needs a fact that an earlier change made unknown, what was planned so far is applied and
 * the host is observed again. Results come in the order of the calls; who stops reading stops the rest.
 */
export async function* executeCalls(calls: readonly Call[], shell: Shell): AsyncGenerator<Executed, void, void> {
  const replans = new Map<Call, number>();
  let known = nothingKnown;
  let pending = calls;
  while (pending.length > 0) {
    const segment = await runSegment(pending, known, shell, replans);
    if (!segment.ok) {
      yield { kind: 'lost', failure: segment.error };
      return;
    }
    for (const [index, result] of segment.value.results.entries()) {
      const call = pending[index];
      const settled =
        call?.background === undefined ? ok(result) : await settleJob(result, call, call.background, shell);
      if (!settled.ok) {
        yield { kind: 'lost', failure: settled.error };
        return;
      }
      yield { kind: 'result', result: settled.value };
    }
    if (segment.value.lost !== undefined) {
      yield { kind: 'lost', failure: segment.value.lost };
      return;
    }
    known = segment.value.known;
    const waits = pending[0] !== undefined && (replans.get(pending[0]) ?? 0) > 0;
    if (segment.value.results.length === 0 && !waits)
      throw new Error(`Module "${pending[0]?.task.module.name}" names facts that are never known`);
    pending = pending.slice(segment.value.results.length);
  }
}

interface Segment {
  /** At least one, unless something was stale and is tried again. */
  readonly results: readonly CallResult[];
  /** What is known for the calls after it. */
  readonly known: Knowledge;
  /** The connection was lost behind these results. */
  readonly lost?: Failure;
}

async function runSegment(
  calls: readonly Call[],
  before: Knowledge,
  shell: Shell,
  replans: Map<Call, number>,
): Promise<Result<Segment, Failure>> {
  const observed = await observeFor(calls, before, shell);
  if (!observed.ok) {
    // What asks nothing of the host is done also where nobody can reach it.
    const asking = calls.findIndex((call) => namedBy(call, before.facts).length > 0);
    if (asking <= 0) return observed;
    const done = await runSegment(calls.slice(0, asking), before, shell, replans);
    return done.ok ? ok({ ...done.value, lost: done.value.lost ?? observed.error }) : done;
  }
  const drawn = drawPlans(calls, observed.value);
  const refusal =
    drawn.refusal === undefined ? [] : [refusedCall(drawn.refusal.call, drawn.refusal.plan, drawn.refusal.facts)];
  const diffs = await diffsOf(drawn.planned, shell);
  if (!diffs.ok) return diffs;
  const diffOf = (changes: readonly Change[]): readonly Diff[] =>
    changes.flatMap((change) => diffs.value.get(change) ?? []);
  if (shell.check) return ok(pretend(drawn, calls, observed.value, shell, refusal, diffOf));
  const applied = await applyChanges(
    drawn.planned.map(({ call, plan }) => ({ call, changes: plan.changes })),
    shell,
  );
  if (!applied.ok) {
    const changing = drawn.planned.findIndex(({ plan }) => plan.changes.length > 0 || plan.then !== undefined);
    const idle = drawn.planned.slice(0, changing);
    if (idle.length === 0) return applied;
    const told = idle.map((planned) => finishedCall(planned, { changes: [], outcomes: [] }, []));
    return ok({ results: told, known: nothingKnown, lost: applied.error });
  }
  const results: CallResult[] = [];
  for (const [index, planned] of drawn.planned.entries()) {
    const outcomes = applied.value[index] ?? [];
    if (outcomes.some((outcome) => outcome.status === 'stale')) {
      const times = (replans.get(planned.call) ?? 0) + 1;
      replans.set(planned.call, times);
      if (times > maximumReplans) results.push(staleCall(planned.call, planned.plan.changes, outcomes));
      return ok({ results, known: nothingKnown });
    }
    // The shell skipped it behind a failure of another call, which may yet let it run.
    if (outcomes[0]?.status === 'skipped') return ok({ results, known: nothingKnown });
    const staged = await runStages(planned, outcomes, shell);
    if (!staged.ok) return staged;
    results.push(finishedCall(planned, staged.value, diffOf(planned.plan.changes)));
  }
  const clean =
    results.every((one) => one.outcome !== 'failed') && drawn.planned.every(({ plan }) => plan.then === undefined);
  return ok({
    results: [...results, ...refusal],
    known: clean ? { ...nothingKnown, facts: drawn.facts } : nothingKnown,
  });
}

/** Goes through what could only be planned after the first changes were made. */
async function runStages(
  planned: Planned,
  first: readonly ChangeOutcome[],
  shell: Shell,
): Promise<Result<Applied, Failure>> {
  const changes: Change[] = [...planned.plan.changes];
  const outcomes: ChangeOutcome[] = [...first];
  let stage = planned.plan.then;
  let { facts } = planned;
  const fail = (reason: string): void => {
    outcomes.push({ status: 'failed', code: 1, stdout: '', stderr: reason, durationMs: 0, reason: 'verify' });
    changes.push(...planned.plan.changes.slice(-1));
  };
  for (let count = 0; stage !== undefined && count < maximumStages; count += 1) {
    if (!allDone(outcomes)) break;
    const observed = await observeStage(stage, facts, shell);
    if (!observed.ok) return observed;
    facts = observed.value.facts;
    const [problem] = observed.value.problems.values();
    if (problem !== undefined) {
      fail(problem.message);
      break;
    }
    const next = stage.plan(seenIn(facts));
    if (next.kind === 'refuse') {
      fail(next.reason);
      break;
    }
    const applied = await applyChanges([{ call: planned.call, changes: next.changes }], shell);
    if (!applied.ok) return applied;
    changes.push(...next.changes);
    outcomes.push(...(applied.value[0] ?? []));
    stage = next.then;
  }
  return ok({ changes, outcomes, facts });
}

function allDone(outcomes: readonly ChangeOutcome[]): boolean {
  return outcomes.every((outcome) => outcome.status === 'done');
}

/** Check mode: the same plans, nothing sent. Calls behind a fact that nobody can know are unknown. */
function pretend(
  drawn: Drawn,
  calls: readonly Call[],
  observed: Knowledge,
  shell: Shell,
  refusal: readonly CallResult[],
  diffOf: (changes: readonly Change[]) => readonly Diff[],
): Segment {
  const results = drawn.planned.map((planned) => {
    const { task } = planned.call;
    if (!isTakenAtItsWord(task)) shell.pretended.push(...planned.plan.changes.map((change) => ({ change, task })));
    const rest =
      planned.plan.then === undefined
        ? {}
        : { unknown: `What follows can only be known after: ${planned.plan.changes.map(describeChange).join('; ')}` };
    return finishedCall(
      planned,
      { changes: planned.plan.changes, outcomes: [], ...rest },
      diffOf(planned.plan.changes),
    );
  });
  if (refusal.length > 0) return { results: [...results, ...refusal], known: nothingKnown };
  const next = calls[results.length];
  if (next === undefined || results.length > 0) return { results, known: nothingKnown };
  const { task } = next;
  const cause = causeOf(next, observed);
  if (!onlyReads(task.module)) shell.pretended.push({ change: anything, task });
  const because = cause === undefined ? 'It depends on what an earlier task would change' : dependsOn(cause);
  return { results: [unknownCall(next.item, because)], known: nothingKnown };
}
