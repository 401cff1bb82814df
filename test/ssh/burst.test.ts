import { describe, expect, it } from 'vitest';
import { noSshd, startSshd } from '../rig/sshd.ts';
import { brief, runSteps, sessionOf, step, testTransport } from '../rig/transport.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

describe.skipIf(noSshd !== undefined)('a burst of connections', () => {
  it('lets 100 hosts in at one sshd with its own MaxStartups', async () => {
    await using sshd = await startSshd();
    const transport = testTransport();
    const names = Array.from({ length: 100 }, (_, index) => `host${index}`);
    const results = await Promise.all(
      names.map(async (name) => {
        const connected = await transport.connect(sshd.target({ name }), new AbortController().signal);
        if (!connected.ok) return connected.error.message;
        const [result] = await runSteps(await sessionOf(connected.value), [step(`echo ${name}`)]);
        return { text: brief(result), connection: connected.value };
      }),
    );
    expect(results.map((one) => (typeof one === 'string' ? one : one.text))).toEqual(
      names.map((name) => `0:${name}\n|`),
    );
    await Promise.all(results.map(async (one) => (typeof one === 'string' ? undefined : one.connection.close())));
  });

  it('comes through where sshd drops most of what it is asked', async () => {
    await using sshd = await startSshd({ config: ['MaxStartups 2:60:6'] });
    // Three controllers: each keeps to a limit by itself.
    const results = await Promise.all(
      [1, 2, 3].flatMap(() => {
        const transport = testTransport({ connectAttempts: 30 });
        return Array.from({ length: 8 }, async () => transport.connect(sshd.target(), new AbortController().signal));
      }),
    );
    for (const result of results) if (result.ok) await result.value.close();
    expect(results.map((result) => (result.ok ? 'in' : result.error.message))).toEqual(results.map(() => 'in'));
    expect(sshd.log()).toMatch(/MaxStartups|drop connection/);
  });
});
