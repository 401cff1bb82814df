import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Become } from '../../src/host/session.ts';
import { noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import {
  brief,
  isAlive,
  missingPackage,
  type OpenConnection,
  open,
  patient,
  runSteps,
  sessionOf,
  step,
} from '../rig/transport.ts';
import { createUser, isRoot, type TemporaryUser } from '../rig/users.ts';

const skip = noSshd ?? (isRoot ? undefined : 'only root can make users');
if (skip !== undefined) it.skip(skip, () => undefined);

const password = 'correct horse';

describe.skipIf(skip !== undefined)('becoming another user', () => {
  const noSudo = skip ?? missingPackage('/usr/bin/sudo', 'sudo');
  const noDoas = skip ?? missingPackage('/usr/bin/doas', 'opendoas');
  let sshd: Sshd;
  let free: Sshd;
  let other: TemporaryUser;
  let opened: OpenConnection;
  let openedFree: OpenConnection;

  beforeAll(async () => {
    other = createUser({ password: 'other words' });
    sshd = await startSshd({ user: { password, sudoers: 'ALL=(ALL) ALL' } });
    free = await startSshd({ user: { sudoers: 'ALL=(ALL) NOPASSWD: ALL' } });
    opened = await open(sshd.target());
    openedFree = await open(free.target());
  });
  afterAll(async () => {
    for (const one of [opened, openedFree, sshd, free, other]) await one[Symbol.asyncDispose]();
  });

  const whoami = async (rig: OpenConnection, become: Become): Promise<string> =>
    brief((await runSteps(await sessionOf(rig.connection, become), [step('id -un; echo "$HOME"; echo e >&2')]))[0]);
  const refusal = async (rig: OpenConnection, become: Become) => {
    const result = await (await sessionOf(rig.connection, become)).run([step('id -un')]);
    if (result.ok) throw new Error('It was let in');
    return result.error;
  };

  describe.skipIf(noSudo !== undefined)('with sudo', () => {
    it('needs no password where none is asked for', async () => {
      expect(await whoami(openedFree, { method: 'sudo', user: 'root' })).toBe('0:root\n/root\n|e\n');
      expect(await whoami(openedFree, { method: 'sudo', user: other.name })).toBe(
        `0:${other.name}\n${other.home}\n|e\n`,
      );
    });

    it('ignores a password that nobody asks for', async () => {
      expect(await whoami(openedFree, { method: 'sudo', user: 'root', password: 'x' })).toBe('0:root\n/root\n|e\n');
    });

    it('gives the password when its own prompt is there', async () => {
      expect(await whoami(opened, { method: 'sudo', user: 'root', password })).toBe('0:root\n/root\n|e\n');
    });

    it('says at once that a password is wrong', async () => {
      const began = performance.now();
      const error = await refusal(opened, { method: 'sudo', user: 'root', password: 'wrong' });
      expect(error.reason).toBe('auth-failed');
      expect(error.message).toContain('does not accept the password for becoming "root"');
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(JSON.stringify(error)).not.toContain('hlb-password');
    });

    it('says that a password is needed', async () => {
      const error = await refusal(opened, { method: 'sudo', user: 'root' });
      expect(error).toMatchObject({ reason: 'auth-failed', help: expect.stringContaining('ansible_become_password') });
      expect(error.message).toMatch(/sudo on "web1" did not become "root": ".*password is required"/);
    });

    it('says that a user does not exist, or the program', async () => {
      expect((await refusal(openedFree, { method: 'sudo', user: 'nobody-here' })).message).toMatch(/unknown user/);
      const missing = await refusal(openedFree, { method: 'sudo', user: 'root', exe: '/usr/bin/sudoo' });
      expect(missing).toMatchObject({ reason: 'auth-failed', help: expect.stringContaining('Install sudo') });
    });

    it('is paid once for a user', async () => {
      const session = await sessionOf(openedFree.connection, { method: 'sudo', user: 'root' });
      const pids = [];
      for (let run = 0; run < 3; run += 1) pids.push(brief((await runSteps(session, [step('echo $PPID')]))[0]));
      expect(new Set(pids).size).toBe(1);
    });

    it('uploads and downloads as that user', async () => {
      const path = `/root/hlb-upload-${randomBytes(4).toString('hex')}`;
      const bytes = randomBytes(300_000);
      const become: Become = { method: 'sudo', user: 'root', password };
      expect(await opened.connection.upload(bytes, path, undefined, become)).toMatchObject({ ok: true });
      expect(readFileSync(path).equals(bytes)).toBe(true);
      expect(await opened.connection.download(path)).toMatchObject({
        ok: false,
        error: { message: expect.stringContaining('Permission denied') },
      });
      const back = await opened.connection.download(path, undefined, become);
      expect(back.ok && Buffer.from(back.value).equals(bytes)).toBe(true);
      rmSync(path);
    });

    it('ends what runs as that user, by time-out and when told to stop', async () => {
      const session = await sessionOf(opened.connection, { method: 'sudo', user: 'root', password });
      const file = `/root/hlb-pid-${randomBytes(4).toString('hex')}`;
      const [late] = await runSteps(session, [step(`echo $$ >${file}; sleep 1000`, { timeoutMs: 300 })]);
      expect(late?.status).toBe('timed-out');
      expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
      rmSync(file);
      const stop = new AbortController();
      const running = session.run([step(`sh -c 'echo $$ >${file}; sleep 1000; :'`)], { signal: stop.signal });
      const pid = (): number => {
        try {
          return Number(readFileSync(file, 'utf8'));
        } catch {
          return 0;
        }
      };
      await expect.poll(pid, patient).toBeGreaterThan(0);
      stop.abort();
      expect(await running).toMatchObject({ ok: false, error: { reason: 'aborted' } });
      expect(isAlive(pid())).toBe(false);
      rmSync(file);
    });

    it('serves a user who has no home', async () => {
      const session = await sessionOf(openedFree.connection, { method: 'sudo', user: 'nobody' });
      const results = await runSteps(session, [
        step('id -un'),
        step('echo begun; sleep 1000', { timeoutMs: 300, fatal: false }),
        step('echo on'),
        step('sleep 1000', { timeoutMs: 300, allowed: 'any' }),
        step('echo no'),
      ]);
      expect(results.map(brief)).toEqual(['0:nobody\n|', 'timed-out:begun\n|', '0:on\n|', 'timed-out:|', 'skipped']);
      const [detached] = await runSteps(session, [step(':', { detach: { id: 'x' }, fatal: false })]);
      expect(brief(detached)).toMatch(/^125:\|hlb: a detached step needs a directory of its own/);
    });

    it('serves more users than a connection has channels for', async () => {
      const users = [createUser(), createUser(), createUser(), createUser()];
      await using rig = await open(free.target());
      for (let round = 0; round < 2; round += 1) {
        const names = await Promise.all(users.map(async (user) => whoami(rig, { method: 'sudo', user: user.name })));
        expect(names).toEqual(users.map((user) => `0:${user.name}\n${user.home}\n|e\n`));
      }
      for (const user of users) await user[Symbol.asyncDispose]();
    });
  });

  it.each(['openssh', 'local'] as const)('works the same by %s', async (connection) => {
    await using rig = await open(connection === 'local' ? free.target({ connection }) : sshd.target({ connection }));
    const become: Become =
      connection === 'local' ? { method: 'su', user: other.name } : { method: 'sudo', user: other.name, password };
    if (connection === 'openssh' && noSudo !== undefined) return;
    expect(await whoami(rig, become)).toBe(`0:${other.name}\n${other.home}\n|e\n`);
    const stop = new AbortController();
    const file = `${other.home}/pid-${connection}`;
    const running = (await sessionOf(rig.connection, become)).run([step(`echo $$ >${file}; sleep 1000`)], {
      signal: stop.signal,
    });
    await expect.poll(() => existsSync(file) && Number(readFileSync(file, 'utf8')) > 0, patient).toBe(true);
    stop.abort();
    expect(await running).toMatchObject({ ok: false, error: { reason: 'aborted' } });
    expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  describe('with su', () => {
    it('gives the password of that user', async () => {
      expect(await whoami(opened, { method: 'su', user: other.name, password: 'other words' })).toBe(
        `0:${other.name}\n${other.home}\n|e\n`,
      );
    });

    it('says at once that a password is wrong or missing', async () => {
      const wrong = await refusal(opened, { method: 'su', user: other.name, password: 'wrong' });
      expect(wrong.reason).toBe('auth-failed');
      expect(wrong.message).toContain('Authentication failure');
      const missing = await refusal(opened, { method: 'su', user: other.name });
      expect(missing.message).toBe('su on "web1" asks for a password and none is given');
    });

    it('ends what runs as that user when told to stop', async () => {
      const session = await sessionOf(opened.connection, { method: 'su', user: other.name, password: 'other words' });
      const stop = new AbortController();
      const file = `${other.home}/pid`;
      const running = session.run([step(`echo $$ >${file}; sleep 1000`)], { signal: stop.signal });
      const pid = (): number => {
        try {
          return Number(readFileSync(file, 'utf8'));
        } catch {
          return 0;
        }
      };
      await expect.poll(pid, patient).toBeGreaterThan(0);
      stop.abort();
      await running;
      expect(isAlive(pid())).toBe(false);
    });
  });

  describe.skipIf(noDoas !== undefined)('with doas', () => {
    const config = '/etc/doas.conf';
    let before: string | undefined;
    beforeAll(() => {
      try {
        before = readFileSync(config, 'utf8');
      } catch {
        before = undefined;
      }
      writeFileSync(config, `permit nopass ${free.user}\npermit ${sshd.user}\n`, { mode: 0o400 });
    });
    afterAll(() => {
      if (before === undefined) rmSync(config, { force: true });
      else writeFileSync(config, before);
    });

    it('needs no password', async () => {
      expect(await whoami(openedFree, { method: 'doas', user: 'root' })).toMatch(/^0:root\n/);
    });

    it('is refused with the reason where it wants one', async () => {
      const error = await refusal(opened, { method: 'doas', user: 'root', password });
      expect(error).toMatchObject({ reason: 'auth-failed', help: expect.stringContaining('from a terminal only') });
    });
  });
});
