import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { createFrameScanner } from './frame-scanner.ts';
import type { Pipe } from './pipe.ts';
import { goodbyeText, preludeText, type Registration } from './shell-text.ts';

/** What the shell said of itself. */
export interface ShellIdentity {
  readonly pid: number;
  readonly group: number;
  /** The user's own directory for the state of sessions; absent where there is none. */
  readonly directory: string | undefined;
}

/** A step on its way through the shell. */
export interface Frame {
  readonly id: number;
  /** The text that runs it; `marker` and `id` are already in it. */
  readonly text: string;
  /** It began on the host. `group` is absent where it runs in the shell's own process group. */
  readonly onBegin?: (group: number | undefined) => void;
  /** Ended like this it lets nothing after it run. `over` says that it was ended because its time was over. */
  readonly stops: (code: number, over: boolean) => boolean;
  readonly onEnd: (outcome: FrameOutcome) => void;
}

export type FrameOutcome =
  | {
      readonly kind: 'ended';
      readonly code: number;
      /** It was ended because its time was over. */
      readonly over: boolean;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
      readonly durationMs: number;
    }
  /** A frame before it stopped the run. */
  | { readonly kind: 'skipped' }
  /** The shell went away; `begun` says whether it is known to have begun it. */
  | {
      readonly kind: 'lost';
      readonly begun: boolean;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
      readonly durationMs: number;
    };

export interface FramedShell {
  readonly marker: string;
  readonly registration: Registration;
  /** Resolves when the shell has told it, or has gone before it could. */
  readonly identity: Promise<ShellIdentity | undefined>;
  readonly nextId: () => number;
  /** Writes all frames in one go behind `text`. One call at a time. */
  readonly send: (frames: readonly Frame[], text: string) => void;
  readonly isGone: () => boolean;
  /** Asks the shell to end after `text`, and lets go of it. */
  readonly close: (text: string) => void;
  /** Lets go of it at once. */
  readonly destroy: () => void;
}

interface Pending {
  readonly frame: Frame;
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
  begunAt: number | undefined;
  code: number;
  over: boolean;
  outEnded: boolean;
  errEnded: boolean;
  errBegun: boolean;
}

/** Puts the frames of a session around a `/bin/sh` that reads its commands from `pipe`. */
export function createFramedShell(pipe: Pipe, registration: Registration, clock: Clock): FramedShell {
  const marker = randomBytes(16).toString('hex');
  let pending: Pending[] = [];
  let tell: (identity: ShellIdentity | undefined) => void = () => undefined;
  const identity = new Promise<ShellIdentity | undefined>((resolve) => {
    tell = resolve;
  });
  let known = false;
  let lastId = 0;
  let gone = false;
  let greeted = false;

  const current = (done: (one: Pending) => boolean): Pending | undefined => pending.find((one) => !done(one));
  const currentOut = (): Pending | undefined => current((one) => one.outEnded);
  const currentErr = (): Pending | undefined => current((one) => one.errEnded);

  const seenOf = (one: Pending) => ({
    stdout: joined(one.stdout),
    stderr: joined(one.stderr),
    durationMs: clock.monotonic() - (one.begunAt ?? clock.monotonic()),
  });

  const settle = (): void => {
    for (let one = pending[0]; one !== undefined && one.outEnded && one.errEnded; one = pending[0]) {
      pending = pending.slice(1);
      one.frame.onEnd({
        kind: 'ended',
        code: one.code,
        over: one.over,
        ...seenOf(one),
      });
    }
  };

  const onOut = (words: readonly string[]): boolean => {
    const [type, id, ...rest] = words;
    if (type === 'S' && !known) {
      known = true;
      const [group = '', , , ...path] = rest;
      const directory = path.join(' ');
      tell({ pid: Number(id), group: Number(group), directory: directory === '' ? undefined : directory });
      return true;
    }
    const one = currentOut();
    if (one === undefined || id !== String(one.frame.id)) return false;
    if (type === 'B' && one.begunAt === undefined) {
      one.begunAt = clock.monotonic();
      one.frame.onBegin?.(undefined);
      return true;
    }
    if (one.begunAt === undefined) return false;
    if (type === 'P') {
      one.frame.onBegin?.(Number(rest[0]));
      return true;
    }
    // It still waits for a detached step.
    if (type === 'H') return true;
    if (type !== 'E') return false;
    one.outEnded = true;
    one.code = Number(rest[0]);
    one.over = rest[1] === 'T';
    if (one.frame.stops(one.code, one.over)) skipAfter(one);
    settle();
    return true;
  };

  const skipAfter = (last: Pending): void => {
    const at = pending.indexOf(last) + 1;
    const skipped = pending.slice(at);
    pending = pending.slice(0, at);
    for (const one of skipped) one.frame.onEnd({ kind: 'skipped' });
  };

  const onErr = (words: readonly string[]): boolean => {
    const [type, id] = words;
    const one = currentErr();
    if (one === undefined || id !== String(one.frame.id)) return false;
    if (type === 'B' && !one.errBegun) {
      one.errBegun = true;
      return true;
    }
    if (type !== 'E' || !one.errBegun) return false;
    one.errEnded = true;
    settle();
    return true;
  };

  // Bytes between an end and the next beginning come from what an earlier step left running: nobody's output.
  pipe.stdout.on(
    'data',
    createFrameScanner(marker, {
      bytes: (bytes) => {
        const one = currentOut();
        if (one?.begunAt !== undefined) one.stdout.push(bytes);
      },
      frame: onOut,
    }),
  );
  pipe.stderr.on(
    'data',
    createFrameScanner(marker, {
      bytes: (bytes) => {
        const one = currentErr();
        if (one?.errBegun === true) one.stderr.push(bytes);
      },
      frame: onErr,
    }),
  );
  pipe.stdout.resume();
  pipe.stderr.resume();
  // A shell that ended no longer takes what is written: its end is seen below.
  pipe.stdin.on('error', () => undefined);

  const leave = (): void => {
    if (gone) return;
    gone = true;
    tell(undefined);
    const left = pending;
    pending = [];
    for (const one of left) one.frame.onEnd({ kind: 'lost', begun: one.begunAt !== undefined, ...seenOf(one) });
  };
  void pipe.ended.then(leave);

  return {
    marker,
    registration,
    identity,
    nextId: () => ++lastId,
    send: (frames, text) => {
      if (gone) {
        for (const frame of frames) frame.onEnd({ kind: 'lost', begun: false, ...seenOf(newPending(frame)) });
        return;
      }
      for (const frame of frames) pending.push(newPending(frame));
      const prelude = greeted ? '' : preludeText(marker, registration);
      greeted = true;
      pipe.stdin.write(prelude + text + frames.map((frame) => frame.text).join(''));
    },
    isGone: () => gone,
    close: (text) => {
      if (gone) return;
      if (greeted) pipe.stdin.write(text + goodbyeText);
      pipe.stdin.end();
      leave();
    },
    destroy: () => {
      pipe.destroy();
      leave();
    },
  };
}

function newPending(frame: Frame): Pending {
  return {
    frame,
    stdout: [],
    stderr: [],
    begunAt: undefined,
    code: 0,
    over: false,
    outEnded: false,
    errEnded: false,
    errBegun: false,
  };
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  if (first === undefined) return Buffer.alloc(0);
  return chunks.length === 1 ? first : Buffer.concat(chunks);
}
