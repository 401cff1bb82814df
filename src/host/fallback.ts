import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Clock } from '../core/clock.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import type { AnyFact, HaproxyFact, HaproxyQuery, HttpFact, HttpQuery, Observation } from './observation.ts';
import { noAnswer } from './observe/http.ts';
import type { Problem } from './observe/part.ts';
import type { Connection } from './session.ts';

const maximumRedirects = 10;
const socketTimeoutMs = 30_000;

/**
 * Asks what the host has no tool for over forwarded channels of its connection: HTTP, TLS and haproxy's socket are
 * spoken by the controller, from the host's own place in the network. Takes the `forward` questions of an observation.
 */
export async function observeThrough(
  connection: Connection,
  observation: Observation,
  clock: Clock,
): Promise<Result<AnyFact, Problem>> {
  if (observation.kind === 'http') return http(connection, observation, clock);
  if (observation.kind === 'haproxy') return haproxy(connection, observation, clock);
  return err({ message: `A question of the kind "${observation.kind}" cannot be asked over a forwarded channel` });
}

async function http(connection: Connection, query: HttpQuery, clock: Clock): Promise<Result<HttpFact, Problem>> {
  let url = query.url;
  for (let hops = 0; hops <= maximumRedirects; hops += 1) {
    const answer = await request(connection, { ...query, url }, clock);
    const location = answer.ok ? answer.value.headers['location'] : undefined;
    const isRedirect = answer.ok && [301, 302, 303, 307, 308].includes(answer.value.status);
    if (!query.followRedirects || !isRedirect || location === undefined) return answer;
    url = new URL(location, url).href;
  }
  return ok(noAnswer(`More than ${maximumRedirects} redirects`));
}

async function request(connection: Connection, query: HttpQuery, clock: Clock): Promise<Result<HttpFact, Problem>> {
  const url = new URL(query.url);
  const isTls = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const opened = await connection.forward({ host, port: Number(url.port || (isTls ? 443 : 80)) });
  if (!opened.ok) {
    if (/prohibited|not permitted|disabled/i.test(opened.error.message))
      return err(needsTool('curl', opened.error.message));
    return ok(noAnswer(opened.error.message));
  }
  const stream = opened.value;
  // What breaks it is told by whoever reads or writes.
  stream.on('error', () => {});
  const answer = async (): Promise<HttpFact> =>
    exchange(isTls ? await withTls(connection, stream, host, query) : stream, url, query);
  try {
    return ok(await withLimit(answer(), stream, query.timeoutMs, clock));
  } catch (error) {
    return ok(noAnswer(error instanceof Error ? error.message : String(error)));
  } finally {
    stream.destroy();
  }
}

/** The certificates lie on the host. */
async function withTls(connection: Connection, stream: Duplex, host: string, query: HttpQuery): Promise<Duplex> {
  const read = async (path: string | undefined): Promise<Buffer | undefined> => {
    if (path === undefined) return undefined;
    const bytes = await connection.download(path);
    if (!bytes.ok) throw new Error(bytes.error.message);
    return Buffer.from(bytes.value);
  };
  const [ca, cert, key] = [await read(query.caFile), await read(query.clientCertFile), await read(query.clientKeyFile)];
  const isAddress = /^[\d.]+$|:/.test(host);
  const socket = tlsConnect({
    socket: stream,
    host,
    rejectUnauthorized: query.verifyTls,
    ...(isAddress ? {} : { servername: host }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.on('error', reject);
    stream.once('close', () => reject(new Error('The connection was closed before TLS was agreed')));
  });
  return socket;
}

async function exchange(socket: Duplex, url: URL, query: HttpQuery): Promise<HttpFact> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(
      {
        createConnection: () => socket,
        method: query.method,
        host: url.hostname,
        port: url.port,
        path: `${url.pathname}${url.search}`,
        headers: { ...query.headers, connection: 'close' },
      },
      resolve,
    );
    sent.once('error', reject);
    sent.end();
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  const { statusCode = 0, statusMessage: phrase = '' } = response;
  const body = Buffer.concat(chunks);
  return { status: statusCode, ...(phrase === '' ? {} : { phrase }), headers: Object.fromEntries(headers), body };
}

async function haproxy(
  connection: Connection,
  query: HaproxyQuery,
  clock: Clock,
): Promise<Result<HaproxyFact, Problem>> {
  const answers: string[] = [];
  for (const command of query.commands) {
    const opened = await connection.forward({ socket: query.socket });
    if (!opened.ok) return err(needsTool('socat', opened.error.message));
    const stream = opened.value;
    try {
      answers.push(await withLimit(askSocket(stream, command), stream, socketTimeoutMs, clock));
    } catch (error) {
      const complete = query.commands.map((_, index) => answers[index] ?? '');
      return ok({ answers: complete, error: error instanceof Error ? error.message : String(error) });
    } finally {
      stream.destroy();
    }
  }
  return ok({ answers });
}

async function askSocket(stream: Duplex, command: string): Promise<string> {
  stream.write(`${command}\n`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function withLimit<T>(work: Promise<T>, stream: Duplex, ms: number, clock: Clock): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(
    () => {
      stream.destroy();
      throw new Error(`No answer in ${ms / 1000} s`);
    },
    () => work,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

function needsTool(tool: string, why: string): Problem {
  return {
    message: `This host has no ${tool}, and its SSH server forwards nothing: ${why}`,
    help: `Install the package "${tool}" on it, or allow forwarding (AllowTcpForwarding, AllowStreamLocalForwarding) in its sshd_config`,
  };
}
