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
    const transports = [1, 2, 3].map(() => testTransport({ connectAttempts: 30 }));
    const results = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        transports[index % 3]?.connect(sshd.target(), new AbortController().signal),
      ),
    );
    for (const result of results) if (result?.ok === true) await result.value.close();
    expect(results.map((result) => (result?.ok === false ? result.error.message : 'in'))).toEqual(
      results.map(() => 'in'),
    );
    expect(sshd.log()).toMatch(/MaxStartups|drop connection/);
  });
});
