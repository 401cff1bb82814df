import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
export const bin = join(root, 'bin', 'hlb.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when this text has been written to stdout or stderr. */
  readonly said: (text: string) => Promise<void>;
  readonly ended: Promise<Ran>;
}

const cache = join(root, 'node_modules', '.cache');

/** A folder of its own, and the built `hlb` in it. */
export interface HlbRig {
  readonly dir: string;
  readonly write: (path: string, text: string, mode?: number) => Promise<string>;
  readonly read: (path: string) => Promise<string>;
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running;
  readonly hlb: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  /** The same on a terminal of 100 columns, stdout and stderr in one. */
  readonly onTerminal: (args: readonly string[]) => Running;
}

/** Removed, with what still runs in it, when the test is over. */
export async function setupHlb(files: Readonly<Record<string, string>> = {}): Promise<HlbRig> {
  if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) throw new Error('Run "npm run build" first');
  const dir = await mkdtemp(join(tmpdir(), 'hlb-cli-'));
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  function spawned(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stdin: 'ignore' | 'pipe' = 'ignore',
  ): Running {
    const child = spawn(command, args, {
      cwd: dir,
      // Nothing of the machine's own settings; compiled code is kept, as it is for a person.
      env: { PATH: process.env['PATH'], HOME: dir, LANG: 'C.UTF-8', XDG_CACHE_HOME: cache, ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    children.push(child);
    let stdout = '';
    let stderr = '';
    const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
    const look = (): void => {
      for (const { text, resolve } of waiting) if (stdout.includes(text) || stderr.includes(text)) resolve();
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      look();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      look();
    });
    return {
      child,
      said: (text) =>
        new Promise((resolve) => {
          waiting.push({ text, resolve });
          look();
        }),
      ended: new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      }),
    };
  }

  const write: HlbRig['write'] = async (path, text, mode) => {
    const full = join(dir, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
    if (mode !== undefined) await chmod(full, mode);
    return full;
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  const start: HlbRig['start'] = (args, env) => spawned(process.execPath, [bin, ...args], env);
  return {
    dir,
    write,
    read: (path) => readFile(join(dir, path), 'utf8'),
    start,
    hlb: (args, env) => start(args, env).ended,
    onTerminal: (args) => {
      const words = [process.execPath, bin, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      const command = `stty cols 100 rows 30; exec ${words}`;
      return spawned('script', ['-qec', command, '/dev/null'], { TERM: 'xterm' }, 'pipe');
    },
  };
}

/** The built `hlb`, where it is run. */
export function ranHlb(args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Lines with their line breaks. */
export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
