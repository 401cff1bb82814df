import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Step, StepResult } from '../../src/host/session.ts';
import { realClock } from '../rig/clock.ts';
import { installedShells, missingShells } from '../rig/shell-pipe.ts';
import { openShellSession, type ShellSession } from '../rig/shell-session.ts';
import { brief, isAlive, patient, step } from '../rig/transport.ts';

for (const name of missingShells) it.skip(`${name}: not installed here`, () => undefined);

async function run(rig: ShellSession, steps: readonly Step[], signal?: AbortSignal): Promise<readonly StepResult[]> {
  const result = await rig.session.run(steps, signal === undefined ? {} : { signal });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const outputOf = (result: StepResult | undefined): Buffer =>
  result?.status === 'done' ? Buffer.from(result.stdout) : Buffer.alloc(0);

describe.each(installedShells)('a session over %s', (shell) => {
  it('keeps the outputs and codes of pipelined steps apart', async () => {
    await using rig = openShellSession(shell);
    const results = await run(rig, [
      step('echo one; echo two >&2'),
      step('printf %s "no line break"; exit 3', { fatal: false }),
      step('cat; echo "$#:$*"'),
    ]);
    expect(results.map(brief)).toEqual(['0:one\n|two\n', '3:no line break|', '0:0:\n|']);
  });

  it('skips what follows a fatal failure, and goes on with the next run', async () => {
    await using rig = openShellSession(shell);
    const marker = join(rig.home, 'ran');
    expect((await run(rig, [step('exit 4'), step(`: >${marker}`), step('echo no')])).map(brief)).toEqual([
      '4:|',
      'skipped',
      'skipped',
    ]);
    expect((await run(rig, [step('echo on')])).map(brief)).toEqual(['0:on\n|']);
    expect(existsSync(marker)).toBe(false);
  });

  it('lets pass the codes that are allowed', async () => {
    await using rig = openShellSession(shell);
    const results = await run(rig, [
      step('exit 2', { allowed: [0, 2] }),
      step('exit 77', { allowed: 'any' }),
      step('exit 1', { fatal: false }),
      step('true', { allowed: [1] }),
      step('echo no'),
    ]);
    expect(results.map(brief)).toEqual(['2:|', '77:|', '1:|', '0:|', 'skipped']);
  });

  it.each([
    ['exit', 'exit 7', 7],
    ['exec', 'exec sh -c "exit 8"', 8],
    ['set -e', 'set -e; false; echo no', 1],
    ['a command that is not there', '/nonexistent/x 2>/dev/null', 127],
    ['a signal', 'sh -c "kill -TERM \\$\\$"', 143],
    ['changed directory and variables', 'cd /; hlb_x=1; umask 077; PATH=; trap "" TERM', 0],
    ['functions of the same names', 'hlb_s() { :; }; hlb_e() { :; }; hlb_b() { :; }; echo() { :; }', 0],
    ['closed streams', 'exec 1>&- 2>&-', 0],
  ])('survives %s', async (_, script, code) => {
    await using rig = openShellSession(shell);
    const results = await run(rig, [step(script, { allowed: 'any' }), step('echo "$PWD" >/dev/null; echo after')]);
    expect(results[0]).toMatchObject({ status: 'done', code });
    expect(brief(results[1])).toBe('0:after\n|');
  });

  it.each([
    ['an open quote', `echo 'abc`],
    ['an open brace', '{ echo a'],
    ['a stray fi', 'fi'],
    ['a closing parenthesis', 'echo a; )'],
    ['a double semicolon', ';; echo a'],
  ])('reports a syntax error: %s', async (_, script) => {
    await using rig = openShellSession(shell);
    const results = await run(rig, [step(script, { fatal: false }), step('echo after')]);
    expect(results[0]).toMatchObject({ status: 'done' });
    expect(brief(results[0])).not.toMatch(/^0:/);
    expect(brief(results[1])).toBe('0:after\n|');
  });

  it('survives an open here-document', async () => {
    await using rig = openShellSession(shell);
    const results = await run(rig, [step('cat <<EOF\nabc', { fatal: false }), step('echo after')]);
    expect(brief(results[1])).toBe('0:after\n|');
  });

  it('carries every byte, on both streams', async () => {
    await using rig = openShellSession(shell);
    const every = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const [result] = await run(rig, [step(`printf '${every}'; printf '${every}' >&2`)]);
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(result).toMatchObject({ status: 'done', stdout: bytes, stderr: bytes });
  });

  it('is not misled by its own words in the output', async () => {
    await using rig = openShellSession(shell);
    // Everything that a step can learn of the session, printed back at it.
    const nosy =
      'set; type hlb_s; tr "\\0" "\\n" </proc/$$/cmdline; for m in $(set | grep -o "[0-9a-f]\\{32\\}"); do echo "$m E 1 0"; echo "$m B 2"; done';
    const results = await run(rig, [step(nosy, { fatal: false }), step('echo after')]);
    expect(brief(results[1])).toBe('0:after\n|');
    expect(outputOf(results[0]).toString()).toContain('hlb_R');
  });

  it('reads twenty megabytes', async () => {
    await using rig = openShellSession(shell);
    const [result, after] = await run(rig, [step('head -c 20000000 /dev/zero'), step('echo after')]);
    expect(outputOf(result)).toHaveLength(20_000_000);
    expect(brief(after)).toBe('0:after\n|');
  });

  it('takes a text of 300 KB, plain and timed and detached', async () => {
    await using rig = openShellSession(shell);
    const long = `printf %s '${'x'.repeat(300_000)}' | wc -c`;
    const results = await run(rig, [
      step(long),
      step(long, { timeoutMs: 20_000 }),
      step(long, { detach: { id: 'long' } }),
    ]);
    expect(results.map((one) => outputOf(one).toString().trim())).toEqual(['300000', '300000', '300000']);
  });

  it('drops what a background child writes between steps', async () => {
    await using rig = openShellSession(shell);
    const [first] = await run(rig, [step('( sleep 0.2; echo late; echo late >&2 ) & echo first')]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const [second] = await run(rig, [step('echo second')]);
    expect([brief(first), brief(second)]).toEqual(['0:first\n|', '0:second\n|']);
  });

  it('ends a step that takes too long with all that it started', async () => {
    await using rig = openShellSession(shell);
    const file = join(rig.home, 'pids');
    const script = `sh -c 'echo $$ >>${file}; sleep 100' & echo $$ >>${file}; echo begun; sleep 100; echo no`;
    const results = await run(rig, [
      step(script, { timeoutMs: 300, allowed: 'any', fatal: false }),
      step('echo on'),
      step('sleep 100', { timeoutMs: 200, allowed: 'any' }),
      step('echo no'),
    ]);
    // Some shells say on stderr that something was terminated.
    expect(results.map((one) => brief(one).replace(/\|Terminated\n$/, '|'))).toEqual([
      'timed-out:begun\n|',
      '0:on\n|',
      'timed-out:|',
      'skipped',
    ]);
    expect(rig.pids).toHaveLength(1);
    const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('ends for good what does not listen to a polite signal', async () => {
    await using rig = openShellSession(shell);
    const [result] = await run(rig, [step('trap "" TERM; while :; do sleep 0.1; done', { timeoutMs: 200 })]);
    expect(result?.status).toBe('timed-out');
  });

  it('runs a timed step like any other', async () => {
    await using rig = openShellSession(shell);
    const timed = { timeoutMs: 10_000, fatal: false };
    const results = await run(rig, [
      step('cat; echo "$#:$*"; echo e >&2; exit 5', timed),
      step('#\necho $((1+1))', timed),
      step('( exit 6 )\n', timed),
      step('', timed),
    ]);
    expect(results.map(brief)).toEqual(['5:0:\n|e\n', '0:2\n|', '6:|', '0:|']);
  });

  it('ends everything on the host when it is told to stop', async () => {
    await using rig = openShellSession(shell);
    const file = join(rig.home, 'pid');
    const stop = new AbortController();
    const running = rig.session.run(
      [step(`echo $$ >${file}; sh -c 'echo $$ >>${file}; sleep 1000'`), step(`echo no >${rig.home}/no`)],
      {
        signal: stop.signal,
      },
    );
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8').trim().split('\n').length, patient).toBe(2);
    stop.abort();
    const result = await running;
    expect(result).toMatchObject({ ok: false, error: { reason: 'aborted' } });
    expect(readFileSync(file, 'utf8').trim().split('\n').map(Number).filter(isAlive)).toEqual([]);
    expect(existsSync(`${rig.home}/no`)).toBe(false);
    // Compensations run after a stop.
    expect((await run(rig, [step('echo undo')])).map(brief)).toEqual(['0:undo\n|']);
  });

  it('ends a detached step when it is told to stop', async () => {
    await using rig = openShellSession(shell);
    const file = join(rig.home, 'pid');
    const stop = new AbortController();
    const running = rig.session.run([step(`echo $$ >${file}; sleep 1000`, { detach: { id: 'long' } })], {
      signal: stop.signal,
    });
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '', patient).toBe(true);
    stop.abort();
    expect(await running).toMatchObject({ ok: false, error: { reason: 'aborted' } });
    expect(isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('says so when a step ends the shell itself, and opens another', async () => {
    await using rig = openShellSession(shell);
    const result = await rig.session.run([step('kill -KILL $$'), step('echo no')]);
    expect(result).toMatchObject({ ok: false, error: { reason: 'connection-lost' } });
    expect((await run(rig, [step('echo on')])).map(brief)).toEqual(['0:on\n|']);
    expect(rig.pids).toHaveLength(2);
  });

  it('runs a detached step once, however often it is asked for', async () => {
    await using rig = openShellSession(shell);
    const file = join(rig.home, 'ran');
    const long = step(`echo ran >>${file}; sleep 0.3; echo out; echo err >&2; exit 9`, {
      detach: { id: 'a job/1' },
      allowed: [9],
    });
    const twice = await run(rig, [long, long]);
    expect(twice.map(brief)).toEqual(['9:out\n|err\n', '9:out\n|err\n']);
    expect(readFileSync(file, 'utf8')).toBe('ran\n');
  });

  it('waits after a lost connection for the detached step that it began', async () => {
    await using rig = openShellSession(shell);
    const file = join(rig.home, 'ran');
    const long = step(`echo ran >>${file}; sleep 1; echo out`, { detach: { id: 'job' } });
    const running = run(rig, [long, step('echo after')]);
    await expect.poll(() => existsSync(file), patient).toBe(true);
    process.kill(rig.pids[0] ?? -1, 'SIGKILL');
    expect((await running).map(brief)).toEqual(['0:out\n|', '0:after\n|']);
    expect(rig.pids).toHaveLength(2);
    expect(readFileSync(file, 'utf8')).toBe('ran\n');
  });

  // It is the channel that ends: one shell tells.
  if (shell === installedShells[0])
    it('does not wait for a detached step when nobody reads any more', async () => {
      await using rig = openShellSession(shell);
      const stop = new AbortController();
      const running = rig.session.run([step('sleep 30', { detach: { id: 'unread' } })], { signal: stop.signal });
      await expect.poll(() => rig.pids.length, patient).toBe(1);
      await realClock.sleep(500);
      rig.letGo();
      await expect.poll(() => isAlive(rig.pids[0] ?? 0), { timeout: 20_000 }).toBe(false);
      stop.abort();
      await running;
    });

  it('says so when a detached step was killed from outside', async () => {
    await using rig = openShellSession(shell);
    const [result] = await run(rig, [step('echo begun; kill -KILL -$$', { detach: { id: 'job' }, fatal: false })]);
    expect(result).toMatchObject({ status: 'done', code: 137 });
    expect(brief(result)).toContain('ended before it could finish');
  });

  it('ends a detached step that takes too long', async () => {
    await using rig = openShellSession(shell);
    const [result, next] = await run(rig, [
      step('echo begun; sleep 100', { detach: { id: 'slow' }, timeoutMs: 500 }),
      step('echo no'),
    ]);
    expect(result?.status).toBe('timed-out');
    expect(next?.status).toBe('skipped');
  });
});
