import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/host/session.ts';
import type { TransportOptions } from '../../src/transport/options.ts';
import { startAgent } from '../rig/agent.ts';
import { realClock } from '../rig/clock.ts';
import { freePort, generateKey, noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { brief, open, runSteps, sessionOf, step, testTransport } from '../rig/transport.ts';
import { isRoot } from '../rig/users.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

async function refusal(target: Target, options: Partial<TransportOptions> = {}) {
  const result = await testTransport(options).connect(target, new AbortController().signal);
  if (!result.ok) return result.error;
  await result.value.close();
  throw new Error('It was let in');
}

async function letsIn(target: Target, options: Partial<TransportOptions> = {}): Promise<boolean> {
  await using opened = await open(target, options);
  const [result] = await runSteps(await sessionOf(opened.connection), [step('echo in')]);
  return brief(result) === '0:in\n|';
}

/** Nothing of the inventory but who and where. */
function bare(target: Target): Target {
  const { privateKeyFile: _, ...rest } = target;
  return rest;
}

describe.skipIf(noSshd !== undefined)('logging in', () => {
  let sshd: Sshd;
  const file = (name: string): string => join(sshd.dir, name);
  beforeAll(async () => {
    sshd = await startSshd();
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
      generateKey(type, file(`secret_${type}`), 'open sesame');
      appendFileSync(sshd.authorizedKeys, readFileSync(file(`secret_${type}.pub`)));
    }
    generateKey('ed25519', file('stranger'));
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  it.each(['ssh', 'openssh'] as const)('by %s says that a key is not let in', async (connection) => {
    const error = await refusal(sshd.target({ connection, privateKeyFile: file('stranger') }));
    expect(error.reason).toBe('auth-failed');
    expect(error.retry).toBe('permanent');
    expect(error.message).toContain(`Cannot log in to "web1" as ${sshd.user}@127.0.0.1:${sshd.port}`);
  });

  it('says that a key does not exist', async () => {
    const error = await refusal(sshd.target({ privateKeyFile: file('nowhere') }));
    expect(error).toMatchObject({
      reason: 'auth-failed',
      help: expect.stringContaining(`"${file('nowhere')}" does not exist`),
    });
  });

  it.each(['ed25519', 'ecdsa', 'rsa'] as const)(
    'opens an encrypted %s key with the passphrase that is given',
    async (type) => {
      expect(await letsIn(sshd.target({ privateKeyFile: file(`secret_${type}`), passphrase: 'open sesame' }))).toBe(
        true,
      );
    },
  );

  it('opens an encrypted key by openssh', async () => {
    expect(
      await letsIn(
        sshd.target({ connection: 'openssh', privateKeyFile: file('secret_ed25519'), passphrase: 'open sesame' }),
      ),
    ).toBe(true);
  });

  it('asks for a passphrase once for all hosts', async () => {
    const asked: string[] = [];
    const transport = testTransport({
      prompt: async ({ text, echo }) => {
        asked.push(`${text}${String(echo)}`);
        return 'open sesame';
      },
    });
    const target = sshd.target({ privateKeyFile: file('secret_ed25519') });
    const results = await Promise.all([1, 2, 3].map(() => transport.connect(target, new AbortController().signal)));
    for (const result of results) {
      expect(result.ok).toBe(true);
      if (result.ok) await result.value.close();
    }
    expect(asked).toEqual([`Passphrase for ${file('secret_ed25519')}: false`]);
  });

  it('does not hurry who has to answer', async () => {
    const prompt = async (): Promise<string> => {
      await realClock.sleep(1500);
      return 'open sesame';
    };
    expect(
      await letsIn(sshd.target({ privateKeyFile: file('secret_ed25519'), connectTimeoutMs: 1000 }), { prompt }),
    ).toBe(true);
  });

  it('says that a passphrase is wrong, or missing', async () => {
    const target = sshd.target({ privateKeyFile: file('secret_ed25519') });
    expect(await refusal({ ...target, passphrase: 'wrong' })).toMatchObject({
      reason: 'auth-failed',
      help: expect.stringContaining('secret_ed25519'),
    });
    expect(await refusal(target)).toMatchObject({
      reason: 'auth-failed',
      help: expect.stringContaining('needs a passphrase'),
    });
  });

  it('offers the keys of the agent', async () => {
    await using agent = await startAgent();
    const env = { ...process.env, SSH_AUTH_SOCK: agent.socket };
    const error = await refusal(bare(sshd.target()), { env });
    expect(error.reason).toBe('auth-failed');
    agent.add(file('stranger'));
    agent.add(sshd.keyFile);
    expect(await letsIn(bare(sshd.target()), { env })).toBe(true);
    expect(await letsIn(bare(sshd.target({ connection: 'openssh' })), { env })).toBe(true);
  });

  it('offers only the wanted keys of an agent that has too many', async () => {
    await using agent = await startAgent();
    const env = { ...process.env, SSH_AUTH_SOCK: agent.socket };
    for (let key = 0; key < 8; key += 1) {
      generateKey('ed25519', file(`many${key}`));
      agent.add(file(`many${key}`));
    }
    agent.add(sshd.keyFile);
    expect((await refusal(bare(sshd.target()), { env })).reason).toBe('auth-failed');
    const config = file('many_config');
    writeFileSync(config, `Host *\n  IdentitiesOnly yes\n  IdentityFile ${sshd.keyFile}\n`);
    expect(await letsIn({ ...bare(sshd.target()), sshArgs: ['-F', config] }, { env })).toBe(true);
  });

  it('takes the system ssh by itself for a certificate that only the agent holds', async () => {
    const authority = file('authority');
    generateKey('ed25519', authority);
    generateKey('ed25519', file('certified'));
    const user = sshd.target().user ?? userInfo().username;
    const sign = ['-q', '-s', authority, '-I', 'law', '-n', user, `${file('certified')}.pub`];
    execFileSync('ssh-keygen', sign, { stdio: 'pipe' });
    await using certifying = await startSshd({ like: sshd, config: [`TrustedUserCAKeys ${authority}.pub`] });
    await using agent = await startAgent();
    const env = { ...process.env, SSH_AUTH_SOCK: agent.socket };
    agent.add(file('certified'));
    expect((await refusal(bare(sshd.target()), { env })).reason).toBe('auth-failed');
    expect(await letsIn(bare(certifying.target()), { env })).toBe(true);
  });

  it('goes on without an agent that cannot be asked', async () => {
    const env = { ...process.env, SSH_AUTH_SOCK: file('no-agent') };
    expect(await letsIn(sshd.target(), { env })).toBe(true);
    expect(await refusal(bare(sshd.target()), { env })).toMatchObject({
      reason: 'auth-failed',
      help: expect.stringContaining('Cannot ask the agent'),
    });
  });

  it('reads user, port, address and key from ssh_config', async () => {
    const config = file('ssh_config');
    writeFileSync(
      config,
      `Host nick\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}\n  IdentityFile ${sshd.keyFile}\n  UserKnownHostsFile ${sshd.knownHosts}\n`,
    );
    for (const connection of ['ssh', 'openssh'] as const) {
      const target: Target = {
        name: 'web1',
        connection,
        address: 'nick',
        sshArgs: ['-F', config],
        connectTimeoutMs: 5000,
      };
      expect(await letsIn(target)).toBe(true);
    }
  });

  it('takes the system ssh by itself where ssh_config needs it', async () => {
    const config = file('proxy_config');
    const log = file('proxied');
    const proxy = file('proxy');
    writeFileSync(
      proxy,
      `#!/bin/bash\necho used >>${log}\nexec 3<>/dev/tcp/127.0.0.1/${sshd.port}\ncat <&3 &\nexec cat >&3\n`,
      { mode: 0o755 },
    );
    writeFileSync(config, `Host *\n  ProxyCommand ${proxy}\n`);
    expect(await letsIn(sshd.target({ sshArgs: ['-F', config] }))).toBe(true);
    expect(readFileSync(log, 'utf8')).toBe('used\n');
  });

  it.each(['ssh', 'openssh'] as const)('by %s says that nobody listens', async (connection) => {
    const port = await freePort();
    const error = await refusal(sshd.target({ connection, port }));
    expect(error).toMatchObject({
      reason: 'unreachable',
      retry: 'transient',
      help: expect.stringContaining('sshd runs there'),
    });
    expect(error.message).toMatch(new RegExp(`Cannot reach "web1" at 127.0.0.1:${port}: .*[Cc]onnection refused`));
  });

  it.each([99_999, 0, Number.NaN])('refuses the port %s before it dials', async (port) => {
    expect(await refusal(sshd.target({ port }))).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('is no number from 1 to 65535'),
      help: expect.stringContaining('ansible_port'),
    });
  });

  it('says that a name is not known', async () => {
    const error = await refusal(sshd.target({ address: 'host.invalid' }));
    expect(error).toMatchObject({ reason: 'unreachable', help: expect.stringContaining('ansible_host') });
  });

  it('gives up on what answers nothing, and on what is no SSH server', async () => {
    const mute = createServer();
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    for (const [server, words] of [
      [mute, 'does not let in by SSH within 1 s'],
      [web, 'closed the connection before the login'],
    ] as const) {
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const error = await refusal(sshd.target({ port, connectTimeoutMs: 1000 }), { connectAttempts: 2 });
      expect(error.reason).toBe('unreachable');
      expect(error.message).toContain(words);
      server.close();
    }
  });

  it('stops connecting when it is told to', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    const address = mute.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const connection of ['ssh', 'openssh'] as const) {
      const result = await testTransport().connect(sshd.target({ connection, port }), AbortSignal.timeout(200));
      expect(result).toMatchObject({ ok: false, error: { reason: 'aborted' } });
    }
    mute.close();
  });
});

describe.skipIf(noSshd !== undefined || !isRoot)('logging in with a password', () => {
  let sshd: Sshd;
  const password = "pass'word with $pace";
  beforeAll(async () => {
    sshd = await startSshd({
      user: { password },
      config: ['PasswordAuthentication yes', 'KbdInteractiveAuthentication yes', 'UsePAM yes'],
    });
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  it.each(['ssh', 'openssh'] as const)('by %s', async (connection) => {
    expect(await letsIn(bare(sshd.target({ connection, password })))).toBe(true);
    expect((await refusal(bare(sshd.target({ connection, password: 'wrong' })))).reason).toBe('auth-failed');
  });

  it('answers questions, where the server asks them', async () => {
    await using asking = await startSshd({
      user: { password },
      config: ['KbdInteractiveAuthentication yes', 'UsePAM yes'],
    });
    expect(await letsIn(bare(asking.target({ password })))).toBe(true);
    const asked: string[] = [];
    const prompt = async ({ text }: { readonly text: string }): Promise<string> => {
      asked.push(text);
      return password;
    };
    expect(await letsIn(bare(asking.target()), { prompt })).toBe(true);
    expect(asked).toEqual([`${asking.user}@web1: Password: `]);
  });
});
