import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containers, wait } from '../../../src/host/ask.ts';
import type { Condition } from '../../../src/host/condition.ts';
import { factOf } from '../../../src/host/facts.ts';
import type { WaitFact } from '../../../src/host/observation.ts';
import { observe } from '../../rig/apply.ts';
import type { RunOptions, Shell } from '../../rig/shells.ts';
import { shellRig } from '../../rig/shells.ts';

const rig = shellRig();
const root = mkdtempSync(join(tmpdir(), 'hlb-wait-'));
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'host');
let web: Server;
let secure: Server;
let port = 0;
let securePort = 0;
const certificate = join(root, 'cert.pem');
let hits = 0;

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  web = createHttp((request, response) => {
    hits += 1;
    const status = request.url === '/flaky' ? (hits % 3 === 0 ? 503 : 200) : request.url === '/403' ? 403 : 200;
    response.writeHead(status).end('the body \n\n');
  });
  await new Promise<void>((resolve) => {
    web.listen(0, '127.0.0.1', resolve);
  });
  port = portOf(web);
  const key = join(root, 'key.pem');
  const words = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=api';
  execFileSync(
    'openssl',
    [...words.split(' '), '-addext', 'subjectAltName=DNS:kubernetes', '-keyout', key, '-out', certificate],
    { stdio: 'ignore' },
  );
  secure = createHttps({ key: readFileSync(key), cert: readFileSync(certificate) }, (_request, response) => {
    response.writeHead(200).end('ok');
  });
  await new Promise<void>((resolve) => {
    secure.listen(0, '127.0.0.1', resolve);
  });
  securePort = portOf(secure);
});
afterAll(() => {
  web.close();
  secure.close();
  rig.dispose();
  rmSync(root, { recursive: true, force: true });
});

async function look(shell: Shell, until: Condition, timeoutMs = 0, options: RunOptions = {}): Promise<WaitFact> {
  const query = wait(until, { timeoutMs, intervalMs: 50 });
  const observed = await observe(shell, [query], options);
  const fact = factOf(observed.facts, query);
  if (fact === undefined) throw new Error(JSON.stringify([...observed.problems]));
  return fact;
}

/** A folder whose only programs are these, and what every script may use. */
function only(...names: readonly string[]): RunOptions {
  const path = mkdtempSync(join(root, 'path-'));
  for (const name of [...names, 'cat', 'grep', 'sed', 'sleep', 'sh', 'awk'])
    symlinkSync(`/usr/bin/${name}`, join(path, name));
  return { path };
}

function standIn(name: string, text: string): RunOptions {
  const pathBefore = mkdtempSync(join(root, 'bin-'));
  writeFileSync(join(pathBefore, name), `#!/bin/sh\n${text}`);
  chmodSync(join(pathBefore, name), 0o755);
  return { pathBefore };
}

describe.each(rig.shells)('conditions polled through $name', (shell) => {
  const tcp = (number: number, open = true): Extract<Condition, { kind: 'tcp' }> => ({
    kind: 'tcp',
    host: '127.0.0.1',
    port: number,
    open,
    timeoutMs: 1000,
  });

  it('connects with whatever the host has', async () => {
    const ways: readonly RunOptions[] =
      shell.name === 'busybox' ? [{}] : [{}, only('bash', 'timeout'), only('socat'), only('curl'), only()];
    for (const options of ways) {
      expect(await look(shell, tcp(port), 0, options)).toMatchObject({
        met: true,
        last: `127.0.0.1 port ${port} accepts connections`,
      });
      expect(await look(shell, tcp(1), 0, options)).toMatchObject({
        met: false,
        last: '127.0.0.1 port 1 accepts no connection',
      });
      expect(await look(shell, tcp(1, false), 0, options)).toMatchObject({ met: true });
    }
    if (shell.name !== 'busybox') {
      const far: Condition = { kind: 'tcp', host: '198.18.0.1', port: 1, open: true, timeoutMs: 100 };
      expect(await look(shell, far, 0, only())).toMatchObject({
        met: false,
        last: 'no bash, nc, socat or curl to connect with',
      });
    }
  });

  it('reads what comes from a port until it matches', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      // A banner in two parts without a line break at its end, and a connection that stays open.
      socket.write('SSH-2');
      setTimeout(() => socket.write('.0-test_7'), 100);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const until = (search: string): Condition => ({ ...tcp(portOf(server)), timeoutMs: 2000, search });
    const ways: readonly RunOptions[] = shell.name === 'busybox' ? [{}] : [{}, only('bash', 'timeout'), only('curl')];
    for (const options of ways) {
      expect(await look(shell, until('^SSH-[0-9.]+-test_([0-9])$'), 0, options)).toMatchObject({
        met: true,
        last: 'SSH-2.0-test_7',
      });
    }
    expect(await look(shell, { ...tcp(portOf(server)), search: 'HTTP' })).toMatchObject({
      met: false,
      last: `nothing that matches came from 127.0.0.1 port ${portOf(server)}`,
    });
    server.close();
  });

  it('sees when the last connection has gone', async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const drained: Condition = { kind: 'drained', port: portOf(server) };
    expect(await look(shell, drained)).toMatchObject({ met: true, last: `0 connections to port ${portOf(server)}` });
    const client = connect(portOf(server), '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
    expect(await look(shell, drained)).toMatchObject({ met: false });
    client.resetAndDestroy();
    expect(await look(shell, drained, 3000)).toMatchObject({ met: true });
    server.close();
  });

  it('asks over HTTP: status, body, and why there is no answer', async () => {
    const http = (path: string, rest: object = {}): Condition => ({
      kind: 'http',
      url: `http://127.0.0.1:${port}${path}`,
      statuses: [200],
      verifyTls: true,
      timeoutMs: 1000,
      ...rest,
    });
    const ways: readonly RunOptions[] = shell.name === 'busybox' ? [{}] : [{}, only('wget')];
    for (const options of ways) {
      expect(await look(shell, http('/'), 0, options)).toMatchObject({ met: true, last: 'status 200' });
      expect(await look(shell, http('/', { body: 'the body' }), 0, options)).toMatchObject({ met: true });
      expect(await look(shell, http('/', { body: 'the' }), 0, options)).toMatchObject({
        met: false,
        last: 'status 200, another body',
      });
      expect(await look(shell, http('/403'), 0, options)).toMatchObject({ met: false, last: 'status 403' });
      expect(await look(shell, http('/403', { statuses: [200, 403] }), 0, options)).toMatchObject({ met: true });
      const refused = await look(shell, http('/', { url: 'http://127.0.0.1:1/' }), 0, options);
      expect([refused.met, /^no answer: .*(refused|connect)/.test(refused.last)]).toEqual([false, true]);
    }
  });

  it('verifies a server by a CA file, and under another name than its address', async () => {
    const http = (rest: object): Condition => ({
      kind: 'http',
      url: `https://127.0.0.1:${securePort}/`,
      statuses: [200],
      verifyTls: true,
      timeoutMs: 2000,
      caFile: certificate,
      ...rest,
    });
    // Its wget verifies nothing, and Node speaks no TLS that it knows.
    if (shell.name === 'busybox') {
      expect((await look(shell, http({}))).last).toContain('cannot verify TLS');
      return;
    }
    expect(await look(shell, http({ serverName: 'kubernetes' }))).toMatchObject({ met: true, last: 'status 200' });
    const wrong = [
      http({}),
      http({ serverName: 'other' }),
      http({ serverName: 'kubernetes', caFile: join(fixtures, 'no-such.crt') }),
    ];
    for (const condition of wrong) expect((await look(shell, condition)).last).toMatch(/^no answer: .*certificate/i);
    expect(await look(shell, http({ verifyTls: false }))).toMatchObject({ met: true });
  });

  it('counts successes in a row', async () => {
    const flaky: Condition = {
      kind: 'http',
      url: `http://127.0.0.1:${port}/flaky`,
      statuses: [200],
      verifyTls: true,
      timeoutMs: 1000,
    };
    hits = 0;
    expect(await look(shell, { kind: 'successive', times: 3, of: flaky }, 600)).toMatchObject({ met: false });
    hits = 0;
    const two = await look(shell, { kind: 'all', of: [{ kind: 'successive', times: 2, of: flaky }, tcp(port)] }, 2000);
    expect(two).toMatchObject({ met: true });
    const both = await look(shell, {
      kind: 'all',
      of: [tcp(1), { kind: 'path', path: '/no', present: true }, tcp(port)],
    });
    expect(both).toMatchObject({ met: false, last: '127.0.0.1 port 1 accepts no connection; /no is not there' });
  });

  it('looks at paths, their lines, programs and units', async () => {
    const path = join(mkdtempSync(join(root, 'p-')), "it's");
    expect(await look(shell, { kind: 'path', path, present: true })).toMatchObject({
      met: false,
      last: `${path} is not there`,
    });
    expect(await look(shell, { kind: 'path', path, present: false })).toMatchObject({ met: true });
    writeFileSync(path, 'one\ntwo 22\n');
    expect(await look(shell, { kind: 'path', path, present: true, search: '^two [0-9]+$' })).toMatchObject({
      met: true,
    });
    expect(await look(shell, { kind: 'path', path, present: true, search: '^three' })).toMatchObject({
      met: false,
      last: `${path} has no such line`,
    });
    const command = (text: string, rest: object = {}): Condition => ({
      kind: 'command',
      argv: ['sh', '-c', text],
      code: 0,
      ...rest,
    });
    expect(await look(shell, command('echo a; echo last; exit 3'))).toMatchObject({
      met: false,
      last: 'exit code 3: last',
    });
    expect(await look(shell, command('echo a; exit 3', { code: 3, stdout: '^a$' }))).toMatchObject({ met: true });
    expect(await look(shell, command('echo b', { stdout: '^a$' }))).toMatchObject({
      met: false,
      last: 'exit code 0: b',
    });
    const unit: Condition = { kind: 'unit', name: 'kubelet.service', activeState: 'active' };
    expect(await look(shell, unit, 0, standIn('systemctl', 'echo activating; exit 3'))).toMatchObject({
      met: false,
      last: 'kubelet.service is activating',
    });
    expect(await look(shell, unit, 0, standIn('systemctl', 'echo active'))).toMatchObject({ met: true });
  });

  it('finds a container that keeps running, from what crictl prints', async () => {
    const crictl = (pods: string, ps: string): RunOptions =>
      standIn(
        'crictl',
        `case $1 in pods) cat '${pods}';; ps) cat '${ps}';; inspect) cat '${join(fixtures, 'crictl-inspect.json')}';; esac`,
      );
    const pods = join(fixtures, 'crictl-pods.json');
    const ps = join(fixtures, 'crictl-ps.json');
    const pod = 'haproxy-apiserver-lb-cp2';
    const condition = (rest: object = {}): Condition => ({
      kind: 'container',
      pod,
      container: 'haproxy',
      stableMs: 200,
      ...rest,
    });
    const id = 'f94d35bab09f30bdc7d2904369f5a471d6b1c620896cb795f3fd6613f9ce6e2a';
    expect(await look(shell, condition(), 2000, crictl(pods, ps))).toMatchObject({
      met: true,
      last: `container ${id} has run for 0 s`,
    });
    expect(await look(shell, condition(), 0, crictl(pods, ps))).toMatchObject({ met: false });
    expect(await look(shell, condition({ pod: 'other' }), 0, crictl(pods, ps))).toMatchObject({
      last: 'no ready sandbox of the pod other',
    });
    expect(await look(shell, condition({ container: 'x' }), 0, crictl(pods, ps))).toMatchObject({
      last: `the container x of the pod ${pod} is not running`,
    });
    const folder = mkdtempSync(join(root, 'cri-'));
    const twice = join(folder, 'pods');
    const text = readFileSync(pods, 'utf8');
    const item = text.slice(text.indexOf('{', 1), text.lastIndexOf(']'));
    writeFileSync(twice, JSON.stringify(JSON.parse(`{"items":[${item.replace('b5d66866', 'ffffffff')},${item}]}`)));
    expect(await look(shell, condition(), 0, crictl(twice, ps))).toMatchObject({
      last: `several ready sandboxes of the pod ${pod}`,
    });
    const down = standIn('crictl', 'echo "connection refused" >&2; exit 1');
    expect(await look(shell, condition(), 0, down)).toMatchObject({ last: 'crictl pods: connection refused' });

    const query = containers(pod);
    const seen = factOf((await observe(shell, [query], crictl(pods, ps))).facts, query);
    expect(seen).toEqual({
      sandboxes: [
        {
          id: 'b5d66866d6bb1d36b425253be74c6ef704252d47be7c0d63cfc8284796aa8cc9',
          pod,
          namespace: 'kube-system',
          uid: '85787bfa3494b99203c0202f5c082bca',
          ready: true,
          configHash: '85787bfa3494b99203c0202f5c082bca',
        },
      ],
      containers: [
        {
          id,
          sandboxId: 'b5d66866d6bb1d36b425253be74c6ef704252d47be7c0d63cfc8284796aa8cc9',
          name: 'haproxy',
          pod,
          attempt: 0,
          state: 'running',
          image: 'sha256:43489c6fb8e6c1dbccc0657a62efa5962b2a7196050e4ec69889f111a556de4a',
          pid: 529,
          createdAt: 1795309289903,
        },
      ],
    });
    const gone = factOf((await observe(shell, [query], down)).facts, query);
    expect(gone).toEqual({ error: 'connection refused', sandboxes: [], containers: [] });
    mkdirSync(join(folder, 'none'));
    const missing = factOf((await observe(shell, [query], { path: join(folder, 'none') })).facts, query);
    expect(missing).toMatchObject({ error: 'crictl is not installed' });
  });
});
