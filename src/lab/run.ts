import { spawn } from 'node:child_process';
import { LabProblem } from './problem.ts';

/** What a local command left behind. `code` is 255 when a signal ended it. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of stdout and stderr as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program without a shell and waits for its end. Never rejects for an exit code; rejects when it cannot start. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env === undefined ? process.env : { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' as const }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code: code ?? 255,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** As `run`, but an exit code other than 0 is a problem that names the command and the end of its stderr. Gives stdout. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(command, args, options);
  if (ran.code === 0) return ran.stdout;
  const said = (ran.stderr.trim() === '' ? ran.stdout : ran.stderr).trim().split('\n').slice(-8).join('\n');
  throw new LabProblem({
    code: 'lab/command-failed',
    severity: 'error',
    message: `Expected "${[command, ...args].join(' ')}" to succeed, but it ended with exit code ${ran.code}: ${said}`,
  });
}
