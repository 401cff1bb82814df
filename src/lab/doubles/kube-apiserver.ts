import { existsSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { anonymous, authenticate, isAllowed } from './apiserver-auth.ts';
import { presented, signedRequest } from './apiserver-kinds.ts';
import { forbiddenMessage, kindName, parsePath, qualifiedKind, type Resource } from './apiserver-routes.ts';
import {
  type Answer,
  failure,
  forbidden,
  healthAnswer,
  noSuchPath,
  notFound,
  timedOut,
  unauthorized,
} from './apiserver-status.ts';
import { objectStore } from './apiserver-store.ts';
import { type EtcdClient, EtcdError, etcdClient } from './etcd-client.ts';
import { option, type Parsed } from './flags.ts';
import { type Json, parseJson } from './json.ts';
import { settingsDir, shownVersion } from './name.ts';
import { type Ending, ending, program, warn } from './program.ts';
import { scaled } from './timing.ts';

/** What this API server knows of itself. */
interface State {
  /** Etcd has answered something, be it a refusal. */
  hasContact: boolean;
  /** Everything was read once: until then nobody may do anything, as where etcd is still a learner. */
  isSynced: boolean;
  isStarted: boolean;
  etcd: boolean;
  isStopping: boolean;
}

/** How long after the first contact with etcd the real one's start hooks take. */
const startHooksMs = 1200;

/** Asks etcd for a linearizable read twice a second: what quorum means for an API server. */
async function watchEtcd(etcd: EtcdClient, state: State, life: Ending): Promise<void> {
  while (!life.signal.aborted) {
    try {
      await etcd.get('/registry/health');
      state.etcd = true;
      state.hasContact = true;
      if (!state.isSynced) {
        state.isSynced = true;
        setTimeout(() => (state.isStarted = true), startHooksMs);
      }
    } catch (error) {
      state.etcd = false;
      if (error instanceof EtcdError && error.message.includes('learner')) state.hasContact = true;
    }
    await life.wait(500);
  }
}

/** `/etc/hlb-lab/apiserver` makes the API server of its host sick: 500, 403, 401, hang or refuse; anything else, and no file, is health. */
function sickness(): string {
  const path = join(settingsDir, 'apiserver');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === '' ? null : parseJson(text);
}

/** Go's flags: every one has a value behind `=`. */
function flagsOf(argv: readonly string[]): Parsed {
  const pairs = argv.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split(/=(.*)/s));
  return { options: Object.fromEntries(pairs.map(([name = '', value = 'true']) => [name, [value]])), rest: [] };
}

program('kube-apiserver', async (argv) => {
  const flags = flagsOf(argv);
  const file = (name: string): string => readFileSync(option(flags, name) ?? '', 'utf8');
  const clientCaFile = option(flags, 'client-ca-file') ?? '';
  const etcd = etcdClient(
    {
      endpoints: (option(flags, 'etcd-servers') ?? '').split(','),
      ca: file('etcd-cafile'),
      certificate: file('etcd-certfile'),
      key: file('etcd-keyfile'),
    },
    2000,
  );
  const store = objectStore(etcd);
  const state: State = { hasContact: false, isSynced: false, isStarted: false, etcd: false, isStopping: false };

  const onResource = async (resource: Resource, request: IncomingMessage, user: string): Promise<Answer> => {
    const method = request.method ?? 'GET';
    switch (method) {
      case 'GET': {
        if (resource.name === undefined) {
          const found = await store.list(resource);
          const items = await Promise.all(found.map((one) => presented(resource, one, store)));
          return { code: 200, body: { kind: `${kindName(resource.kind)}List`, apiVersion: 'v1', metadata: {}, items } };
        }
        const found = await store.get(resource);
        if (found === undefined) return notFound(qualifiedKind(resource), resource.name);
        return { code: 200, body: await presented(resource, found, store) };
      }
      case 'POST': {
        const body = await bodyOf(request);
        if (resource.kind !== 'certificatesigningrequests') return store.create(resource, body);
        return store.create(resource, signedRequest(body, { name: user, groups: [] }, clientCaFile));
      }
      case 'PUT':
        return store.update(resource, await bodyOf(request));
      case 'PATCH':
        return store.patch(resource, await bodyOf(request));
      case 'DELETE':
        return store.remove(resource);
      default:
        return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  };

  const answer = async (request: IncomingMessage, path: string): Promise<Answer> => {
    const method = request.method ?? 'GET';
    if (!state.isSynced) {
      // Certificates are known without etcd, what their owners may do is not.
      const user = request.headers.authorization === undefined ? await authenticate(request, store) : anonymous;
      return forbidden(forbiddenMessage((user ?? anonymous).name, method, path));
    }
    const user = await authenticate(request, store);
    if (user === undefined) return unauthorized();
    if (!(await isAllowed(user, method, path, store))) return forbidden(forbiddenMessage(user.name, method, path));
    if (path === '/version') {
      const [, major = '', minor = ''] = /v(\d+)\.(\d+)/.exec(shownVersion()) ?? [];
      return {
        code: 200,
        body: { major, minor, gitVersion: shownVersion(), gitTreeState: 'hlb test double', platform: 'linux/amd64' },
      };
    }
    const resource = parsePath(path);
    return resource === undefined ? noSuchPath() : onResource(resource, request, user.name);
  };

  const settings = () => ({
    cert: file('tls-cert-file'),
    key: file('tls-private-key-file'),
    ca: readFileSync(clientCaFile),
  });
  const server = createHttpsServer(
    { ...settings(), requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const url = new URL(request.url ?? '/', 'https://localhost');
      const send = (code: number, type: string, text: string): void => {
        response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
        response.end(text);
      };
      const sick = sickness();
      if (sick === 'hang') return;
      const check = (['livez', 'readyz', 'healthz'] as const).find((one) => url.pathname === `/${one}`);
      if (sick === '403') {
        const body = forbidden(forbiddenMessage(anonymous.name, 'GET', url.pathname)).body;
        return send(403, 'application/json', JSON.stringify(body, undefined, 2));
      }
      if (sick === '401') return send(401, 'application/json', JSON.stringify(unauthorized().body, undefined, 2));
      if (check !== undefined && (state.isSynced || sick === '500')) {
        const health = { etcd: state.etcd && sick !== '500', started: state.isStarted, stopping: state.isStopping };
        const said = healthAnswer(check, health, url.searchParams.has('verbose'));
        return send(said.code, 'text/plain; charset=utf-8', said.text);
      }
      if (sick === '500') return send(500, 'text/plain; charset=utf-8', 'Internal Server Error\n');
      answer(request, url.pathname)
        .catch((error: unknown) => {
          const what = parsePath(url.pathname);
          if (error instanceof EtcdError) return timedOut(`get ${what?.kind ?? ''} ${what?.name ?? ''}`.trim());
          return failure(500, 'InternalError', error instanceof Error ? error.message : String(error));
        })
        .then(({ code, body }) => send(code, 'application/json', `${JSON.stringify(body)}\n`))
        .catch(() => response.destroy());
    },
  );
  server.on('tlsClientError', () => undefined);

  // Connections are taken from the first moment, but nobody speaks TLS before etcd has answered something.
  let waiting: Socket[] = [];
  const open = new Set<Socket>();
  const front = createServer((socket) => {
    socket.on('error', () => undefined);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (sickness() === 'refuse') socket.destroy();
    else if (state.hasContact) server.emit('connection', socket);
    else waiting.push(socket);
  });
  front.listen(Number(option(flags, 'secure-port') ?? 6443), '::');
  const life = ending();
  watchEtcd(etcd, state, life).catch((error: unknown) => warn(String(error)));

  process.once('SIGTERM', () => {
    state.isStopping = true;
    setTimeout(() => front.close(), 200);
    // Long requests such as watches keep the real one alive for up to a minute: whoever stopped it kills it before.
    setTimeout(() => {
      life.end();
      for (const socket of open) socket.destroy();
    }, scaled(60_000));
  });

  let loaded = '';
  while (!life.signal.aborted) {
    await life.wait(200);
    if (state.hasContact && waiting.length > 0) {
      for (const socket of waiting) server.emit('connection', socket);
      waiting = [];
    }
    const paths = ['tls-cert-file', 'tls-private-key-file'].map((name) => option(flags, name) ?? '');
    if (!paths.every((path) => existsSync(path))) continue;
    const seen = paths.map((path) => `${statSync(path).mtimeMs} ${statSync(path).ino}`).join();
    if (loaded !== '' && loaded !== seen) {
      try {
        server.setSecureContext(settings());
      } catch (error) {
        warn(`key failed with : ${String(error)}`);
        continue;
      }
    }
    loaded = seen;
  }
});
