import { type ChildProcessByStdio, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Target } from '../host/session.ts';
import { fail, lastLines, messageOf } from './failures.ts';
import { forwardPort, forwardSocket, pipeOf } from './openssh-channels.ts';
import { explainOpenssh } from './openssh-failure.ts';
import type { Link } from './pipe.ts';
import type { SshConnectFailure } from './ssh-connect.ts';
import type { SshSettings } from './ssh-settings.ts';
import { targetArguments } from './target-arguments.ts';

export interface OpensshOptions {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly clock: Clock;
  readonly keepaliveMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** What the master prints once it is logged in. */
const readyLine = 'hlb-ready';

/** Answers ssh's questions, since there is no terminal: the secrets are in the environment of ssh alone. */
const askpass = `#!/bin/sh
case $1 in *[Pp]assphrase*) printf '%s\\n' "$HLB_PASSPHRASE";; *) printf '%s\\n' "$HLB_PASSWORD";; esac
`;

/** One connection of the system's ssh as a master, every channel a client of it over its socket. One attempt. */
export async function openOpensshLink(options: OpensshOptions): Promise<Result<Link, SshConnectFailure>> {
  const { target, settings, clock, signal } = options;
  const name = target.name;
  // Short: the path of a socket holds about a hundred bytes.
  const dir = await mkdtemp(join(tmpdir(), 'hlb-'));
  const clean = async (): Promise<void> => rm(dir, { recursive: true, force: true });
  const socket = join(dir, 's');
  const env = await environment(options, dir);
  const master = spawn('ssh', [...masterArguments(options, socket), '--', target.address], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stderr = '';
  master.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-16_384);
  });
  let lost: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const done = (why: string): void => {
      lost ??= why;
      resolve();
      void clean();
    };
    master.once('error', (error) => done(`ssh cannot be started: ${messageOf(error)}`));
    master.once('close', () => done(lastLines(stderr, 1) ?? 'the host closed it'));
  });
  const up = await untilReady(master, ended, options);
  if (!up.ok) {
    master.kill();
    await ended;
    if (signal.aborted) return fail('aborted', `Stopped while connecting to "${name}" as asked`);
    return up.error === 'late'
      ? fail('unreachable', `"${name}" does not let in by ssh within ${Math.round(target.connectTimeoutMs / 1000)} s`, {
          retry: 'transient',
          stderr: lastLines(stderr) ?? 'ssh said nothing',
        })
      : explainOpenssh(name, settings, stderr, lost ?? 'it ended');
  }

  const client = (args: readonly string[]): ChildProcessWithoutNullStreams =>
    // Without its master a client must fail, and not connect by itself.
    spawn('ssh', ['-S', socket, '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false', ...args], {
      env,
      detached: true,
      stdio: 'pipe',
    });
  let sockets = 0;
  const gone = () =>
    fail('connection-lost', `The connection to "${name}" was lost: ${lost ?? 'it ended'}`, { retry: 'transient' });

  return ok({
    user: settings.user,
    lost: () => lost,
    exec: async (command) => {
      if (lost !== undefined) return gone();
      return ok(pipeOf(client([...quietly, '--', target.address, command])));
    },
    forward: async (to) => {
      if (lost !== undefined) return gone();
      if ('socket' in to) return forwardSocket(name, client, join(dir, `f${++sockets}`), to.socket, target.address);
      return forwardPort(name, client(['-v', '-W', hostAndPort(to), '--', target.address]), to);
    },
    close: async () => {
      lost ??= 'it was closed';
      master.kill();
      await Promise.race([ended, clock.sleep(1000)]);
      await clean();
    },
  });
}

/** A command without a terminal and without ssh's own remarks. */
const quietly = ['-T', '-a', '-x', '-o', 'RemoteCommand=none', '-o', 'LogLevel=ERROR'];

function hostAndPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function masterArguments({ target, settings, keepaliveMs }: OpensshOptions, socket: string): readonly string[] {
  const words = [
    'ControlPersist=no',
    'PermitLocalCommand=yes',
    `LocalCommand=echo ${readyLine}`,
    'RemoteCommand=none',
    'ClearAllForwardings=yes',
    `ConnectTimeout=${Math.ceil(target.connectTimeoutMs / 1000)}`,
    `ServerAliveInterval=${Math.ceil(keepaliveMs / 1000)}`,
    'ServerAliveCountMax=3',
    'NumberOfPasswordPrompts=1',
    ...(target.password === undefined && target.passphrase === undefined ? ['BatchMode=yes'] : []),
    `StrictHostKeyChecking=${checking[settings.hostKey]}`,
    ...(target.knownHostsFile === undefined
      ? []
      : [`UserKnownHostsFile="${target.knownHostsFile.replaceAll('%', '%%')}"`]),
  ];
  const flags = ['-M', '-N', '-T', '-a', '-x', '-S', socket];
  return [...flags, ...words.flatMap((option) => ['-o', option]), ...targetArguments(target)];
}

const checking = { strict: 'yes', 'accept-new': 'accept-new', off: 'no' } as const;

async function environment({ target, env }: OpensshOptions, dir: string): Promise<NodeJS.ProcessEnv> {
  const { password, passphrase } = target;
  if (password === undefined && passphrase === undefined) return env;
  const file = join(dir, 'askpass');
  await writeFile(file, askpass, { mode: 0o700 });
  return {
    ...env,
    SSH_ASKPASS: file,
    SSH_ASKPASS_REQUIRE: 'force',
    DISPLAY: env['DISPLAY'] ?? ':0',
    HLB_PASSWORD: password ?? '',
    HLB_PASSPHRASE: passphrase ?? '',
  };
}

/** The local command runs when the login is done and the socket is there. */
async function untilReady(
  master: ChildProcessByStdio<null, Readable, Readable>,
  ended: Promise<void>,
  { target, clock, signal }: OpensshOptions,
): Promise<Result<void, 'ended' | 'late'>> {
  const done = new AbortController();
  const ready = new Promise<Result<void, never>>((resolve) => {
    let text = '';
    master.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes(readyLine)) resolve(ok(undefined));
    });
  });
  const stopped = AbortSignal.any([done.signal, signal]);
  const late = clock.sleep(target.connectTimeoutMs, stopped).then(
    () => err('late' as const),
    () => err('ended' as const),
  );
  const result = await Promise.race([ready, ended.then(() => err('ended' as const)), late]);
  done.abort();
  return result;
}
