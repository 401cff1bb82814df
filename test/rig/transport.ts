import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Become, Connection, Session, Step, StepResult, Target } from '../../src/host/session.ts';
import type { TransportOptions } from '../../src/transport/options.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { realClock } from './clock.ts';
import { isRoot } from './users.ts';

/** A transport that knows nothing of this machine's agent, and fails a test that makes it warn. */
export function testTransport(options: Partial<TransportOptions> = {}) {
  return createTransport({
    clock: realClock,
    random: Math.random,
    onWarning: (message) => {
      throw new Error(`Unexpected warning: ${message}`);
    },
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' },
    ...options,
  });
}

export interface OpenConnection extends AsyncDisposable {
  readonly connection: Connection;
}

/** Connects or throws what went wrong. */
export async function open(target: Target, options: Partial<TransportOptions> = {}): Promise<OpenConnection> {
  const result = await testTransport(options).connect(target, new AbortController().signal);
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.message} (${result.error.help ?? ''})`);
  const connection = result.value;
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}

export async function sessionOf(connection: Connection, become?: Become): Promise<Session> {
  const result = await connection.session(become);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export async function runSteps(session: Session, steps: readonly Step[]): Promise<readonly StepResult[]> {
  const result = await session.run(steps);
  if (!result.ok) throw new Error(`${result.error.reason}: ${result.error.message}`);
  return result.value;
}

/** For what comes when a busy machine gets to it. */
export const patient = { timeout: 15_000 };

export const step = (script: string, more: Partial<Step> = {}): Step => ({ script, fatal: true, ...more });

/** `code:stdout|stderr`, or the status. */
export function brief(result: StepResult | undefined): string {
  if (result === undefined) return 'nothing';
  if (result.status === 'skipped') return result.status;
  const seen = `${Buffer.from(result.stdout).toString()}|${Buffer.from(result.stderr).toString()}`;
  return result.status === 'done' ? `${result.code}:${seen}` : `${result.status}:${seen}`;
}

/** Whether a process lives; one that waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Installs a Debian package where it is missing and this is root; answers why not otherwise. */
export function missingPackage(binary: string, name: string): string | undefined {
  if (existsSync(binary)) return undefined;
  if (!isRoot) return `${name} is not installed`;
  try {
    // Another suite may be at it already.
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '-q', name], {
      stdio: 'pipe',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return undefined;
  } catch (error) {
    return `${name} cannot be installed: ${String(error)}`;
  }
}
