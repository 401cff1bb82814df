import { connect as dial, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Target } from '../host/session.ts';
import { codeOf, fail, messageOf } from './failures.ts';
import type { HostKeyCheck } from './host-keys.ts';
import type { Patience } from './patience.ts';
import type { Link } from './pipe.ts';
import type { SshAuth } from './ssh-auth.ts';
import { createSshLink } from './ssh-link.ts';
import type { SshSettings } from './ssh-settings.ts';

export interface SshConnectOptions {
  readonly target: Target;
  readonly settings: SshSettings;
  readonly check: HostKeyCheck;
  readonly auth: SshAuth;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly keepaliveMs: number;
  readonly signal: AbortSignal;
  /** The stream to the host where it is reached through another one. */
  readonly through?: Duplex;
}

/** `dropped` says that the host let go before it looked at us, as sshd does above MaxStartups: worth another try. */
export type SshConnectFailure = Failure & { readonly dropped?: true };

/** One attempt. */
export async function connectSsh(options: SshConnectOptions): Promise<Result<Link, SshConnectFailure>> {
  const { target, settings, check, clock, signal } = options;
  const name = target.name;
  const stream = options.through === undefined ? await dialHost(options) : ok(options.through);
  if (!stream.ok) return stream;
  const { NodeSSH } = await import('node-ssh');
  const ssh = new NodeSSH();
  let refused: Failure | undefined;
  const onAbort = (): void => {
    stream.value.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const connected = new AbortController();
  let late = false;
  options.patience.over(connected.signal).then(
    () => {
      late = true;
      stream.value.destroy();
    },
    () => undefined,
  );
  try {
    await ssh.connect({
      sock: stream.value,
      username: settings.user,
      // Ours does not run while a person is asked.
      readyTimeout: 0,
      keepaliveInterval: options.keepaliveMs,
      keepaliveCountMax: 3,
      authHandler: options.auth.handler,
      ...algorithmsOf(check),
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
        void check.verify(key).then((verdict) => {
          if (!verdict.ok) refused = verdict.error;
          verify(verdict.ok);
        });
      },
    });
    return ok(createSshLink(name, settings.user, ssh, clock, () => options.through?.destroy()));
  } catch (error) {
    stream.value.destroy();
    if (signal.aborted) return fail('aborted', `Stopped while connecting to "${name}" as asked`);
    if (refused !== undefined) return { ok: false, error: refused };
    return late ? tooLate(options) : explain(error, options);
  } finally {
    connected.abort();
    signal.removeEventListener('abort', onAbort);
  }
}

function algorithmsOf(check: HostKeyCheck): { readonly algorithms?: Algorithms } {
  if (check.algorithms === undefined) return {};
  const serverHostKey = check.algorithms.filter(isHostKeyAlgorithm);
  return serverHostKey.length === 0 ? {} : { algorithms: { serverHostKey } };
}

/** What ssh2 can verify. */
function isHostKeyAlgorithm(name: string): name is ServerHostKeyAlgorithm {
  return /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|rsa-sha2-(256|512)|ssh-rsa)$/.test(name);
}

/** The socket has no delay from its first byte: Nagle's algorithm costs 40 ms a round trip here. */
async function dialHost({ target, settings, signal }: SshConnectOptions): Promise<Result<Socket, SshConnectFailure>> {
  const { host, port } = settings;
  const socket = dial({
    host,
    port,
    noDelay: true,
    ...(settings.family === undefined ? {} : { family: settings.family }),
  });
  return new Promise((resolve) => {
    const where = host === target.name ? `${host}:${port}` : `"${target.name}" at ${host}:${port}`;
    const done = (result: Result<Socket, SshConnectFailure>): void => {
      socket.off('error', onError);
      socket.setTimeout(0);
      signal.removeEventListener('abort', onAbort);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => done(fail('aborted', `Stopped while connecting to "${target.name}" as asked`));
    const onError = (error: Error): void => {
      const code = codeOf(error);
      done(fail('unreachable', `Cannot reach ${where}: ${dialMeanings.get(code) ?? messageOf(error)}`, dialHelp(code)));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(target.connectTimeoutMs, () => {
      const seconds = Math.round(target.connectTimeoutMs / 1000);
      done(fail('unreachable', `Cannot reach ${where}: no answer within ${seconds} s`, dialHelp('ETIMEDOUT')));
    });
    socket.once('error', onError);
    socket.once('connect', () => done(ok(socket)));
  });
}

const dialMeanings: ReadonlyMap<string | undefined, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'no route to its network'],
  ['ETIMEDOUT', 'no answer'],
  ['ENOTFOUND', 'the name is not known'],
  ['EAI_AGAIN', 'the name server does not answer'],
  ['ECONNRESET', 'connection reset'],
]);

function dialHelp(code: string | undefined): { readonly retry: 'transient'; readonly help: string } {
  const help = (text: string) => ({ retry: 'transient' as const, help: text });
  if (code === 'ECONNREFUSED') return help('Check that sshd runs there, and ansible_port');
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return help('Check ansible_host and the name server');
  return help('Check that the host is up, ansible_host and ansible_port, and what filters packets in between');
}

function tooLate({ target, settings }: SshConnectOptions) {
  const seconds = Math.round(target.connectTimeoutMs / 1000);
  const where = `"${target.name}" at ${settings.host}:${settings.port}`;
  return fail('unreachable', `${where} answers, but does not let in by SSH within ${seconds} s`, {
    retry: 'transient',
    help: 'Check that the port is that of sshd, and the load of the host',
  });
}

/** What ssh2 says, in words that lead on. */
function explain(
  error: unknown,
  { target, settings, auth }: SshConnectOptions,
): { readonly ok: false; readonly error: SshConnectFailure } {
  const name = target.name;
  const where = `${settings.user}@${settings.host}:${settings.port}`;
  const message = messageOf(error);
  const level = typeof error === 'object' && error !== null && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication' || level === 'agent' || /Too many authentication failures/.test(message)) {
    const { tried, problems: told } = auth.story();
    const problems = level === 'agent' ? [...told, `the agent: ${message}`] : told;
    const offered = tried.length === 0 ? 'nothing could be offered' : `it refused ${tried.join(', ')}`;
    return fail('auth-failed', `Cannot log in to "${name}" as ${where}: ${offered}`, {
      help:
        problems.length > 0 ? problems.join('; ') : 'Check ansible_user, the key and the authorized_keys of that user',
    });
  }
  if (level === 'handshake' || /no matching/i.test(message)) {
    return fail('unreachable', `Cannot agree with "${name}" on how to encrypt: ${message}`, {
      help: 'Set connection: openssh for this host, or allow a common algorithm in its sshd_config',
    });
  }
  // Before the handshake is over a host that closes is one that is busy: sshd drops connections above MaxStartups.
  const failed = fail(
    'unreachable',
    `"${name}" at ${settings.host}:${settings.port} closed the connection before the login: ${message}`,
    {
      retry: 'transient',
      help: 'Check the log of its sshd; MaxStartups limits how many may log in at once',
    },
  );
  return { ok: false, error: { ...failed.error, dropped: true } };
}
