import pLimit from 'p-limit';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isList, type Value } from '../core/value.ts';
import type { Play } from '../playbook/tree.ts';
import { type BatchContext, outermost, type RunContext } from './context.ts';
import { flush, runEntries } from './entries.ts';
import { type HostState, isActive, isOut } from './host-state.ts';
import { openPlay, partsOf } from './open-play.ts';
import { roll } from './rolling.ts';
import { batchesOf } from './serial.ts';

/** What becomes of the plays after this one. */
export type Onward = 'go-on' | 'stop';

/** Runs one play; the error is one that no host caused. A batch that failed as a whole ends the run, as in Ansible. */
export async function runPlay(run: RunContext, play: Play): Promise<Result<Onward, Failure>> {
  const { options } = run;
  const { clock, emit } = options;
  const opened = await openPlay(run, play);
  if (!opened.ok) return opened;
  if (opened.value === undefined) return ok('go-on');
  const { context, ordered, evaluate } = opened.value;
  const { hosts, playId } = context;
  const serial: Value[] = [];
  for (const term of play.serial) {
    const value = await evaluate(term);
    if (!value.ok) return value;
    serial.push(...(isList(value.value) ? value.value : [value.value]));
  }
  const batches = batchesOf(ordered, serial);
  if (!batches.ok) return err({ reason: 'module-refused', message: batches.error, retry: 'permanent', at: play.at });
  if (play.rolling !== undefined) {
    const batchOf = (some: readonly HostState[]): BatchContext => ({ play: context, hosts: some, size: some.length });
    const rolled = await roll(
      { rolling: play.rolling, entries: partsOf(context).flat(), batchOf },
      hosts,
      batchOf(hosts),
      (some) => runBatch(batchOf(some)),
    );
    if (!rolled.ok) return rolled;
    return ok(run.halted === undefined ? 'go-on' : 'stop');
  }
  for (const [index, batch] of batches.value.entries()) {
    if (options.signal.aborted) break;
    // Who is out since an earlier play keeps its place in its batch.
    const some = batch.filter(isActive);
    if (some.length === 0) continue;
    if (play.serial.length > 0) {
      emit({
        type: 'batch-start',
        at: clock.now(),
        playId,
        kind: 'serial',
        index: index + 1,
        total: batches.value.length,
        hosts: some.map((host) => host.name),
      });
    }
    await runBatch({ play: context, hosts: some, size: batch.length });
    if (run.halted !== undefined) return ok('stop');
    // Ansible's rule: the next batch starts unless all of this one failed (or max_fail_percentage was exceeded, which fails all).
    if (batch.length === some.length && some.every(isOut)) return ok('stop');
    if (hosts.some((host) => host.stopped?.kind === 'ended' && host.stopped.scope === 'play')) break;
  }
  return ok('go-on');
}

/** The sections in their order, handlers after pre_tasks, after roles and tasks, and after post_tasks. */
async function runBatch(batch: BatchContext): Promise<void> {
  const { settings } = batch.play;
  const parts = partsOf(batch.play);
  const through = async (hosts: readonly HostState[]): Promise<void> => {
    for (const entries of parts) {
      await runEntries(entries, hosts, batch, outermost);
      await flush(batch, hosts);
    }
  };
  if (settings.strategy === 'linear') return through(batch.hosts);
  const limit = pLimit(batch.play.run.options.forks);
  await Promise.all(batch.hosts.map((host) => limit(() => through([host]))));
}
