import { randomBytes } from 'node:crypto';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Connection, Transport } from '../host/session.ts';
import { createConnection } from './connection.ts';
import type { TransportOptions } from './options.ts';
import type { OpenLink } from './ssh-open.ts';

/** Knows ssh, openssh and local. One for a whole run: it remembers keys, answers and configuration. */
export function createTransport(options: TransportOptions): Transport {
  const incarnation = randomBytes(4).toString('hex');
  const runId = (options.runId ?? randomBytes(6).toString('hex')).replace(/[^\w-]/g, '_');
  let openSsh: Promise<OpenLink> | undefined;

  const open: OpenLink = async (target, signal) => {
    if (target.connection === 'local') {
      const { openLocalLink } = await import('./local-link.ts');
      return ok(await openLocalLink(target.name));
    }
    openSsh ??= import('./ssh-open.ts').then(({ createSshOpener }) => createSshOpener(options));
    return (await openSsh)(target, signal);
  };

  return {
    connect: async (target, signal): Promise<Result<Connection, Failure>> => {
      const link = await open(target, signal);
      if (!link.ok) return link;
      return ok(
        createConnection({
          host: target.name,
          link: link.value,
          reopen: (again) => open(target, again),
          clock: options.clock,
          runId,
          incarnation,
          becomeTimeoutMs: options.becomeTimeoutMs ?? 30_000,
          graceMs: options.graceMs ?? 10_000,
          reconnectMs: options.reconnectMs ?? 60_000,
        }),
      );
    },
  };
}
