import { setMaxListeners } from 'node:events';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Become, Connection, Session, Target, Transport } from '../host/session.ts';

/** One connection a host, for the whole run. */
export interface ConnectionPool {
  readonly session: (target: Target, become: Become | undefined) => Promise<Result<Session, Failure>>;
  readonly connection: (target: Target) => Promise<Result<Connection, Failure>>;
  /** Begins to open what is not open yet, for a use that will come; the use hears of a failure. */
  readonly ahead: (target: Target) => void;
  /** Forgets the connection, so that the next use opens another (`meta: reset_connection`, a reboot). */
  readonly drop: (target: Target) => Promise<void>;
  readonly roundTrips: (host: string) => number;
  readonly close: () => Promise<void>;
}

export function createConnectionPool(transport: Transport, signal: AbortSignal): ConnectionPool {
  const open = new Map<string, Promise<Result<Connection, Failure>>>();
  const closing = new AbortController();
  const ended = AbortSignal.any([signal, closing.signal]);
  // Each connection listens, and Node warns of more than ten.
  setMaxListeners(0, ended);
  const counters = new Map<string, { readonly host: string; readonly count: () => number }>();
  const spent = new Map<string, number>();

  const opening = (key: string, target: Target): Promise<Result<Connection, Failure>> => {
    const found = open.get(key) ?? transport.connect(target, ended);
    open.set(key, found);
    return found;
  };

  const connection = async (target: Target): Promise<Result<Connection, Failure>> => {
    const key = keyOf(target);
    const found = opening(key, target);
    const result = await found;
    if (result.ok) counters.set(key, { host: target.name, count: result.value.roundTrips });
    else if (open.get(key) === found) open.delete(key);
    return result;
  };

  const settled = async (key: string): Promise<Connection | undefined> => {
    const result = await open.get(key);
    return result?.ok === true ? result.value : undefined;
  };

  const drop = async (key: string, host: string): Promise<void> => {
    const found = await settled(key);
    open.delete(key);
    counters.delete(key);
    if (found === undefined) return;
    spent.set(host, (spent.get(host) ?? 0) + found.roundTrips());
    await found.close();
  };

  return {
    ahead: (target) => {
      opening(keyOf(target), target).catch(() => undefined);
    },
    connection,
    session: async (target, become) => {
      const result = await connection(target);
      return result.ok ? result.value.session(become) : result;
    },
    drop: async (target) => drop(keyOf(target), target.name),
    roundTrips: (host) =>
      [...counters.values()]
        .filter((one) => one.host === host)
        .reduce((sum, one) => sum + one.count(), spent.get(host) ?? 0),
    close: async () => {
      // One that was opened ahead and nobody waits for any more.
      closing.abort();
      await Promise.all([...open.keys()].map(async (key) => (await settled(key))?.close()));
      open.clear();
    },
  };
}

/** Two tasks share a connection where everything that shapes it is the same. */
function keyOf(target: Target): string {
  return JSON.stringify([
    target.name,
    target.connection,
    target.address,
    target.port,
    target.user,
    target.privateKeyFile,
  ]);
}
