import { Agent, request } from 'node:https';
import { type Json, parseJson, textAt } from './json.ts';
import type { Kubeconfig } from './kubeconfig.ts';

/** The API server answered with a Status that is a failure. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** Nobody answered: refused, time-out, cut off. The message is Go's for the same failure. */
export class ConnectionError extends Error {
  readonly kind: 'refused' | 'timeout' | 'eof' | 'tls' | 'unreachable';

  constructor(kind: ConnectionError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface ApiAnswer {
  readonly code: number;
  readonly text: string;
}

export interface ApiClient {
  readonly server: string;
  /** Any path, the answer as it is. Rejects with a `ConnectionError` alone. */
  readonly raw: (method: string, path: string, body?: Json) => Promise<ApiAnswer>;
  /** JSON; an answer that is a failure rejects with an `ApiError`. */
  readonly send: (method: string, path: string, body?: Json) => Promise<Json>;
  readonly get: (path: string) => Promise<Json>;
  /** Undefined for what does not exist. */
  readonly find: (path: string) => Promise<Json | undefined>;
}

function connectionError(error: NodeJS.ErrnoException, host: string): ConnectionError {
  const dial = (why: string): string => `dial tcp ${host}: connect: ${why}`;
  switch (error.code ?? '') {
    case 'ECONNREFUSED':
      return new ConnectionError('refused', dial('connection refused'));
    case 'EHOSTUNREACH':
      return new ConnectionError('unreachable', dial('no route to host'));
    case 'ENETUNREACH':
      return new ConnectionError('unreachable', dial('network is unreachable'));
    case 'ECONNRESET':
      return new ConnectionError('eof', 'EOF');
    default:
      return /certificate|altname|self.signed/i.test(`${error.code} ${error.message}`)
        ? new ConnectionError('tls', `tls: failed to verify certificate: x509: ${error.message}`)
        : new ConnectionError('eof', error.message);
  }
}

export function apiClient(config: Kubeconfig, timeoutMs = 10_000): ApiClient {
  const agent = new Agent({ keepAlive: true });
  const raw: ApiClient['raw'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const url = new URL(`${config.server}${path}`);
      let hasConnected = false;
      const sent = request(
        url,
        {
          method,
          agent,
          ca: config.ca,
          cert: config.certificate,
          key: config.key,
          rejectUnauthorized: config.ca !== undefined,
          headers: {
            'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
            ...(config.token === undefined ? {} : { authorization: `Bearer ${config.token}` }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', (error) => fail(error));
          answer.on('end', () => {
            clearTimeout(timer);
            resolve({ code: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
          });
        },
      );
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        // The other side had closed a connection that was kept: nothing of the request has been heard.
        if (sent.reusedSocket && error.code === 'ECONNRESET') raw(method, path, body).then(resolve, reject);
        else reject(error instanceof ConnectionError ? error : connectionError(error, url.host));
      };
      const timer = setTimeout(() => {
        const waiting = hasConnected
          ? 'net/http: request canceled'
          : 'net/http: request canceled while waiting for connection';
        sent.destroy(new ConnectionError('timeout', `${waiting} (Client.Timeout exceeded while awaiting headers)`));
      }, timeoutMs);
      sent.on('socket', (socket) => {
        hasConnected = !socket.connecting;
        if (socket.connecting) socket.once('connect', () => (hasConnected = true));
      });
      sent.on('error', fail);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const send: ApiClient['send'] = async (method, path, body) => {
    const answer = await raw(method, path, body);
    const value = answer.text === '' ? null : parseJson(answer.text);
    if (answer.code < 400) return value;
    throw new ApiError(answer.code, textAt(value, 'reason') ?? '', textAt(value, 'message') ?? answer.text);
  };
  return {
    server: config.server,
    raw,
    send,
    get: (path) => send('GET', path),
    find: async (path) => {
      try {
        return await send('GET', path);
      } catch (error) {
        if (error instanceof ApiError && error.code === 404) return undefined;
        throw error;
      }
    },
  };
}
