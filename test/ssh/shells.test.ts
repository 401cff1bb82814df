import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { installedShells, missingShells } from '../rig/shell-pipe.ts';
import { noSshd, startSshd } from '../rig/sshd.ts';
import { brief, open, runSteps, sessionOf, step } from '../rig/transport.ts';
import { isRoot } from '../rig/users.ts';

const skip = noSshd ?? (isRoot ? undefined : 'only root can change what /bin/sh is, and make users');
if (skip !== undefined) it.skip(skip, () => undefined);
for (const name of missingShells) it.skip(`${name}: not installed here`, () => undefined);

/** Login shells that people have. The session only needs them to start /bin/sh. */
const loginShells = ['/bin/dash', '/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh'];

const everyKind = [
  step('echo out; echo err >&2'),
  step('exit 3', { fatal: false }),
  step('echo timed; exit 4', { fatal: false, timeoutMs: 10_000 }),
  step('sleep 100', { fatal: false, timeoutMs: 300 }),
  step('echo detached; exit 5', { fatal: false, detach: { id: 'x' } }),
  step('echo end'),
];
const everyResult = ['0:out\n|err\n', '3:|', '4:timed\n|', 'timed-out', '5:detached\n|', '0:end\n|'];

describe.skipIf(skip !== undefined)('a session', () => {
  it.each(installedShells)('runs every kind of step where /bin/sh is %s', async (sh) => {
    await using sshd = await startSshd({ sh });
    await using opened = await open(sshd.target());
    const session = await sessionOf(opened.connection);
    const results = await runSteps(session, everyKind);
    expect(results.map((one) => (one.status === 'timed-out' ? one.status : brief(one)))).toEqual(everyResult);
    expect(brief((await runSteps(session, [step(`cmp /proc/$$/exe /usr/bin/${sh}`)]))[0])).toBe('0:|');
  });

  it.each(loginShells.filter((shell) => existsSync(shell)))('starts under the login shell %s', async (shell) => {
    await using sshd = await startSshd({ user: { shell, password: 'word', sudoers: 'ALL=(ALL) ALL' } });
    await using opened = await open(sshd.target());
    for (const become of [undefined, { method: 'sudo', user: 'root', password: 'word' }] as const) {
      const results = await runSteps(await sessionOf(opened.connection, become), everyKind);
      expect(results.map((one) => (one.status === 'timed-out' ? one.status : brief(one)))).toEqual(everyResult);
    }
    await using other = await open(sshd.target({ name: 'other' }));
    expect(await other.connection.upload(Buffer.from('x'), '/tmp/hlb-login-shell')).toMatchObject({ ok: true });
    expect(
      brief(
        (
          await runSteps(await sessionOf(other.connection), [step('cat /tmp/hlb-login-shell; rm /tmp/hlb-login-shell')])
        )[0],
      ),
    ).toBe('0:x|');
  });

  it('says what a login shell that lets nobody in has said', async () => {
    await using sshd = await startSshd({ user: { shell: '/usr/sbin/nologin' } });
    await using opened = await open(sshd.target());
    const result = await (await sessionOf(opened.connection)).run([step(':')]);
    expect(result).toMatchObject({
      ok: false,
      error: { stderr: 'This account is currently not available.', help: expect.stringContaining('login shell') },
    });
  });
});
