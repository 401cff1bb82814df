import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/host/session.ts';
import { generateKey, noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { open, testTransport } from '../rig/transport.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

const modes = ['strict', 'accept-new', 'off'] as const;

describe.skipIf(noSshd !== undefined)('the keys of hosts', () => {
  let sshd: Sshd;
  let counter = 0;
  beforeAll(async () => {
    sshd = await startSshd({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
    generateKey('ed25519', join(sshd.dir, 'another'));
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  const publicKey = (path: string): string => readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const name = (): string => `[127.0.0.1]:${sshd.port}`;
  const knownHosts = (...lines: readonly string[]): string => {
    const path = join(sshd.dir, `known${(counter += 1)}`);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const connect = async (changes: Partial<Target>) => {
    const result = await testTransport().connect(sshd.target(changes), new AbortController().signal);
    if (result.ok) await result.value.close();
    return result;
  };
  const fingerprint = (path: string): string =>
    execFileSync('ssh-keygen', ['-lf', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';

  it('are known by plain and by hashed names, of any type', async () => {
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
      const plain = knownHosts(`${name()} ${publicKey(sshd.hostKey(type))}`);
      expect(await connect({ knownHostsFile: plain })).toMatchObject({ ok: true });
      execFileSync('ssh-keygen', ['-q', '-H', '-f', plain], { stdio: 'pipe' });
      expect(readFileSync(plain, 'utf8')).toMatch(/^\|1\|/);
      expect(await connect({ knownHostsFile: plain })).toMatchObject({ ok: true });
    }
  });

  it.each(['ssh', 'openssh'] as const)('by %s are refused where they are not known', async (connection) => {
    const result = await connect({ connection, knownHostsFile: knownHosts() });
    expect(result).toMatchObject({
      ok: false,
      error: { reason: 'host-key-mismatch', help: expect.stringContaining('accept-new') },
    });
    if (connection === 'ssh') {
      expect(!result.ok && result.error.message).toContain(
        `The host key of "web1" is not known: it shows ssh-ed25519 ${fingerprint(sshd.hostKey('ed25519'))}`,
      );
    }
  });

  it.each(['ssh', 'openssh'] as const)(
    'by %s are refused where another one is known, with both fingerprints and the line',
    async (connection) => {
      const another = join(sshd.dir, 'another');
      const path = knownHosts('# a comment', `${name()} ${publicKey(another)}`);
      for (const hostKey of ['strict', 'accept-new'] as const) {
        const result = await connect({ connection, hostKey, knownHostsFile: path });
        expect(result).toMatchObject({
          ok: false,
          error: { reason: 'host-key-mismatch', help: expect.stringContaining('ssh-keygen') },
        });
        if (connection === 'ssh') {
          const words = `The host key of "web1" changed: it shows ssh-ed25519 ${fingerprint(sshd.hostKey('ed25519'))}, and ${path}:2 holds ssh-ed25519 ${fingerprint(another)}`;
          expect(!result.ok && result.error.message).toBe(words);
        }
      }
    },
  );

  it('are offered only of the types that are known, so that a second key is no changed key', async () => {
    const path = knownHosts(`${name()} ${publicKey(sshd.hostKey('rsa'))}`);
    expect(await connect({ knownHostsFile: path })).toMatchObject({ ok: true });
  });

  it.each(['ssh', 'openssh'] as const)(
    'by %s are refused where they are revoked, even when they are not looked at',
    async (connection) => {
      const key = publicKey(sshd.hostKey('ed25519'));
      const path = knownHosts(`@revoked * ${key}`, `${name()} ${key}`);
      // With StrictHostKeyChecking=no the system's ssh only warns.
      for (const hostKey of connection === 'ssh' ? modes : modes.slice(0, 2)) {
        const result = await connect({ connection, hostKey, knownHostsFile: path });
        expect(result).toMatchObject({ ok: false, error: { reason: 'host-key-mismatch' } });
        if (connection === 'ssh') expect(!result.ok && result.error.message).toContain(`is revoked: ssh-ed25519`);
      }
    },
  );

  it('are learned once by accept-new, and known then', async () => {
    const path = join(sshd.dir, 'new', 'known_hosts');
    const transport = testTransport();
    const target = sshd.target({ hostKey: 'accept-new', knownHostsFile: path });
    const results = await Promise.all([1, 2, 3, 4].map(() => transport.connect(target, new AbortController().signal)));
    for (const result of results) if (result.ok) await result.value.close();
    expect(results.every((result) => result.ok)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(`${name()} ${publicKey(sshd.hostKey('ed25519'))}\n`);
    expect(await connect({ knownHostsFile: path })).toMatchObject({ ok: true });
  });

  it('are added behind a last line without its line break', async () => {
    const path = knownHosts();
    appendFileSync(path, 'other ssh-ed25519 AAAA');
    expect(await connect({ hostKey: 'accept-new', knownHostsFile: path })).toMatchObject({ ok: true });
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      'other ssh-ed25519 AAAA',
      `${name()} ${publicKey(sshd.hostKey('ed25519'))}`,
      '',
    ]);
  });

  it('are neither looked at nor learned when they are off', async () => {
    const path = join(sshd.dir, 'untouched');
    expect(await connect({ hostKey: 'off', knownHostsFile: path })).toMatchObject({ ok: true });
    expect(existsSync(path)).toBe(false);
  });

  it('are looked up under their alias', async () => {
    const path = knownHosts(`shelf ${publicKey(sshd.hostKey('ed25519'))}`);
    expect(await connect({ knownHostsFile: path })).toMatchObject({ ok: false });
    expect(await connect({ knownHostsFile: path, sshArgs: ['-o', 'HostKeyAlias=shelf'] })).toMatchObject({ ok: true });
  });

  it('are vouched for by an authority through the system ssh', async () => {
    const authority = join(sshd.dir, 'authority');
    generateKey('ed25519', authority);
    execFileSync(
      'ssh-keygen',
      ['-q', '-s', authority, '-I', 'host', '-h', '-n', '127.0.0.1', `${sshd.hostKey('ed25519')}.pub`],
      { stdio: 'pipe' },
    );
    await using certified = await startSshd({
      like: sshd,
      config: [`HostKey ${sshd.hostKey('ed25519')}`, `HostCertificate ${sshd.hostKey('ed25519')}-cert.pub`],
    });
    const path = knownHosts(`@cert-authority [127.0.0.1]:${certified.port} ${publicKey(authority)}`);
    await using opened = await open(certified.target({ knownHostsFile: path }));
    expect((await opened.connection.session()).ok).toBe(true);
  });
});
