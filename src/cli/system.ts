import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { isatty } from 'node:tty';
import type { Clock, Random } from '../core/clock.ts';
import { systemClock } from './system-clock.ts';

/** What a command may use of the machine it runs on; made once, and handed down. */
export interface System {
  readonly out: Output;
  readonly err: Output;
  readonly input: NodeJS.ReadStream;
  /** Whether a person sits at the input. */
  readonly canAsk: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Unique in practice, and sorted by time: `20260102T030405-a1b2c3`. */
  readonly newRunId: () => string;
  readonly onSignal: (signal: NodeJS.Signals, handler: () => void) => void;
  /** What Ctrl-C does, for who reads the keyboard itself. */
  readonly interrupt: () => void;
  readonly importFile: ImportFile;
  /** Ends the program here and now. */
  readonly exit: (code: number) => never;
}

export interface Output {
  readonly write: (text: string | Uint8Array) => void;
  readonly isTerminal: boolean;
  /** Whether colors are wanted there, as far as the machine says. */
  readonly color: boolean;
  /** Lines of the terminal; undefined where it is none. */
  readonly rows?: () => number | undefined;
}

/** What `import(url)` gives, from where Node lets it be said. */
export type ImportFile = (url: string) => Promise<unknown>;

export function createSystem(process: NodeJS.Process, importFile: ImportFile): System {
  const { env } = process;
  return {
    out: outputOf(process.stdout, isatty(1), env),
    err: outputOf(process.stderr, isatty(2), env),
    input: process.stdin,
    canAsk: isatty(0),
    env,
    cwd: process.cwd(),
    home: homeOf(),
    clock: systemClock,
    random: Math.random,
    newRunId: () => {
      const time = new Date(systemClock.now()).toISOString().replaceAll(/[-:]|\.\d+Z/g, '');
      return `${time}-${randomBytes(3).toString('hex')}`;
    },
    onSignal: (signal, handler) => void process.on(signal, handler),
    importFile,
    interrupt: () => void process.kill(process.pid, 'SIGINT'),
    exit: (code) => process.exit(code),
  };
}

/** A user of a container may have neither $HOME nor a line in passwd. */
function homeOf(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

function outputOf(stream: NodeJS.WriteStream, isTerminal: boolean, env: NodeJS.ProcessEnv): Output {
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    color: wantsColor(isTerminal, env),
    rows: () => (isTerminal ? stream.rows : undefined),
  };
}

/** NO_COLOR (no-color.org) over FORCE_COLOR over what the stream is. */
export function wantsColor(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}
