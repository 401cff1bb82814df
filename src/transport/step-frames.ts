import { createHash } from 'node:crypto';
import type { Step, StepResult } from '../host/session.ts';
import type { Frame, FramedShell, FrameOutcome } from './framed-shell.ts';
import { detachedStepText, plainStepText, timedStepText } from './shell-text.ts';

/** The name of a detached step among the files of the host. */
export function jobOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 24);
}

/** Whether a step that ended like this stops the run. */
export function stops(step: Step, code: number, over: boolean): boolean {
  if (!step.fatal) return false;
  const allowed = step.allowed ?? [0];
  return over || (allowed !== 'any' && !allowed.includes(code));
}

/** A step as it is sent. What `onBegin` is told stays true until `onEnd`. */
export function frameOf(shell: FramedShell, step: Step, on: Pick<Frame, 'onBegin' | 'onEnd'>): Frame {
  const id = shell.nextId();
  const codes = step.allowed ?? [0];
  const allowed = !step.fatal ? '-' : codes === 'any' ? 'any' : codes.join(' ');
  const words = { marker: shell.marker, id, allowed, script: step.script };
  return {
    ...on,
    id,
    text:
      step.detach !== undefined
        ? detachedStepText(words, jobOf(step.detach.id))
        : step.timeoutMs === undefined
          ? plainStepText(words)
          : timedStepText(words),
    stops: (code, over) => stops(step, code, over),
  };
}

export function resultOf(outcome: Extract<FrameOutcome, { kind: 'ended' }>): StepResult {
  const { code, over, stdout, stderr, durationMs } = outcome;
  return over
    ? { status: 'timed-out', stdout, stderr, durationMs }
    : { status: 'done', code, stdout, stderr, durationMs };
}
