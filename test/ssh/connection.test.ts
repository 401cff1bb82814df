import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, Session, Target } from '../../src/host/session.ts';
import { noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { brief, isAlive, open, patient, runSteps, sessionOf, step } from '../rig/transport.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

const kinds: readonly Target['connection'][] = ['ssh', 'openssh', 'local'];

describe.skipIf(noSshd !== undefined).each(kinds)('a connection by %s', (connection) => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  const place = (): string => (connection === 'local' ? '/tmp' : `/home/${sshd.user}`);
  const withSession = async (use: (session: Session, connection: Connection) => Promise<void>): Promise<void> => {
    await using opened = await open(sshd.target({ connection }));
    await use(await sessionOf(opened.connection), opened.connection);
  };

  it('runs steps and counts the round trips', async () =>
    withSession(async (session, one) => {
      const results = await runSteps(session, [step('echo hi; echo there >&2'), step('exit 3', { fatal: false })]);
      expect(results.map(brief)).toEqual(['0:hi\n|there\n', '3:|']);
      expect(one.roundTrips()).toBe(1);
      if (connection !== 'local') expect(session.user).toBe(sshd.user);
    }));

  it('uses the C locale', async () =>
    withSession(async (session) => {
      expect(brief((await runSteps(session, [step('echo "$LC_ALL"')]))[0])).toBe('0:C\n|');
    }));

  it('carries 20 MB and every byte', async () =>
    withSession(async (session) => {
      const every = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
      const [big, odd] = await runSteps(session, [
        step('head -c 20000000 /dev/zero'),
        step(`printf '${every}'; printf '${every}' >&2`),
      ]);
      expect(big?.status === 'done' && big.stdout.length).toBe(20_000_000);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      expect(odd).toMatchObject({ stdout: bytes, stderr: bytes });
    }));

  it('takes a text of 300 KB', async () =>
    withSession(async (session) => {
      const [result] = await runSteps(session, [step(`printf %s '${'x'.repeat(300_000)}' | wc -c`)]);
      expect(brief(result).trim()).toMatch(/^0:\s*300000/);
    }));

  it('uploads and downloads any bytes', async () =>
    withSession(async (session, one) => {
      const bytes = Buffer.alloc(3_000_000, Buffer.from(Array.from({ length: 251 }, (_, byte) => byte)));
      const path = join(place(), `hlb it's-${sshd.port}`);
      expect(await one.upload(bytes, path)).toEqual({ ok: true, value: undefined });
      const back = await one.download(path);
      expect(back.ok && Buffer.compare(Buffer.from(back.value), bytes)).toBe(0);
      expect(await one.upload(Buffer.alloc(0), path)).toMatchObject({ ok: true });
      expect(brief((await runSteps(session, [step(`wc -c <"${path}"; rm "${path}"`)]))[0])).toBe('0:0\n|');
      expect(await one.upload(bytes, '/nonexistent/x')).toMatchObject({
        ok: false,
        error: { reason: 'command-failed' },
      });
      expect(await one.download('/nonexistent/x')).toMatchObject({ ok: false, error: { reason: 'command-failed' } });
    }));

  it('forwards streams to ports and sockets of the host', async () =>
    withSession(async (_, one) => {
      const dir = connection === 'local' ? '/tmp' : sshd.dir;
      for (const address of [{ host: '127.0.0.1' }, { path: join(dir, `s-${sshd.port}-${connection}`) }]) {
        const server = createServer((socket) => socket.end('hello'));
        await new Promise<void>((resolve) => {
          if (address.path === undefined) server.listen(0, address.host, resolve);
          else server.listen({ path: address.path, readableAll: true, writableAll: true }, resolve);
        });
        const bound = server.address();
        const to =
          typeof bound === 'string' ? { socket: bound } : { host: '127.0.0.1', port: bound === null ? 0 : bound.port };
        const stream = await one.forward(to);
        if (!stream.ok) throw new Error(stream.error.message);
        let text = '';
        for await (const chunk of stream.value) text += String(chunk);
        expect(text).toBe('hello');
        server.close();
      }
    }));

  it('says so when nobody listens there', async () =>
    withSession(async (_, one) => {
      expect(await one.forward({ host: '127.0.0.1', port: 1 })).toMatchObject({
        ok: false,
        error: { reason: 'unreachable' },
      });
    }));

  it('leaves nothing behind on the host', async () => {
    const runId = `run${sshd.port}`;
    const count = `ls ~/.hlb /var/lib/hlb 2>/dev/null | grep -c "^shell[.]${runId}[.]"`;
    {
      await using opened = await open(sshd.target({ connection }), { runId });
      const [result] = await runSteps(await sessionOf(opened.connection), [step(count, { allowed: 'any' })]);
      expect(brief(result)).toBe('0:1\n|');
    }
    await expect
      .poll(async () => {
        await using opened = await open(sshd.target({ connection }));
        return brief((await runSteps(await sessionOf(opened.connection), [step(count, { allowed: 'any' })]))[0]);
      }, patient)
      .toBe('1:0\n|');
  });

  it('gives the same session for the same user', async () =>
    withSession(async (session, one) => {
      expect(await sessionOf(one)).toBe(session);
    }));

  it('ends a sleep of 1000 seconds on the host when it is told to stop', async () =>
    withSession(async (session) => {
      const file = join(place(), `pid-${sshd.port}`);
      const stop = new AbortController();
      const running = session.run([step(`sh -c 'echo $$ >${file}; exec sleep 1000'`)], { signal: stop.signal });
      await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').includes('\n'), patient).toBe(true);
      stop.abort();
      expect(await running).toMatchObject({ ok: false, error: { reason: 'aborted' } });
      expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
      expect((await runSteps(session, [step(`rm ${file}; echo on`)])).map(brief)).toEqual(['0:on\n|']);
    }));

  it('ends a step whose time is over, and goes on in the same shell', async () =>
    withSession(async (session) => {
      const results = await runSteps(session, [
        step('echo $PPID'),
        step('sleep 1000', { timeoutMs: 300, fatal: false }),
        step('echo $PPID'),
      ]);
      expect(results[1]?.status).toBe('timed-out');
      expect(brief(results[2])).toBe(brief(results[0]));
    }));

  if (connection !== 'local')
    it('reads the result of a detached step through another connection when the first was cut', async () =>
      withSession(async (session) => {
        const file = join(place(), `detached-${sshd.port}`);
        const running = runSteps(session, [
          step(`echo ran >>${file}; sleep 1.5; cat ${file}`, { detach: { id: 'job' } }),
          step(`rm ${file}`),
        ]);
        await expect.poll(() => existsSync(file), patient).toBe(true);
        sshd.cut();
        expect((await running).map(brief)).toEqual(['0:ran\n|', '0:|']);
      }));

  if (connection !== 'local')
    it('says that the connection was lost, outwaits the step that was running, and connects again', async () =>
      withSession(async (session) => {
        const file = join(place(), `lost-${sshd.port}`);
        const running = session.run([
          step(`echo begun >${file}; sleep 1; echo ended >>${file}`),
          step(`echo never >>${file}`),
        ]);
        await expect.poll(() => existsSync(file), patient).toBe(true);
        sshd.cut();
        expect(await running).toMatchObject({ ok: false, error: { reason: 'connection-lost', retry: 'transient' } });
        expect((await runSteps(session, [step(`cat ${file}; rm ${file}`)])).map(brief)).toEqual(['0:begun\nended\n|']);
      }));
});
