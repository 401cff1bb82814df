import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../src/host/session.ts';
import { type ShellName, withShell } from './shell-pipe.ts';
import { createUser, isRoot, type TemporaryUser, type UserOptions } from './users.ts';

const binary = '/usr/sbin/sshd';

/** Why sshd cannot be tested here; absent where it can. */
export const noSshd = existsSync(binary) ? undefined : 'openssh-server is not installed';

export interface SshdOptions {
  /** Lines of sshd_config; they win over the rig's. */
  readonly config?: readonly string[];
  /** @default ['ed25519'] */
  readonly hostKeys?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** As root the login user is made for the test; others log in as themselves. */
  readonly user?: UserOptions;
  /** What /bin/sh is for everything that it starts. Root only. */
  readonly sh?: ShellName;
  /** Lets in the keys of another server's user, and shares that user. */
  readonly like?: Sshd;
}

/** A real sshd on a loopback port of its own, with keys and files of its own. */
export interface Sshd extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  readonly dir: string;
  /** A private key that is let in. */
  readonly keyFile: string;
  readonly authorizedKeys: string;
  /** Holds the server's keys as `[127.0.0.1]:PORT`. */
  readonly knownHosts: string;
  readonly hostKey: (type: 'ed25519' | 'ecdsa' | 'rsa') => string;
  readonly log: () => string;
  readonly target: (changes?: Partial<Target>) => Target;
  /** The sshd processes that serve connections. */
  readonly children: () => readonly number[];
  /** Cuts every connection at once, as a power cut of the network would. */
  readonly cut: () => void;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const dir = mkdtempSync(join(tmpdir(), 'hlb-sshd-'));
  chmodSync(dir, 0o755);
  const own: TemporaryUser | undefined =
    options.like === undefined && isRoot ? createUser(options.user ?? {}) : undefined;
  const user = options.like?.user ?? own?.name ?? userInfo().username;
  const port = await freePort();
  const file = (name: string): string => join(dir, name);
  for (const type of options.hostKeys ?? ['ed25519']) generateKey(type, file(`host_${type}`));
  const keyFile = options.like?.keyFile ?? file('id');
  if (options.like === undefined) generateKey('ed25519', keyFile);
  writeFileSync(file('authorized_keys'), readFileSync(`${keyFile}.pub`));
  const types = options.hostKeys ?? ['ed25519'];
  writeFileSync(
    file('known_hosts'),
    types.map((type) => `[127.0.0.1]:${port} ${readFileSync(file(`host_${type}.pub`), 'utf8')}`).join(''),
  );
  writeFileSync(
    file('sshd_config'),
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...types.map((type) => `HostKey ${file(`host_${type}`)}`),
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PidFile none',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  );
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  let log = '';
  const plain = [binary, '-D', '-e', '-f', file('sshd_config')];
  const [program = '', ...args] = options.sh === undefined ? plain : withShell(options.sh, plain);
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  server.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  await listening(port, () => log);

  const children = (): readonly number[] => childrenOf(server.pid ?? -1);
  const cut = (): void => {
    for (const pid of children().flatMap((child) => [child, ...childrenOf(child).filter((one) => isSshd(one))]))
      kill(pid);
  };

  return {
    port,
    user,
    dir,
    keyFile,
    authorizedKeys: file('authorized_keys'),
    knownHosts: file('known_hosts'),
    hostKey: (type) => file(`host_${type}`),
    log: () => log,
    children,
    cut,
    target: (changes = {}) => ({
      name: 'web1',
      connection: 'ssh',
      address: '127.0.0.1',
      port,
      user,
      privateKeyFile: keyFile,
      hostKey: 'strict',
      knownHostsFile: file('known_hosts'),
      connectTimeoutMs: 10_000,
      ...changes,
    }),
    [Symbol.asyncDispose]: async () => {
      cut();
      server.kill('SIGKILL');
      await own?.[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A key pair without a passphrase, or with one. */
export function generateKey(type: 'ed25519' | 'ecdsa' | 'rsa', path: string, passphrase = ''): void {
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    ...(type === 'rsa' ? ['-b', '2048'] : []),
    '-N',
    passphrase,
    '-C',
    'test',
    '-f',
    path,
  ]);
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}

async function listening(port: number, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (up) return;
    await sleep(50);
  }
  throw new Error(`sshd does not listen:\n${log()}`);
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isSshd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sshd';
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
