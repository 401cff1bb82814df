import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Session, Step, StepResult } from '../host/session.ts';
import { runBatch } from './batch.ts';
import { aborted, fail, isAborted } from './failures.ts';
import type { FramedShell } from './framed-shell.ts';
import { forgetJobsText, resyncText } from './shell-text.ts';
import { jobOf, resultOf, stops } from './step-frames.ts';

/** What a connection does for one of its sessions. */
export interface SessionSupport {
  readonly host: string;
  readonly user: string;
  readonly clock: Clock;
  /** Reconnects where the connection was lost. `lost` names shells of this session that may still run on the host. */
  readonly openShell: (
    lost: readonly string[],
    signal: AbortSignal | undefined,
  ) => Promise<Result<FramedShell, Failure>>;
  /** Runs a text in a shell of its own as the same user. */
  readonly runApart: (text: string) => Promise<Result<void, Failure>>;
  /** The shell does nothing for now: its channel may be taken. Answers how to claim it again. */
  readonly offer: (shell: FramedShell) => () => void;
  /** Why the connection is gone; absent while it is up. */
  readonly lost: () => string | undefined;
  readonly countRoundTrip: () => void;
  readonly reconnectMs: number;
}

export interface OwnedSession extends Session {
  readonly close: () => void;
}

type Results = Result<readonly StepResult[], Failure>;

const skipped: StepResult = { status: 'skipped' };

/** A session opens its shell when it is first needed, and again where it was lost. */
export function createSession(support: SessionSupport): OwnedSession {
  const { host, user, clock } = support;
  let shell: FramedShell | undefined;
  let claim: () => void = () => undefined;
  let queue: Promise<unknown> = Promise.resolve();
  /** Shells that went away without a goodbye. */
  let left: readonly string[] = [];
  /** Detached steps whose results have arrived: their files can go. */
  let arrived: readonly string[] = [];

  const ready = async (signal: AbortSignal | undefined): Promise<Result<FramedShell, Failure>> => {
    claim();
    if (shell !== undefined && !shell.isGone()) return ok(shell);
    if (shell !== undefined) left = [...left, shell.registration.key];
    shell = undefined;
    const opened = await support.openShell(left, signal);
    if (!opened.ok) return opened;
    left = [];
    shell = opened.value;
    return opened;
  };

  const lostFailure = () => {
    const why = support.lost();
    const what =
      why === undefined
        ? `The shell of "${user}" on "${host}" ended in the middle of a step`
        : `The connection to "${host}" was lost: ${why}`;
    return fail('connection-lost', what, { retry: 'transient' });
  };

  const runSteps = async (steps: readonly Step[], signal: AbortSignal | undefined): Promise<Results> => {
    const opened = await ready(signal);
    if (!opened.ok) return opened;
    const asked = new Set(steps.flatMap((step) => (step.detach === undefined ? [] : [jobOf(step.detach.id)])));
    const text = resyncText + forgetJobsText(arrived.filter((job) => !asked.has(job)));
    const batch = await runBatch(opened.value, steps, { clock, runApart: support.runApart, signal, text });
    if (batch.aborted) return aborted(host);
    if (!opened.value.isGone()) {
      claim = support.offer(opened.value);
      arrived = arrived.filter((job) => asked.has(job));
    }
    const results: StepResult[] = [];
    for (const [index, outcome] of batch.outcomes.entries()) {
      if (outcome.kind === 'skipped') results.push(skipped);
      else if (outcome.kind === 'ended') results.push(resultOf(outcome));
      else if (batch.overrun !== index) return lostFailure();
      else {
        // The shell had to be ended with the step: nothing that follows has begun, and it goes through a new one.
        const { stdout, stderr, durationMs } = outcome;
        results.push({ status: 'timed-out', stdout, stderr, durationMs });
        const rest = steps.slice(index + 1);
        const more = steps[index]?.fatal === true ? ok(rest.map(() => skipped)) : await runParts(rest, signal);
        return more.ok ? ok([...results, ...more.value]) : more;
      }
    }
    return ok(results);
  };

  /** A cut connection loses the view of it and not the work: the same step is asked for again until the time is over. */
  const runDetached = async (step: Step, id: string, signal: AbortSignal | undefined): Promise<Results> => {
    const until = clock.monotonic() + support.reconnectMs;
    for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
      const result = await runSteps([step], signal);
      if (result.ok) {
        arrived = [...arrived.filter((job) => job !== jobOf(id)), jobOf(id)];
        return result;
      }
      const passing = result.error.reason === 'connection-lost' || result.error.reason === 'unreachable';
      if (!passing || clock.monotonic() + wait > until) return result;
      await clock.sleep(wait, signal).catch(() => undefined);
      if (isAborted(signal)) return aborted(host);
    }
  };

  const runParts = async (steps: readonly Step[], signal: AbortSignal | undefined): Promise<Results> => {
    const results: StepResult[] = [];
    for (const part of partsOf(steps)) {
      if (hasStopped(steps, results)) {
        results.push(...part.map(() => skipped));
        continue;
      }
      const [first] = part;
      const got =
        first?.detach === undefined ? await runSteps(part, signal) : await runDetached(first, first.detach.id, signal);
      if (!got.ok) return got;
      results.push(...got.value);
    }
    return ok(results);
  };

  const runNow = async (steps: readonly Step[], signal: AbortSignal | undefined): Promise<Results> => {
    if (isAborted(signal)) return aborted(host);
    if (steps.length === 0) return ok([]);
    support.countRoundTrip();
    return runParts(steps, signal);
  };

  return {
    user,
    run: async (steps, options) => {
      const mine = queue.then(() => runNow(steps, options?.signal));
      queue = mine.catch(() => undefined);
      return mine;
    },
    close: () => shell?.close(forgetJobsText(arrived)),
  };
}

/** A detached step is a border: what comes after it is not sent before its result has arrived, so that nothing runs unseen. */
function partsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const parts: Step[][] = [];
  let together: Step[] | undefined;
  for (const step of steps) {
    if (step.detach !== undefined) {
      parts.push([step]);
      together = undefined;
    } else if (together === undefined) {
      together = [step];
      parts.push(together);
    } else together.push(step);
  }
  return parts;
}

function hasStopped(steps: readonly Step[], results: readonly StepResult[]): boolean {
  return results.some((result, index) => {
    const step = steps[index];
    if (step === undefined || result.status === 'skipped') return true;
    return result.status === 'timed-out' ? step.fatal : stops(step, result.code, false);
  });
}
