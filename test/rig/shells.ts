import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Step, StepResult } from '../../src/host/session.ts';

/** A shell that steps are run in for real. */
export interface Shell {
  readonly name: 'dash' | 'busybox' | 'bash';
  /** Pipelines steps as a session does: a fatal failure skips what follows. */
  run(steps: readonly Step[], options?: RunOptions): Promise<readonly StepResult[]>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Put before PATH, such as a folder of stand-ins for systemctl. */
  readonly pathBefore?: string;
  /** The whole PATH, to take tools away. */
  readonly path?: string;
}

interface ShellRig {
  /** Shells that this machine has; `busybox` sees nothing but busybox's own applets. */
  readonly shells: readonly Shell[];
  /** Names of shells that are missing, for a visible skip. */
  readonly missing: readonly string[];
  /** Holds only busybox's applets. */
  readonly busyboxPath: string;
  dispose(): void;
}

export function shellRig(): ShellRig {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-shells-'));
  const busyboxPath = join(folder, 'busybox');
  const busybox = which('busybox');
  if (busybox !== undefined) {
    execFileSync('mkdir', ['-p', busyboxPath]);
    execFileSync(busybox, ['--install', '-s', busyboxPath]);
  }
  const candidates: readonly {
    readonly name: Shell['name'];
    readonly argv: readonly string[] | undefined;
    readonly path?: string;
  }[] = [
    { name: 'dash', argv: argvOf('dash') },
    { name: 'busybox', argv: busybox === undefined ? undefined : [busybox, 'sh'], path: busyboxPath },
    { name: 'bash', argv: argvOf('bash') },
  ];
  const shells = candidates.flatMap(({ name, argv, path }): Shell[] =>
    argv === undefined
      ? []
      : [
          {
            name,
            run: (steps, options = {}) =>
              runAll(argv, folder, steps, { ...(path === undefined ? {} : { path }), ...options }),
          },
        ],
  );
  return {
    shells,
    missing: candidates.filter((one) => one.argv === undefined).map((one) => one.name),
    busyboxPath,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function which(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function argvOf(name: string): readonly string[] | undefined {
  const found = which(name);
  return found === undefined ? undefined : [found];
}

let counter = 0;

async function runAll(
  argv: readonly string[],
  folder: string,
  steps: readonly Step[],
  options: RunOptions,
): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  let skipping = false;
  for (const step of steps) {
    if (skipping) {
      results.push({ status: 'skipped' });
      continue;
    }
    const result = await runOne(argv, folder, step, options);
    results.push(result);
    if (!step.fatal || result.status === 'skipped') continue;
    const allowed = step.allowed ?? [0];
    skipping = result.status === 'timed-out' || (allowed !== 'any' && !allowed.includes(result.code));
  }
  return results;
}

async function runOne(argv: readonly string[], folder: string, step: Step, options: RunOptions): Promise<StepResult> {
  counter += 1;
  const script = join(folder, `step-${counter}.sh`);
  writeFileSync(script, step.script);
  const [program = 'sh', ...rest] = argv;
  const path = options.path ?? process.env['PATH'] ?? '';
  const started = performance.now();
  const child = spawn(program, [...rest, '-c', '( . "$1" ) </dev/null', 'step', script], {
    cwd: options.cwd ?? folder,
    env: {
      HOME: process.env['HOME'] ?? '/',
      LC_ALL: 'C',
      ...options.env,
      PATH: options.pathBefore === undefined ? path : `${options.pathBefore}${delimiter}${path}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  let timedOut = false;
  const timer =
    step.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        }, step.timeoutMs);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 137));
  });
  clearTimeout(timer);
  rmSync(script, { force: true });
  const output = { stdout: Buffer.concat(out), stderr: Buffer.concat(err), durationMs: performance.now() - started };
  return timedOut ? { status: 'timed-out', ...output } : { status: 'done', code, ...output };
}
