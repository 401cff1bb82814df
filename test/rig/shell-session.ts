import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../src/core/result.ts';
import { createFramedShell } from '../../src/transport/framed-shell.ts';
import { createSession, type OwnedSession } from '../../src/transport/session.ts';
import { realClock } from './clock.ts';
import { type ShellName, spawnShell } from './shell-pipe.ts';

export interface ShellSession extends AsyncDisposable {
  readonly session: OwnedSession;
  /** Of the session's shells, in order. */
  readonly pids: readonly number[];
  readonly home: string;
  /** Closes the streams of the shell that was opened last, without any end: its reader is gone. */
  readonly letGo: () => void;
}

/** A session over a local shell of that name, with a home directory of its own. */
export function openShellSession(
  name: ShellName,
  options: { readonly chunks?: readonly number[]; readonly graceMs?: number } = {},
): ShellSession {
  const home = mkdtempSync(join(tmpdir(), 'hlb-shell-'));
  const pids: number[] = [];
  const runId = randomBytes(6).toString('hex');
  const { chunks } = options;
  let letGo = (): void => undefined;
  const start = () => spawnShell(name, { home, ...(chunks === undefined ? {} : { chunks }) });
  const session = createSession({
    host: 'here',
    user: 'me',
    clock: realClock,
    openShell: async (lost) => {
      const pipe = start();
      pids.push(pipe.pid);
      letGo = pipe.destroy;
      const key = randomBytes(6).toString('hex');
      return ok(
        createFramedShell(pipe, { runId, incarnation: 'a', key, lost, graceMs: options.graceMs ?? 1000 }, realClock),
      );
    },
    runApart: async (text) => {
      const pipe = spawnShell(name, { home });
      pipe.stdout.resume();
      pipe.stderr.resume();
      pipe.stdin.end(text);
      await pipe.ended;
      return ok(undefined);
    },
    offer: () => () => undefined,
    lost: () => undefined,
    countRoundTrip: () => undefined,
    reconnectMs: 5000,
  });
  return {
    session,
    pids,
    home,
    letGo: () => letGo(),
    [Symbol.asyncDispose]: async () => {
      session.close();
      await once(process, 'nothing', { signal: AbortSignal.timeout(20) }).catch(() => undefined);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
