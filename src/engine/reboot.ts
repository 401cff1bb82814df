import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { ChangeOutcome, Reboot } from '../host/change.ts';
import type { Session } from '../host/session.ts';
import type { Shell } from './shell.ts';

const kernelBootId = 'cat /proc/sys/kernel/random/boot_id';
const betweenTriesMs = 1000;

/** Reboots, then connects again and again until the host answers with another boot id and the test command works. */
export async function rebootHost(change: Reboot, shell: Shell): Promise<Result<ChangeOutcome, Failure>> {
  const { clock, signal } = shell;
  const bootId = change.bootCommand ?? kernelBootId;
  const session = await shell.session();
  if (!session.ok) return session;
  const before = await ask(session.value, bootId, signal);
  if (!before.ok) return before;
  const began = clock.monotonic();
  await clock.sleep(change.preDelayMs, signal);
  // The answer may be lost with the connection: what counts is the boot id that comes after.
  await session.value.run(
    [{ script: `( sleep 1; ${change.command} ) >/dev/null 2>&1 &`, fatal: true, timeoutMs: 10_000 }],
    { signal },
  );
  await clock.sleep(2 * betweenTriesMs, signal);
  let last = 'the host still answers with the old boot id';
  while (clock.monotonic() - began < change.timeoutMs) {
    await shell.drop();
    const again = await shell.session();
    if (again.ok) {
      const after = await ask(again.value, bootId, signal);
      const tested =
        after.ok && after.value !== before.value ? await ask(again.value, change.testCommand, signal) : undefined;
      if (tested?.ok === true) {
        await clock.sleep(change.postDelayMs, signal);
        return ok({ status: 'done', code: 0, stdout: '', stderr: '', durationMs: clock.monotonic() - began });
      }
      if (tested?.ok === false) last = tested.error.message;
    } else last = again.error.message;
    await clock.sleep(betweenTriesMs, signal);
  }
  return ok({
    status: 'failed',
    code: 1,
    stdout: '',
    stderr: `Not back after ${Math.round(change.timeoutMs / 1000)} s: ${last}`,
    durationMs: clock.monotonic() - began,
    reason: 'timeout',
  });
}

async function ask(session: Session, script: string, signal: AbortSignal): Promise<Result<string, Failure>> {
  const results = await session.run([{ script, fatal: true, timeoutMs: 30_000 }], { signal });
  if (!results.ok) return results;
  const [result] = results.value;
  if (result?.status === 'done' && result.code === 0) return ok(Buffer.from(result.stdout).toString('utf8').trim());
  return err({ reason: 'command-failed', message: `Cannot run "${script}"`, retry: 'transient' });
}
