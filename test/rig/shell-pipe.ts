import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import type { Pipe, PipeEnd } from '../../src/transport/pipe.ts';
import { isRoot } from './users.ts';

export type ShellName = 'dash' | 'busybox' | 'bash';

const paths: Readonly<Record<ShellName, string>> = {
  dash: '/usr/bin/dash',
  busybox: '/usr/bin/busybox',
  bash: '/usr/bin/bash',
};

export const shellNames: readonly ShellName[] = ['dash', 'busybox', 'bash'];
export const installedShells = shellNames.filter((name) => existsSync(paths[name]));
/** For a visible skip. */
export const missingShells = shellNames.filter((name) => !existsSync(paths[name]));

/**
 * A command line that runs `program` where /bin/sh is the shell of that name: in a mount namespace of its own as root, for
 * others the machine's own /bin/sh inside. `state` stands in for root's /var/lib/hlb.
 */
export function withShell(name: ShellName, program: readonly string[], state?: string): readonly string[] {
  if (!isRoot) return program;
  const own = state === undefined ? '' : `mkdir -p /var/lib/hlb && mount --bind '${state}' /var/lib/hlb || exit 1; `;
  const script = `${own}mount --bind "$1" "$(readlink -f /bin/sh)" || exit 1; shift; exec "$@"`;
  return [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '/usr/bin/bash',
    '-c',
    script,
    'sh',
    paths[name],
    ...program,
  ];
}

export interface ShellPipeOptions {
  /** How many bytes each piece of output has at most, in turn; whole chunks when absent. */
  readonly chunks?: readonly number[];
  readonly home: string;
}

/** The shell of that name as a session's shell, without any connection. */
export function spawnShell(name: ShellName, options: ShellPipeOptions): Pipe & { readonly pid: number } {
  const shell = isRoot ? ['/bin/sh'] : name === 'busybox' ? [paths[name], 'sh'] : [paths[name]];
  const [program = '', ...args] = withShell(name, shell, options.home);
  const child = spawn(program, args, {
    stdio: 'pipe',
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', HOME: options.home, LC_ALL: 'C' },
  });
  const cut = (from: Readable): Readable => (options.chunks === undefined ? from : rechunk(from, options.chunks));
  const ended = new Promise<PipeEnd>((resolve) => {
    child.once('close', (code, signal) => {
      // What was cut into pieces arrives a little later.
      setImmediate(() => resolve({ ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) }));
    });
  });
  return {
    pid: child.pid ?? -1,
    stdin: child.stdin,
    stdout: cut(child.stdout),
    stderr: cut(child.stderr),
    ended,
    destroy: () => {
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

function rechunk(from: Readable, sizes: readonly number[]): Readable {
  const out = new PassThrough();
  let turn = 0;
  from.on('data', (data: Buffer) => {
    for (let at = 0; at < data.length; ) {
      const size = Math.max(1, sizes[turn++ % sizes.length] ?? 1);
      out.write(data.subarray(at, at + size));
      at += size;
    }
  });
  from.once('end', () => out.end());
  return out;
}
