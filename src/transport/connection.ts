import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Become, Connection } from '../host/session.ts';
import { fail } from './failures.ts';
import { createFramedShell, type FramedShell } from './framed-shell.ts';
import { greet } from './greet.ts';
import { launchOf, shellProgram } from './launch.ts';
import type { Link, Pipe } from './pipe.ts';
import { createSession, type OwnedSession } from './session.ts';
import { createSlots, type SlotPurpose } from './slots.ts';
import { download, type StartProgram, upload } from './transfer.ts';

export interface ConnectionOptions {
  readonly host: string;
  readonly link: Link;
  /** Opens the link again, where it was lost. */
  readonly reopen: (signal: AbortSignal) => Promise<Result<Link, Failure>>;
  readonly clock: Clock;
  readonly runId: string;
  readonly incarnation: string;
  readonly becomeTimeoutMs: number;
  readonly graceMs: number;
  readonly reconnectMs: number;
}

/** How long ending what runs on a host may take: longer than the host's own patience with it. */
const endingMs = 10_000;

/** Within this a connection that is lost is known to be. */
const lossMs = 100;

/** Sessions, files and forwarded streams over one link, which is opened again when it was lost and is needed. */
export function createConnection(options: ConnectionOptions): Connection {
  const { host, clock } = options;
  const slots = createSlots();
  const sessions = new Map<string, OwnedSession>();
  let roundTrips = 0;
  let link: Promise<Result<Link, Failure>> = Promise.resolve(ok(options.link));
  let last = options.link;
  let closed = false;

  const ready = async (signal: AbortSignal | undefined): Promise<Result<Link, Failure>> => {
    if (closed) return fail('connection-lost', `The connection to "${host}" is closed`);
    for (;;) {
      const seen = link;
      const now = await seen;
      if (now.ok && now.value.lost() === undefined) return now;
      // Whoever comes first opens it; the others wait for the same one.
      if (link !== seen) continue;
      link = options.reopen(signal ?? new AbortController().signal);
      const opened = await link;
      if (opened.ok) last = opened.value;
      return opened;
    }
  };

  /** Starts a program as a user and waits until it answers. The channel's place is given back when it ends. */
  const start = async (
    become: Become | undefined,
    program: string,
    purpose: SlotPurpose,
    signal: AbortSignal | undefined,
  ): Promise<Result<Pipe, Failure>> => {
    const launch = launchOf(become, program);
    for (let again = true; ; again = false) {
      const slot = await slots.take(purpose);
      const open = await ready(signal);
      const opened = open.ok ? await open.value.exec(launch.command) : open;
      if (!open.ok || !opened.ok) {
        slot.release();
        return opened;
      }
      void opened.value.ended.then(slot.release);
      const timeoutMs = options.becomeTimeoutMs;
      const greeted = await greet(opened.value, launch, { host, become, clock, timeoutMs, signal });
      if (greeted.ok) return opened;
      // The end of a channel may be seen before the end of its connection.
      await clock.sleep(lossMs);
      if (!again || open.value.lost() === undefined || greeted.error.reason === 'aborted') return greeted;
    }
  };

  const openShell = async (
    become: Become | undefined,
    lost: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Result<FramedShell, Failure>> => {
    const pipe = await start(become, shellProgram, 'work', signal);
    if (!pipe.ok) return pipe;
    const { runId, incarnation, graceMs } = options;
    const key = randomBytes(6).toString('hex');
    return ok(createFramedShell(pipe.value, { runId, incarnation, key, lost, graceMs }, clock));
  };

  const runApart = async (become: Become | undefined, text: string): Promise<Result<void, Failure>> => {
    if (last.lost() !== undefined) return fail('connection-lost', `The connection to "${host}" was lost`);
    const late = new AbortController();
    const run = async (): Promise<Result<void, Failure>> => {
      const pipe = await start(become, shellProgram, 'kill', late.signal);
      if (!pipe.ok) return pipe;
      if (late.signal.aborted) pipe.value.destroy();
      late.signal.addEventListener('abort', pipe.value.destroy, { once: true });
      pipe.value.stdout.resume();
      pipe.value.stderr.resume();
      pipe.value.stdin.end(text);
      await pipe.value.ended;
      return ok(undefined);
    };
    const over = clock.sleep(endingMs, late.signal).then(
      () => fail('timeout', `"${host}" did not end what runs there within ${endingMs / 1000} s`),
      () => fail('aborted', ''),
    );
    const result = await Promise.race([run(), over]);
    late.abort();
    return result;
  };

  /** For a transfer: a program as some user, counted as a round trip. */
  const starter =
    (become: Become | undefined, signal: AbortSignal | undefined): StartProgram =>
    async (program) => {
      roundTrips += 1;
      return start(become, program, 'work', signal);
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
        user: become?.user ?? last.user,
        clock,
        openShell: (lost, signal) => openShell(become, lost, signal),
        runApart: (text) => runApart(become, text),
        offer: (shell) => slots.offer(() => shell.close('')),
        lost: () => last.lost(),
        reconnectMs: options.reconnectMs,
        countRoundTrip: () => {
          roundTrips += 1;
        },
      });
      sessions.set(key, session);
      return ok(session);
    },
    upload: (from, path, signal, become) => upload(host, starter(become, signal), from, path, signal),
    download: (path, signal, become) => download(host, starter(become, signal), path, signal),
    forward: async (to) => {
      const open = await ready(undefined);
      return open.ok ? open.value.forward(to) : open;
    },
    close: async () => {
      closed = true;
      for (const session of sessions.values()) session.close();
      const open = await link;
      if (open.ok) await open.value.close();
    },
  };
}
