import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../src/host/session.ts';
import { noSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { startTcpProxy } from '../rig/tcp-proxy.ts';
import { brief, open, patient, runSteps, sessionOf, step } from '../rig/transport.ts';

if (noSshd !== undefined) it.skip(noSshd, () => undefined);

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

describe.skipIf(noSshd !== undefined)('a pulled cable', () => {
  let sshd: Sshd;
  let counter = 0;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => sshd[Symbol.asyncDispose]());

  const place = (): string => join('/home', sshd.user, `log${(counter += 1)}`);
  const through = (port: number): Target => sshd.target({ port, hostKey: 'off' });

  it('is noticed, and what the host began goes on while a reconnect waits for it', async () => {
    await using cable = await startTcpProxy(sshd.port);
    await using opened = await open(through(cable.port), { keepaliveMs: 200 });
    const session = await sessionOf(opened.connection);
    const log = place();
    const running = session.run([
      step(`echo began >>${log}; sleep 3; echo done >>${log}`),
      step(`echo never >>${log}`),
    ]);
    await expect.poll(() => read(log), patient).toBe('began\n');
    cable.pull();
    expect(await running).toMatchObject({ ok: false, error: { reason: 'connection-lost' } });
    expect(read(log)).toBe('began\n');
    // The old shell does not know that nobody reads from it, and still has a step to run.
    const [result] = await runSteps(session, [step(`cat ${log}`)]);
    expect(brief(result)).toBe('0:began\ndone\n|');
    expect(read(log)).toBe('began\ndone\n');
  });

  it('ends a step that goes on for longer than the grace', async () => {
    await using cable = await startTcpProxy(sshd.port);
    await using opened = await open(through(cable.port), { keepaliveMs: 200, graceMs: 500 });
    const session = await sessionOf(opened.connection);
    const log = place();
    const running = session.run([step(`echo began >>${log}; sleep 1000; echo no >>${log}`)]);
    await expect.poll(() => read(log), patient).toBe('began\n');
    cable.pull();
    expect((await running).ok).toBe(false);
    const began = performance.now();
    await runSteps(session, [step(':')]);
    expect(performance.now() - began).toBeLessThan(8000);
    expect(read(log)).toBe('began\n');
  });

  it('lets a resumed run end the shells of the run that died, and no others', async () => {
    await using cable = await startTcpProxy(sshd.port);
    const log = place();
    const begin = async (runId: string) => {
      const opened = await open(through(cable.port), { runId, keepaliveMs: 200 });
      const session = await sessionOf(opened.connection);
      const running = session.run([
        step(`echo ${runId} >>${log}; sleep 2; echo ${runId} done >>${log}`),
        step(`echo ${runId} next >>${log}`),
      ]);
      await expect.poll(() => read(log), patient).toContain(`${runId}\n`);
      return { opened, running };
    };
    const died = await begin('run-1');
    const alive = await begin('run-2');
    cable.pull();
    await using resumed = await open(sshd.target(), { runId: 'run-1' });
    await runSteps(await sessionOf(resumed.connection), [step(`echo resumed >>${log}`)]);
    const lines = read(log).trim().split('\n');
    expect(lines.indexOf('run-1 done')).toBeLessThan(lines.indexOf('resumed'));
    expect(lines).not.toContain('run-1 next');
    await expect.poll(() => read(log), patient).toContain('run-2 next');
    for (const one of [died, alive]) {
      await one.running;
      await one.opened[Symbol.asyncDispose]();
    }
  });

  it('lets a detached step go on, and its result be read when the cable is back', async () => {
    await using cable = await startTcpProxy(sshd.port);
    await using opened = await open(through(cable.port), { keepaliveMs: 200 });
    const session = await sessionOf(opened.connection);
    const log = place();
    const running = runSteps(session, [
      step(`echo ran >>${log}; sleep 2; cat ${log}`, { detach: { id: 'work' } }),
      step('echo after'),
    ]);
    await expect.poll(() => read(log), patient).toBe('ran\n');
    cable.pull();
    expect((await running).map(brief)).toEqual(['0:ran\n|', '0:after\n|']);
    // The files of the step are gone once its result has arrived.
    expect((await runSteps(session, [step('ls -a ~/.hlb')])).map(brief).join('')).not.toContain('job.');
  });
});
