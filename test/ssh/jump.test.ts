import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/host/session.ts';
import { noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { brief, open, patient, runSteps, sessionOf, step, testTransport } from '../rig/transport.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

describe.skipIf(noSshd !== undefined)('ProxyJump', () => {
  let inner: Sshd;
  let first: Sshd;
  let second: Sshd;
  let config: string;
  beforeAll(async () => {
    inner = await startSshd();
    first = await startSshd({ like: inner });
    second = await startSshd({ like: inner });
    config = join(inner.dir, 'jump_config');
    const known = `UserKnownHostsFile ${inner.knownHosts} ${first.knownHosts} ${second.knownHosts}`;
    const host = (name: string, sshd: Sshd, more = ''): string =>
      `Host ${name}\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${inner.user}\n  IdentityFile ${inner.keyFile}\n  ${known}\n${more}\n`;
    writeFileSync(
      config,
      [
        host('one', inner, '  ProxyJump first'),
        host('two', inner, '  ProxyJump first,second'),
        host('nested', inner, '  ProxyJump behind'),
        host('behind', second, '  ProxyJump first'),
        host('circle', inner, '  ProxyJump circle2'),
        host('circle2', inner, '  ProxyJump circle'),
        host('first', first),
        host('second', second),
      ].join('\n'),
    );
  });
  afterAll(async () => {
    for (const one of [first, second, inner]) await one[Symbol.asyncDispose]();
  });

  const target = (address: string, more: Partial<Target> = {}): Target => ({
    name: 'web1',
    connection: 'ssh',
    address,
    sshArgs: ['-F', config],
    connectTimeoutMs: 5000,
    ...more,
  });

  it.each(['one', 'two', 'nested'])('leads through: %s', async (address) => {
    await using opened = await open(target(address));
    const [result] = await runSteps(await sessionOf(opened.connection), [step('echo "$SSH_CONNECTION"')]);
    expect(brief(result)).toContain(` ${inner.port}\n`);
  });

  it('leads through one connection for many hosts, which ends with the last', async () => {
    const transport = testTransport();
    const logins = (): number => first.log().split('Accepted publickey').length - 1;
    const before = logins();
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map(() => transport.connect(target('one'), new AbortController().signal)),
    );
    expect(results.every((result) => result.ok)).toBe(true);
    expect(logins() - before).toBe(1);
    for (const result of results) if (result.ok) await result.value.close();
    await expect.poll(() => first.children().length, patient).toBe(0);
  });

  it('goes on through a new connection when the jump host was cut', async () => {
    await using opened = await open(target('one'));
    const session = await sessionOf(opened.connection);
    await runSteps(session, [step(':')]);
    first.cut();
    await expect.poll(async () => (await session.run([step('echo on')])).ok, patient).toBe(true);
  });

  it('says which host of the chain could not be reached, and that it leads in a circle', async () => {
    const sshArgs = ['-F', config, '-J', '127.0.0.1:1'];
    const lost = await testTransport().connect(target('one', { sshArgs }), new AbortController().signal);
    expect(lost).toMatchObject({
      ok: false,
      error: { reason: 'unreachable', message: 'Cannot reach 127.0.0.1:1: connection refused' },
    });
    const circle = await testTransport().connect(target('circle'), new AbortController().signal);
    expect(circle).toMatchObject({
      ok: false,
      error: { reason: 'unreachable', message: expect.stringContaining('in a circle') },
    });
  });
});
