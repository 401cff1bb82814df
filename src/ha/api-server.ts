import { isIP } from 'node:net';
import { type Facts, factOf } from '../host/facts.ts';
import { http } from '../host/ask.ts';
import type { HttpQuery } from '../host/observation.ts';
import type { Server } from './config.ts';
import { endpointText, sameAddress } from './endpoint.ts';

/** What an API server says of itself at its own address. */
export interface ReadyLook {
  /** It answered 200 to /readyz; a half-joined one answers 403 for ever and is not alive. */
  readonly ready: boolean;
  /** Absent where no answer came. */
  readonly status?: number;
  /** Why none came. */
  readonly error?: string;
}

/** At the server's own address, not through a balancer; 3 s, since one that drops packets would hold up everybody. */
export function readyQuery({ address, port }: Server): HttpQuery {
  return http(`https://${endpointText(address, port)}/readyz`, {
    verifyTls: false,
    followRedirects: false,
    timeoutMs: 3000,
  });
}

/** Undefined where the host that was to ask could not. */
export function readyLook(server: Server, facts: Facts): ReadyLook | undefined {
  const fact = factOf(facts, readyQuery(server));
  if (fact === undefined) return undefined;
  if (fact.status === 0) return { ready: false, error: fact.error ?? 'No answer' };
  return { ready: fact.status === 200, status: fact.status };
}

/**
 * The API server that a balancer's server line leads to, which may bear another name there. Addresses decide; where the
 * inventory gives a host name, the line's name does, as haproxy tells resolved addresses only.
 */
export function apiServerAt(
  apiServers: readonly Server[],
  found: { readonly name: string; readonly address?: string; readonly port?: number },
): Server | undefined {
  const { name, address, port } = found;
  if (address === undefined) return apiServers.find((one) => one.name === name);
  return (
    apiServers.find((one) => sameAddress(one.address, address) && one.port === port) ??
    apiServers.find((one) => one.name === name && one.port === port && isIP(one.address) !== isIP(address))
  );
}
