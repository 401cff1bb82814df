import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Step } from '../host/session.ts';
import { endShellText, endStepText } from './ending-text.ts';
import type { FramedShell, FrameOutcome } from './framed-shell.ts';
import { frameOf, jobOf } from './step-frames.ts';

export interface BatchOptions {
  readonly clock: Clock;
  /** Runs a text in a shell of its own as the same user. Comes to an end by itself where the host does not answer. */
  readonly runApart: (text: string) => Promise<Result<void, Failure>>;
  readonly signal: AbortSignal | undefined;
  /** Goes before the steps. */
  readonly text: string;
}

export interface BatchOutcome {
  readonly outcomes: readonly FrameOutcome[];
  /** The step that took too long and could only be ended with its shell. */
  readonly overrun: number | undefined;
  /** The shell was ended because the caller asked for it. */
  readonly aborted: boolean;
}

/** A shell that has not told its process group within this does not answer at all. */
const identityMs = 2_000;
/** What a timer of Node.js can hold: 24 days. */
const longestSleepMs = 2 ** 31 - 1;

/**
 * Sends steps in one write and waits for all of them. A step whose time is over is ended on the host; an abort ends the
 * whole shell there, and this resolves when that is done.
 */
export async function runBatch(
  shell: FramedShell,
  steps: readonly Step[],
  options: BatchOptions,
): Promise<BatchOutcome> {
  const { clock, runApart, signal } = options;
  const { registration } = shell;
  /** The step that has begun last on the host; `group` is absent where it runs in the shell's own process group. */
  let running: { readonly index: number; readonly group: number | undefined } | undefined;
  let overrun: number | undefined;
  let ending: Promise<void> | undefined;

  const endShell = async (): Promise<void> => {
    const identity = await Promise.race([shell.identity, clock.sleep(identityMs)]);
    if (identity !== undefined) {
      const { directory } = identity;
      const { runId, incarnation, key } = registration;
      const { group } = running ?? {};
      const detach = steps[running?.index ?? 0]?.detach;
      const note = directory === undefined ? undefined : `${directory}/shell.${runId}.${incarnation}.${key}`;
      const job =
        directory === undefined || detach === undefined ? undefined : `${directory}/job.${jobOf(detach.id)}/pid`;
      await runApart(endShellText(group === undefined ? [identity.group] : [identity.group, group], note, job));
    }
    shell.destroy();
  };

  const endStep = async (index: number, id: number): Promise<void> => {
    const directory = (await shell.identity)?.directory;
    if (running?.index !== index) return;
    if (running.group !== undefined && directory !== undefined) {
      const ended = await runApart(endStepText(running.group, `${directory}/over.${registration.key}.${id}`));
      if (ended.ok) return;
    }
    overrun = index;
    ending ??= endShell();
    await ending;
  };

  const frames = steps.map((step, index) => {
    let resolve: (outcome: FrameOutcome) => void = () => undefined;
    const outcome = new Promise<FrameOutcome>((done) => {
      resolve = done;
    });
    const over = step.timeoutMs === undefined ? undefined : new AbortController();
    const frame = frameOf(shell, step, {
      onBegin: (group) => {
        running = { index, group };
        if (group !== undefined || step.timeoutMs === undefined || over === undefined) return;
        clock.sleep(Math.min(step.timeoutMs, longestSleepMs), over.signal).then(
          () => endStep(index, frame.id),
          () => undefined,
        );
      },
      onEnd: (how) => {
        over?.abort();
        resolve(how);
      },
    });
    return { frame, outcome };
  });

  let aborted = false;
  const onAbort = (): void => {
    aborted = true;
    ending ??= endShell();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  shell.send(
    frames.map((one) => one.frame),
    options.text,
  );
  const outcomes = await Promise.all(frames.map((one) => one.outcome));
  signal?.removeEventListener('abort', onAbort);
  await ending;
  return { outcomes, overrun, aborted: aborted && outcomes.some((one) => one.kind === 'lost') };
}
