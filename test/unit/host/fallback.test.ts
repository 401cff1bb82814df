import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Failure } from '../../../src/core/failure.ts';
import { err, ok } from '../../../src/core/result.ts';
import { containers, haproxy, http } from '../../../src/host/ask.ts';
import { observeThrough } from '../../../src/host/fallback.ts';
import type { Connection } from '../../../src/host/session.ts';

const root = mkdtempSync(join(tmpdir(), 'hlb-forward-'));
const socket = join(root, 'stats.sock');
const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: async (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

const failure = (message: string): Failure => ({ reason: 'connection-lost', message, retry: 'permanent' });

/** Forwards by plain sockets: as a host would see this machine. */
function connectionWith(refusal?: string): Connection {
  const unused = async (): Promise<never> => {
    throw new Error('Not used here');
  };
  return {
    host: 'here',
    roundTrips: () => 0,
    session: unused,
    upload: unused,
    close: unused,
    download: async (path) => ok(readFileSync(path)),
    forward: async (to) => {
      if (refusal !== undefined) return err(failure(refusal));
      const stream = 'socket' in to ? connect(to.socket) : connect(to.port, to.host);
      return new Promise((resolve) => {
        stream.once('connect', () => resolve(ok(stream)));
        stream.once('error', (error) => resolve(err(failure(error.message))));
      });
    },
  };
}

const answer: RequestListener = (request, response) => {
  if (request.url === '/slow') return;
  if (request.url === '/redirect') response.writeHead(302, { location: '/x?y=1' }).end();
  else
    response
      .writeHead(request.url === '/403' ? 403 : 200, { 'X-Sent': String(request.headers['x-send']) })
      .end(`${request.method} ${request.url}`);
};

const servers: Server[] = [];
async function listening(server: Server, at: number | string): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(at, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let plain = 0;
let secure = 0;
const certificate = join(root, 'cert.pem');
const key = join(root, 'key.pem');

beforeAll(async () => {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificate,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  plain = await listening(createHttp(answer), 0);
  secure = await listening(createHttps({ key: readFileSync(key), cert: readFileSync(certificate) }, answer), 0);
  const stats = createServer((client) => {
    client.on('data', (data) => client.end(data.toString() === 'silent\n' ? '' : `answer to ${data.toString()}`));
  });
  await listening(stats, socket);
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(root, { recursive: true, force: true });
});

describe('questions over a forwarded channel', () => {
  const body = (value: unknown): string =>
    typeof value === 'object' && value !== null && 'body' in value && value.body instanceof Uint8Array
      ? Buffer.from(value.body).toString()
      : '';

  it('speak HTTP, follow redirects and send headers', async () => {
    const found = await observeThrough(
      connectionWith(),
      http(`http://127.0.0.1:${plain}/redirect`, { headers: { 'X-Send': 'me' } }),
      clock,
    );
    expect(found).toMatchObject({ ok: true, value: { status: 200, headers: { 'x-sent': 'me' } } });
    expect(found.ok && body(found.value)).toBe('GET /x?y=1');
    expect(
      await observeThrough(
        connectionWith(),
        http(`http://127.0.0.1:${plain}/redirect`, { followRedirects: false }),
        clock,
      ),
    ).toMatchObject({ value: { status: 302 } });
    expect(await observeThrough(connectionWith(), http(`http://127.0.0.1:${plain}/403`), clock)).toMatchObject({
      value: { status: 403 },
    });
    const head = await observeThrough(connectionWith(), http(`http://127.0.0.1:${plain}/`, { method: 'HEAD' }), clock);
    expect(head.ok && body(head.value)).toBe('');
  });

  it('speak TLS, with the certificates of the host', async () => {
    const url = `https://127.0.0.1:${secure}/`;
    expect(await observeThrough(connectionWith(), http(url), clock)).toMatchObject({
      ok: true,
      value: { status: 0, error: expect.stringMatching(/self.signed/) },
    });
    expect(await observeThrough(connectionWith(), http(url, { verifyTls: false }), clock)).toMatchObject({
      value: { status: 200 },
    });
    expect(await observeThrough(connectionWith(), http(url, { caFile: certificate }), clock)).toMatchObject({
      value: { status: 200 },
    });
    expect(await observeThrough(connectionWith(), http(`https://127.0.0.1:${plain}/`), clock)).toMatchObject({
      value: { status: 0 },
    });
  });

  it('give up in time, and tell why there is no answer', async () => {
    expect(
      await observeThrough(connectionWith(), http(`http://127.0.0.1:${plain}/slow`, { timeoutMs: 100 }), clock),
    ).toMatchObject({
      value: { status: 0, error: 'No answer in 0.1 s' },
    });
    expect(await observeThrough(connectionWith(), http('http://127.0.0.1:1/'), clock)).toMatchObject({
      value: { status: 0, error: expect.stringContaining('ECONNREFUSED') },
    });
    expect(
      await observeThrough(connectionWith('administratively prohibited'), http('http://127.0.0.1:1/'), clock),
    ).toEqual({
      ok: false,
      error: {
        message: 'This host has no curl, and its SSH server forwards nothing: administratively prohibited',
        help: 'Install the package "curl" on it, or allow forwarding (AllowTcpForwarding, AllowStreamLocalForwarding) in its sshd_config',
      },
    });
  });

  it('ask the socket of an haproxy, one connection a command', async () => {
    expect(await observeThrough(connectionWith(), haproxy(socket, ['show stat', 'show info']), clock)).toEqual({
      ok: true,
      value: { answers: ['answer to show stat\n', 'answer to show info\n'] },
    });
    expect(await observeThrough(connectionWith(), haproxy(join(root, 'none'), ['x']), clock)).toMatchObject({
      ok: false,
    });
    expect(await observeThrough(connectionWith(), containers(), clock)).toMatchObject({ ok: false });
  });
});
