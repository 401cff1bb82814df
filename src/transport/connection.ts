import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { quote } from '../host/quote.ts';
import type { Become, Connection } from '../host/session.ts';
import { fail, lastLines } from './failures.ts';
import { createFramedShell, type FramedShell } from './framed-shell.ts';
import { greet } from './greet.ts';
import { launchOf, shellProgram } from './launch.ts';
import type { Link, Pipe } from './pipe.ts';
import { createSession, type OwnedSession } from './session.ts';
import { createSlots, type Slot } from './slots.ts';

export interface ConnectionOptions {
  readonly host: string;
  readonly link: Link;
  readonly clock: Clock;
  readonly runId: string;
  readonly incarnation: string;
  readonly becomeTimeoutMs: number;
}

/** Sessions, files and forwarded streams over one link. */
export function createConnection(options: ConnectionOptions): Connection {
  const { host, link, clock } = options;
  const slots = createSlots();
  const sessions = new Map<string, OwnedSession>();
  let roundTrips = 0;

  /** Starts a program as a user and waits until it answers. The channel's place is given back when it ends. */
  const start = async (
    become: Become | undefined,
    program: string,
    slot: Slot,
    signal: AbortSignal | undefined,
  ): Promise<Result<Pipe, Failure>> => {
    const launch = launchOf(become, program);
    const opened = await link.exec(launch.command);
    if (!opened.ok) {
      slot.release();
      return opened;
    }
    void opened.value.ended.then(slot.release);
    const greeted = await greet(opened.value, launch, {
      host,
      become,
      clock,
      timeoutMs: options.becomeTimeoutMs,
      signal,
    });
    return greeted.ok ? opened : greeted;
  };

  const openShell = async (
    become: Become | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Result<FramedShell, Failure>> => {
    const pipe = await start(become, shellProgram, await slots.take('work'), signal);
    if (!pipe.ok) return pipe;
    const { runId, incarnation } = options;
    const key = randomBytes(6).toString('hex');
    return ok(createFramedShell(pipe.value, { runId, incarnation, key, lost: [], graceTenths: 100 }, clock));
  };

  /** Runs a program to its end, with bytes for its stdin, apart from the shells. */
  const transfer = async (
    program: string,
    input: Uint8Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<
    Result<{ readonly code: number | undefined; readonly stdout: Buffer; readonly stderr: string }, Failure>
  > => {
    roundTrips += 1;
    const started = await start(undefined, program, await slots.take('work'), signal);
    if (!started.ok) return started;
    const pipe = started.value;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    pipe.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    pipe.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    pipe.stdin.end(input);
    const end = await pipe.ended;
    return ok({ code: end.code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
  };

  return {
    host,
    roundTrips: () => roundTrips,
    session: async (become) => {
      const key = JSON.stringify(become ?? null);
      const known = sessions.get(key);
      if (known !== undefined) return ok(known);
      const session = createSession({
        host,
        user: become?.user ?? link.user,
        clock,
        openShell: (signal) => openShell(become, signal),
        offer: (shell) => slots.offer(() => shell.close()),
        countRoundTrip: () => {
          roundTrips += 1;
        },
      });
      sessions.set(key, session);
      return ok(session);
    },
    upload: async (bytes, path, signal) => {
      const done = await transfer(`exec cat >${quote(path)}`, bytes, signal);
      if (!done.ok) return done;
      if (done.value.code === 0) return ok(undefined);
      return fail(
        'command-failed',
        `Cannot write "${path}" on "${host}": ${lastLines(done.value.stderr, 1) ?? 'no reason given'}`,
      );
    },
    download: async (path, signal) => {
      const done = await transfer(`exec cat ${quote(path)}`, undefined, signal);
      if (!done.ok) return done;
      if (done.value.code === 0) return ok(done.value.stdout);
      return fail(
        'command-failed',
        `Cannot read "${path}" on "${host}": ${lastLines(done.value.stderr, 1) ?? 'no reason given'}`,
      );
    },
    forward: (to) => link.forward(to),
    close: async () => {
      for (const session of sessions.values()) session.close();
      await link.close();
    },
  };
}
