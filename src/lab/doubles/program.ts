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
 * turns an `Exit` into an exit code. A reader that went away ends it, as SIGPIPE ends the real ones.
 */
export function program(name: string, main: (argv: readonly string[]) => Promise<void>, announce = true): void {
  process.title = name;
  process.stdout.on('error', endByPipe);
  process.stderr.on('error', endByPipe);
  if (announce) warn(`# hlb test double of ${name} ${shownVersion()}`);
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.exitCode = error instanceof Exit ? error.code : 1;
    const words =
      error instanceof Error ? (error instanceof Exit ? error.message : (error.stack ?? error.message)) : String(error);
    if (words !== '') warn(words);
  });
}

function endByPipe(): void {
  process.kill(process.pid, 'SIGKILL');
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown, indent = 2): void {
  print(JSON.stringify(value, undefined, indent));
}
