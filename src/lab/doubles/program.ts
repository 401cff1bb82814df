import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { shownVersion } from './name.ts';

/** A command that ends with this exit code and these last words on stderr. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number, words = '') {
    super(words);
    this.code = code;
  }
}

/**
 * Runs the main function of a double: says on stderr what it is, so that no log mistakes it for the real program, and
 * turns an `Exit` into an exit code.
 */
export function program(name: string, main: (argv: readonly string[]) => Promise<void>, announce = true): void {
  process.title = name;
  if (announce) warn(`# hlb test double of ${name} ${shownVersion()}`);
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.exitCode = error instanceof Exit ? error.code : 1;
    const words =
      error instanceof Error ? (error instanceof Exit ? error.message : (error.stack ?? error.message)) : String(error);
    if (words !== '') warn(words);
  });
}

/**
 * Writes at once. A reader that went away ends the program in the middle of this line, as SIGPIPE ends the real ones:
 * a stream would go on to the next step before it notices.
 */
export function write(to: 'stdout' | 'stderr', text: string | Uint8Array): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(to === 'stdout' ? 1 : 2, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'EPIPE') process.kill(process.pid, 'SIGKILL');
      else if (error.code !== 'EAGAIN') throw error;
      // The pipe is full and its reader slow: a moment, without spinning.
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

export function print(line: string): void {
  write('stdout', `${line}\n`);
}

export function warn(line: string): void {
  write('stderr', `${line}\n`);
}

export function printJson(value: unknown, indent = 2): void {
  print(JSON.stringify(value, undefined, indent));
}

/** A server's end: the first process of a container cannot kill itself, so everything that keeps it alive must stop. */
export interface Ending {
  readonly signal: AbortSignal;
  readonly end: () => void;
  /** Waits, but no longer than to the end. */
  readonly wait: (ms: number) => Promise<void>;
}

export function ending(): Ending {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    end: () => controller.abort(),
    wait: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  };
}
