import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { hostname as nodeHostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as ask from '../../../src/host/ask.ts';
import { factOf } from '../../../src/host/facts.ts';
import type { FactOf, Observation } from '../../../src/host/observation.ts';
import { bytesOf } from '../../../src/host/quote.ts';
import { observe } from '../../rig/apply.ts';
import type { RunOptions, Shell } from '../../rig/shells.ts';
import { shellRig } from '../../rig/shells.ts';

const rig = shellRig();
const root = mkdtempSync(join(tmpdir(), 'hlb-host-'));
const sha1 = (bytes: string): string => createHash('sha1').update(bytes).digest('hex');

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'host');

/** A program put before those of the machine. */
function standIn(name: string, text: string): RunOptions {
  const pathBefore = mkdtempSync(join(root, 'bin-'));
  writeFileSync(join(pathBefore, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(pathBefore, name), 0o755);
  return { pathBefore };
}

async function seen<const O extends Observation>(
  shell: Shell,
  observation: O,
  options?: RunOptions,
): Promise<FactOf<O>> {
  const observed = await observe(shell, [observation], options);
  const fact = factOf(observed.facts, observation);
  if (fact === undefined) throw new Error(JSON.stringify([...observed.problems, ...observed.forward]));
  return fact;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let web: Server;
let webPort = 0;
beforeAll(async () => {
  web = createHttp((request, response) => {
    if (request.url === '/redirect') return response.writeHead(302, { location: '/ok' }).end();
    const status = request.url === '/missing' ? 404 : 200;
    response.writeHead(status, { 'x-test': request.headers['x-send'] ?? 'none', 'set-cookie': ['a=1', 'b=2'] });
    return response.end(request.method === 'HEAD' ? undefined : `body of ${request.url}\n\u0000\u00ff`);
  });
  await new Promise<void>((resolve) => {
    web.listen(0, '127.0.0.1', resolve);
  });
  webPort = portOf(web);
});
afterAll(() => {
  web.close();
  rig.dispose();
  rmSync(root, { recursive: true, force: true });
});

describe.each(rig.shells)('a host seen through $name', (shell) => {
  it('lists a directory with hostile names, to the depth asked for', async () => {
    const folder = mkdtempSync(join(root, 'dir-'));
    mkdirSync(join(folder, 'sub', 'deep'), { recursive: true });
    const names = ['plain', ' a b ', 'new\nline', '-n', '$x', 'sub/in', 'sub/deep/er', 'raw\udcfe'];
    for (const name of names) writeFileSync(Buffer.from(bytesOf(`${folder}/${name}`)), name);
    for (const [link, target] of [
      ['l1', 'plain'],
      ['l2', 'no\nwhere'],
      ['l3', 'sub'],
      ['l4', '/'],
    ] as const) {
      symlinkSync(target, join(folder, link));
    }
    const all = await seen(shell, ask.directory(folder, { hashes: ['sha1'] }));
    expect(all.entries.map((entry) => entry.path)).toEqual(
      [...names, 'sub', 'sub/deep', 'l1', 'l2', 'l3', 'l4'].sort(),
    );
    for (const { path, file } of all.entries) {
      if (names.includes(path))
        expect([path, file.hashes.sha1]).toEqual([
          path,
          sha1(
            Buffer.from(bytesOf(path)).toString() === path
              ? path
              : readFileSync(Buffer.from(bytesOf(`${folder}/${path}`)), 'utf8'),
          ),
        ]);
      if (path.startsWith('l')) expect(file.target).toBe({ l1: 'plain', l2: 'no\nwhere', l3: 'sub', l4: '/' }[path]);
    }
    const shallow = await seen(shell, ask.directory(folder, { depth: 1 }));
    expect(shallow.entries.map((entry) => entry.path)).not.toContain('sub/in');
    expect(shallow.entries).toHaveLength(11);
    expect(await seen(shell, ask.directory(join(folder, 'no')))).toEqual({ exists: false, entries: [] });
    expect(await seen(shell, ask.directory(join(folder, 'sub', 'deep', '..', 'none')))).toMatchObject({
      exists: false,
    });
  });

  it('matches shell patterns as Python does', async () => {
    const folder = mkdtempSync(join(root, 'glob-'));
    for (const name of ['a1', 'a2', 'b1', '.hidden', 'sp ace', '^x', "q'uote"]) writeFileSync(join(folder, name), '');
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['*', ['a1', 'a2', 'b1', '^x', "q'uote", 'sp ace']],
      ['a?', ['a1', 'a2']],
      ['[!a]1', ['b1']],
      ['[^a]x', ['^x']],
      ['a[1', []],
      ["[q]'*", ["q'uote"]],
      ['sp ace', ['sp ace']],
      ['$(touch x)*', []],
      ['none*', []],
    ];
    const queries = cases.map(([pattern]) => ask.glob(`${folder}/${pattern}`));
    const observed = await observe(shell, queries);
    cases.forEach(([pattern, names], index) => {
      const fact = factOf(observed.facts, queries[index] ?? ask.glob(''));
      expect([pattern, [...(fact?.matches ?? [])].sort()]).toEqual([
        pattern,
        names.map((name) => `${folder}/${name}`).sort(),
      ]);
    });
  });

  it('knows users and groups, and asks no more than it must', async () => {
    const me = userInfo();
    expect(await seen(shell, ask.user(me.username))).toMatchObject({
      exists: true,
      uid: me.uid,
      gid: me.gid,
      home: me.homedir,
    });
    expect(await seen(shell, ask.user('no-such-user'))).toEqual({ exists: false });
    expect(await seen(shell, ask.group('root'))).toMatchObject({ exists: true, gid: 0 });
    expect(await seen(shell, ask.group('no-such-group'))).toEqual({ exists: false });
    const daemon = await seen(shell, ask.user('daemon'));
    expect(daemon.exists && [daemon.groups[0], daemon.shell]).toEqual(['daemon', '/usr/sbin/nologin']);
    if (process.getuid?.() === 0) expect(daemon.exists && daemon.passwordHash).toBe('*');
  });

  it('reads mounts, swap, sysctls, modules and names from the kernel', async () => {
    const { mounts, fstab } = await seen(shell, ask.mounts());
    expect(mounts.find((one) => one.target === '/proc')).toMatchObject({ type: 'proc' });
    expect(typeof fstab).toBe('string');
    expect((await seen(shell, ask.swap())).active).toBeInstanceOf(Array);
    const observed = await observe(shell, [
      ask.sysctl('kernel.ostype'),
      ask.sysctl('net/ipv4/tcp_rmem'),
      ask.sysctl('no.such.key'),
      ask.kernelModule('no-such-module'),
    ]);
    expect(factOf(observed.facts, ask.sysctl('kernel.ostype'))).toEqual({ value: 'Linux' });
    expect(factOf(observed.facts, ask.sysctl('net/ipv4/tcp_rmem'))?.value).toMatch(/^\d+ \d+ \d+$/);
    expect(factOf(observed.facts, ask.sysctl('no.such.key'))).toEqual({});
    expect(factOf(observed.facts, ask.kernelModule('no-such-module'))).toEqual({ loaded: false, builtin: false });
    expect((await seen(shell, ask.hostname())).current).toBe(nodeHostname());
  });

  it('tells who listens', async () => {
    const server = createServer().listen(0, '::');
    await new Promise((resolve) => server.once('listening', resolve));
    const port = portOf(server);
    expect(await seen(shell, ask.port(port))).toEqual({ listeners: ['::'] });
    expect(await seen(shell, ask.port(webPort))).toEqual({ listeners: ['127.0.0.1'] });
    server.close();
    expect(await seen(shell, ask.port(1))).toEqual({ listeners: [] });
  });

  it('runs programs that only read', async () => {
    const query = ask.command(['sh', '-c', 'echo "$A-$0"; echo err >&2; exit 3', "it's"], {
      env: { A: 'x y', 'odd-name': '1' },
    });
    expect(await seen(shell, query)).toEqual({ code: 3, stdout: "x y-it's\n", stderr: 'err\n' });
    expect((await seen(shell, ask.command(['/no/such']))).code).toBe(127);
    const slow = await observe(shell, [ask.command(['sleep', '5'], { timeoutMs: 100 })]);
    expect([...slow.problems.values()]).toMatchObject([{ message: 'The host did not answer in time' }]);
  });

  it('asks over HTTP with what the host has, or says that it has nothing', async () => {
    const url = (path: string): string => `http://127.0.0.1:${webPort}${path}`;
    const ok = ask.http(url('/ok'), { headers: { 'X-Send': 'a "quoted" \\ value' } });
    if (shell.name === 'busybox') {
      const observed = await observe(shell, [ok]);
      expect([...observed.forward.values()]).toEqual([ok]);
      return;
    }
    const wgetOnly = mkdtempSync(join(root, 'wget-'));
    for (const name of ['wget', 'grep', 'sh']) symlinkSync(`/usr/bin/${name}`, join(wgetOnly, name));
    for (const options of [{}, { path: wgetOnly }]) {
      const fact = await seen(shell, ok, options);
      expect(fact).toMatchObject({
        status: 200,
        headers: { 'x-test': 'a "quoted" \\ value', 'set-cookie': 'a=1, b=2' },
      });
      expect(Buffer.from(fact.body).toString()).toBe('body of /ok\n\u0000\u00ff');
      expect(await seen(shell, ask.http(url('/redirect')), options)).toMatchObject({ status: 200 });
      expect(await seen(shell, ask.http(url('/redirect'), { followRedirects: false }), options)).toMatchObject({
        status: 302,
      });
      expect(await seen(shell, ask.http(url('/missing')), options)).toMatchObject({ status: 404 });
      const head = await seen(shell, ask.http(url('/ok'), { method: 'HEAD' }), options);
      expect([head.status, head.body.length]).toEqual([200, 0]);
      const refused = await seen(shell, ask.http('http://127.0.0.1:1/'), options);
      expect(refused).toMatchObject({ status: 0 });
      expect(refused.error).not.toBe('');
    }
  });

  it('decodes what systemctl shows, by name where aliases change the order', async () => {
    const options = standIn('systemctl', `cat '${join(fixtures, 'systemctl-show.txt')}'`);
    const observed = await observe(shell, [ask.unit('nope'), ask.unit('sshd')], options);
    expect(factOf(observed.facts, ask.unit('sshd'))).toMatchObject({
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
      unitFileState: 'enabled',
      needDaemonReload: false,
      fragmentPath: '/lib/systemd/system/ssh.service',
      dropInPaths: [],
      properties: { Id: 'ssh.service', Type: 'notify' },
    });
    expect(factOf(observed.facts, ask.unit('nope'))).toMatchObject({
      loadState: 'not-found',
      unitFileState: '',
      mainPid: 0,
    });
    const refused = standIn('systemctl', "echo 'Failed to get properties: Unit name x@@ is not valid' >&2; exit 1");
    const bad = await observe(shell, [ask.unit('x@@.service')], refused);
    expect([...bad.problems.values()]).toMatchObject([
      { message: 'systemd told nothing about "x@@.service"', code: 1 },
    ]);
    const dropIn = standIn(
      'systemctl',
      "printf 'Id=a.service\\nLoadState=loaded\\nDropInPaths=/etc/a.d/1.conf /etc/a.d/2.conf\\n'",
    );
    const a = await observe(shell, [ask.unit('a')], dropIn);
    expect(factOf(a.facts, ask.unit('a'))).toMatchObject({ dropInPaths: ['/etc/a.d/1.conf', '/etc/a.d/2.conf'] });
    const global = ask.unit('a', { scope: 'global' });
    const linked = await observe(shell, [global], standIn('systemctl', 'echo enabled'));
    expect(factOf(linked.facts, global)).toMatchObject({ loadState: 'loaded', unitFileState: 'enabled' });
    const none = await observe(shell, [ask.unit('x')], { path: join(root, 'empty') });
    expect([...none.problems.values()]).toMatchObject([{ code: 127, help: 'This needs a host that runs systemd' }]);
  });

  it.skipIf(!existsSync('/usr/bin/dpkg-query'))('knows packages, asking the index only where it must', async () => {
    if (shell.name === 'busybox') {
      const none = await observe(shell, [ask.pkg('bash', 'apt')]);
      expect([...none.problems.values()]).toMatchObject([{ message: 'This host has no dpkg-query' }]);
      return;
    }
    const policy = standIn(
      'apt-cache',
      'echo "$*" >&2; printf \'nope:\\n  Installed: (none)\\n  Candidate: 1.0-1\\n  Version table:\\nbash:\\n  Candidate: 9.9\\n\'',
    );
    const queries = [
      ask.pkg('bash', 'apt'),
      ask.pkg('no-such-package', 'apt'),
      ask.pkg('nope', 'apt'),
      ask.pkg('awk', 'apt'),
    ];
    const observed = await observe(shell, queries, policy);
    const [bash, none, nope, awk] = queries.map((query) => factOf(observed.facts, query));
    expect(bash).toMatchObject({ installed: true, held: false });
    expect(bash?.version).toMatch(/^\d/);
    expect(none).toEqual({ installed: false, held: false });
    expect(nope).toEqual({ installed: false, held: false, candidate: '1.0-1' });
    expect(awk).toMatchObject({ installed: false, providedBy: expect.stringMatching(/awk$/) });
    const latest = ask.pkg('bash', 'apt', { candidate: true });
    expect(factOf((await observe(shell, [latest], policy)).facts, latest)).toMatchObject({
      installed: true,
      candidate: '9.9',
    });
  });

  const readsRpm = async (): Promise<void> => {
    const rpm = standIn(
      'rpm',
      `case "$*" in
*whatprovides*virtual*) echo '|foo|2:1.2-3|noarch|';;
*whatprovides*) echo "no package provides" >&2; exit 1;;
*) printf '%s\\n' '|foo|2:1.2-3|noarch|' '|kernel|5.14.0-1|x86_64|' '|kernel|5.14.0-2|x86_64|' 'package virtual is not installed'; exit 3;;
esac`,
    );
    const dnf = standIn('dnf', "printf '%s\\n' '|gone|0:3.1-1|x86_64|' '|foo|2:1.3-1|noarch|'");
    const names = ['foo', 'kernel', 'virtual', 'gone'] as const;
    const queries = names.map((name) => ask.pkg(name, 'dnf', name === 'foo' ? { candidate: true } : {}));
    const observed = await observe(shell, queries, { pathBefore: `${rpm.pathBefore}:${dnf.pathBefore}` });
    expect(queries.map((query) => factOf(observed.facts, query))).toEqual([
      { installed: true, held: false, version: '2:1.2-3', candidate: '2:1.3-1' },
      { installed: true, held: false, version: '5.14.0-2' },
      { installed: false, held: false, providedBy: 'foo' },
      { installed: false, held: false, candidate: '3.1-1' },
    ]);
  };
  // Busybox has an rpm of its own, which no stand-in hides.
  if (shell.name !== 'busybox') it('reads what rpm and dnf print', readsRpm);

  it('asks the socket of an haproxy, or says that it has nothing to ask with', async () => {
    const socket = join(mkdtempSync(join(root, 'sock-')), 'stats');
    const server = createServer((client) => {
      client.on('data', (data) => client.end(`answer to ${data.toString()}\n`));
    }).listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    const query = ask.haproxy(socket, ['show stat', "it's"]);
    if (shell.name === 'busybox' || !existsSync('/usr/bin/socat')) {
      expect([...(await observe(shell, [query])).forward.values()]).toEqual([query]);
      server.close();
      return;
    }
    expect(await seen(shell, query)).toEqual({
      answers: ['answer to show stat\n\n', "answer to it's\n\n"],
    });
    server.close();
    expect(await seen(shell, ask.haproxy(`${socket}-none`, ['show stat']))).toEqual({
      answers: [''],
      error: `There is no socket ${socket}-none`,
    });
  });
});
