import type { Duplex } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import type { ClientChannel } from 'ssh2';
import type { Clock } from '../core/clock.ts';
import { ok } from '../core/result.ts';
import { fail, messageOf } from './failures.ts';
import type { Link, Pipe, PipeEnd } from './pipe.ts';

/** How often a channel that the host would not open is asked for again: sshd frees ended ones late. */
const channelAttempts = 5;

/** A link over a connection that node-ssh has opened. */
export function createSshLink(host: string, user: string, ssh: NodeSSH, clock: Clock, onClosed: () => void): Link {
  const client = ssh.connection;
  if (client === null) throw new Error('node-ssh has no connection after connect');
  let lost: string | undefined;
  const closed = new Promise<void>((resolve) => {
    client.on('error', (error) => {
      lost ??= /Keepalive timeout/.test(error.message) ? 'it does not answer any more' : messageOf(error);
    });
    client.once('close', () => {
      lost ??= 'the host closed it';
      resolve();
      onClosed();
    });
  });

  const gone = () =>
    fail('connection-lost', `The connection to "${host}" was lost: ${lost ?? 'it ended'}`, { retry: 'transient' });

  /**
   * ssh2 calls back with an error, or not at all where the connection goes meanwhile. `make` runs within that call: what the
   * host sent in the same packet, such as an exit code, is told right after it.
   */
  const opening = async <T, R>(
    open: (done: (error: Error | undefined, value: T) => void) => void,
    make: (value: T) => R,
  ) =>
    new Promise<ReturnType<typeof fail> | { readonly ok: true; readonly value: R }>((resolve) => {
      void closed.then(() => resolve(gone()));
      try {
        open((error, value) => {
          if (error === undefined) resolve(ok(make(value)));
          else if (lost === undefined) resolve(fail('unreachable', messageOf(error), { retry: 'transient' }));
          else resolve(gone());
        });
      } catch (error) {
        lost ??= messageOf(error);
        resolve(gone());
      }
    });

  return {
    user,
    lost: () => lost,
    exec: async (command) => {
      for (let attempt = 1; ; attempt += 1) {
        if (lost !== undefined) return gone();
        const opened = await opening(
          (done: (error: Error | undefined, channel: ClientChannel) => void) => client.exec(command, done),
          (channel) => pipeOf(channel, closed),
        );
        if (opened.ok) return opened;
        if (opened.error.reason !== 'unreachable') return opened;
        if (attempt === channelAttempts) {
          return fail('unreachable', `"${host}" does not open another session: ${opened.error.message}`, {
            retry: 'transient',
            help: 'Raise MaxSessions in its sshd_config: hlb needs up to 4 on a connection',
          });
        }
        await clock.sleep(50 * 2 ** attempt);
      }
    },
    forward: async (to) => {
      const what = 'socket' in to ? `"${to.socket}"` : `${to.host}:${to.port}`;
      const opened = await opening(
        (done: (error: Error | undefined, stream: Duplex) => void) => {
          if ('socket' in to) client.openssh_forwardOutStreamLocal(to.socket, done);
          else client.forwardOut('127.0.0.1', 0, to.host, to.port, done);
        },
        // Whoever gets it listens for errors; until then nobody does.
        (stream) => stream.on('error', () => undefined),
      );
      if (opened.ok || opened.error.reason !== 'unreachable') return opened;
      return fail('unreachable', `Cannot reach ${what} from "${host}": ${opened.error.message}`, {
        retry: 'transient',
      });
    },
    close: async () => {
      if (lost !== undefined) return;
      lost = 'it was closed';
      client.end();
      const late = new AbortController();
      await Promise.race([closed, clock.sleep(1000, late.signal).catch(() => undefined)]);
      late.abort();
      client.destroy();
    },
  };
}

function pipeOf(channel: ClientChannel, closed: Promise<void>): Pipe {
  let end: PipeEnd = {};
  channel.on('exit', (code: number | null, signal?: string) => {
    end = { ...(code === null ? {} : { code }), ...(signal === undefined ? {} : { signal }) };
  });
  const ended = new Promise<PipeEnd>((resolve) => {
    channel.once('close', () => resolve(end));
    void closed.then(() => resolve(end));
  });
  channel.on('error', () => undefined);
  return { stdin: channel, stdout: channel, stderr: channel.stderr, ended, destroy: () => channel.destroy() };
}
