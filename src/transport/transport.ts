import { randomBytes } from 'node:crypto';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Connection, Target, Transport } from '../host/session.ts';
import { createConnection } from './connection.ts';
import { createHostKeys } from './host-keys.ts';
import type { TransportOptions } from './options.ts';
import type { Link } from './pipe.ts';
import { createAuth } from './ssh-auth.ts';
import { createSshKeys } from './ssh-keys.ts';
import { defaultSettings } from './ssh-settings.ts';

/** Knows ssh, openssh and local. One for a whole run: it remembers keys, answers and configuration. */
export function createTransport(options: TransportOptions): Transport {
  const env = options.env ?? process.env;
  const hostKeys = createHostKeys();
  const keys = createSshKeys(options.prompt);
  const incarnation = randomBytes(4).toString('hex');
  const runId = options.runId ?? randomBytes(6).toString('hex');

  const openSsh = async (target: Target, signal: AbortSignal): Promise<Result<Link, Failure>> => {
    const { connectSsh } = await import('./ssh-connect.ts');
    const settings = defaultSettings(target, env);
    const check = await hostKeys.checkFor(target.name, settings);
    if (!check.ok) return check;
    const auth = createAuth(target, settings, keys, options.prompt);
    return connectSsh({ target, settings, check: check.value, auth, clock: options.clock, signal });
  };

  const open = async (target: Target, signal: AbortSignal): Promise<Result<Link, Failure>> => {
    if (target.connection === 'local') {
      const { openLocalLink } = await import('./local-link.ts');
      return ok(await openLocalLink(target.name));
    }
    return openSsh(target, signal);
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
