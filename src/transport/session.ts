import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Session, Step, StepResult } from '../host/session.ts';
import { aborted, fail } from './failures.ts';
import type { Frame, FramedShell, FrameOutcome } from './framed-shell.ts';
import { stepText } from './shell-text.ts';

/** What a connection does for one of its sessions. */
export interface SessionSupport {
  readonly host: string;
  readonly user: string;
  readonly clock: Clock;
  readonly openShell: (signal: AbortSignal | undefined) => Promise<Result<FramedShell, Failure>>;
  /** The shell does nothing for now: its channel may be taken. Answers how to claim it again. */
  readonly offer: (shell: FramedShell) => () => void;
  readonly countRoundTrip: () => void;
}

export interface OwnedSession extends Session {
  readonly close: () => void;
}

/** A session opens its shell when it is first needed, and again where it was lost. */
export function createSession(support: SessionSupport): OwnedSession {
  const { host, user } = support;
  let shell: FramedShell | undefined;
  let claim: () => void = () => undefined;
  let last: Promise<unknown> = Promise.resolve();

  const ready = async (signal: AbortSignal | undefined): Promise<Result<FramedShell, Failure>> => {
    claim();
    if (shell !== undefined && !shell.isGone()) return ok(shell);
    shell = undefined;
    const opened = await support.openShell(signal);
    if (opened.ok) shell = opened.value;
    return opened;
  };

  const runNow = async (
    steps: readonly Step[],
    signal: AbortSignal | undefined,
  ): Promise<Result<readonly StepResult[], Failure>> => {
    if (signal?.aborted === true) return aborted(host);
    support.countRoundTrip();
    const opened = await ready(signal);
    if (!opened.ok) return opened;
    const outcomes = await sendSteps(opened.value, steps);
    if (!opened.value.isGone()) claim = support.offer(opened.value);
    const results: StepResult[] = [];
    for (const outcome of outcomes) {
      if (outcome.kind === 'lost')
        return fail('connection-lost', `The connection to "${host}" was lost`, { retry: 'transient' });
      results.push(resultOf(outcome));
    }
    return ok(results);
  };

  return {
    user,
    run: async (steps, options) => {
      const mine = last.then(() => runNow(steps, options?.signal));
      last = mine;
      return mine;
    },
    close: () => shell?.close(),
  };
}

async function sendSteps(shell: FramedShell, steps: readonly Step[]): Promise<readonly FrameOutcome[]> {
  const outcomes: Promise<FrameOutcome>[] = [];
  const frames: Frame[] = [];
  for (const step of steps) {
    const id = shell.nextId();
    const allowed = step.allowed ?? [0];
    const list = !step.fatal || allowed === 'any' ? '-' : allowed.join(' ');
    outcomes.push(
      new Promise((resolve) => {
        frames.push({
          id,
          text: stepText(shell.marker, id, list, step.script),
          stops: (code) => step.fatal && allowed !== 'any' && !allowed.includes(code),
          onEnd: resolve,
        });
      }),
    );
  }
  shell.send(frames, 'hlb_F=\n');
  return Promise.all(outcomes);
}

function resultOf(outcome: Exclude<FrameOutcome, { kind: 'lost' }>): StepResult {
  if (outcome.kind === 'skipped') return { status: 'skipped' };
  const { code, stdout, stderr, durationMs } = outcome;
  return { status: 'done', code, stdout, stderr, durationMs };
}
