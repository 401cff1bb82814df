import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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
    const bin = mkdtempSync(join(root, 'bin-'));
    writeFileSync(
      join(bin, 'systemctl'),
      `#!/bin/sh
cat <<'END'
Id=ssh.service
Names=ssh.service sshd.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
NeedDaemonReload=no
DropInPaths=/etc/systemd/system/ssh.service.d/10-a.conf /etc/systemd/system/ssh.service.d/20-b.conf
FragmentPath=/lib/systemd/system/ssh.service
MainPID=4711
Environment=A=1

Id=gone.service
Names=gone.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
NeedDaemonReload=no
MainPID=0
END
echo 'Failed to get properties: Unit name bad@@ is not valid' >&2; exit 1
`,
    );
    chmodSync(join(bin, 'systemctl'), 0o755);
    const observed = await observe(shell, [ask.unit('gone'), ask.unit('sshd'), ask.unit('bad@@.service')], {
      pathBefore: bin,
    });
    expect(factOf(observed.facts, ask.unit('sshd'))).toMatchObject({
      loadState: 'loaded',
      activeState: 'active',
      unitFileState: 'enabled',
      mainPid: 4711,
      dropInPaths: ['/etc/systemd/system/ssh.service.d/10-a.conf', '/etc/systemd/system/ssh.service.d/20-b.conf'],
      properties: { Environment: 'A=1' },
    });
    expect(factOf(observed.facts, ask.unit('gone'))).toMatchObject({ loadState: 'not-found', unitFileState: '' });
    expect([...observed.problems.values()]).toMatchObject([
      { message: 'systemd told nothing about "bad@@.service"', code: 1 },
    ]);
    const none = await observe(shell, [ask.unit('x')], { path: join(root, 'empty') });
    expect([...none.problems.values()]).toMatchObject([{ code: 127, help: 'This needs a host that runs systemd' }]);
  });
});
