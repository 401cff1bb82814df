import type { Block, Entry } from '../playbook/tree.ts';
import type { BatchContext, Inside } from './context.ts';
import { groupEntries } from './group.ts';
import { flushHandlers } from './handlers.ts';
import { type HostState, isActive } from './host-state.ts';
import { runInclude } from './include.ts';
import { runMeta } from './meta.ts';
import { runRollingBlock } from './rolling.ts';
import { runGroup } from './run-group.ts';
import { selects } from './selection.ts';

/** Runs a list of entries on hosts, each unit on all of them before the next (a barrier, as `linear` has it). */
export async function runEntries(
  entries: readonly Entry[],
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
): Promise<void> {
  const { run, reads } = batch.play;
  const units = groupEntries(entries, {
    fuse: run.options.fuse && batch.play.play.maxFailPercentage === undefined,
    selected: (task) => selects(batch.play, task),
    reads,
  });
  for (const unit of units) {
    const active = hosts.filter(isActive);
    if (active.length === 0 || run.options.signal.aborted) return;
    switch (unit.kind) {
      case 'group':
        if (unit.tasks[0].module.name === 'meta') await runMeta(unit.tasks[0], active, batch, flushHandlers);
        else await runGroup(unit.tasks, active, batch, inside);
        break;
      case 'include':
        await runInclude(unit.include, active, batch, inside, runEntries);
        break;
      case 'block':
        await (unit.block.rolling === undefined
          ? runBlock(unit.block, active, batch, inside)
          : runRollingBlock(unit.block, active, batch, inside, runBlock));
    }
  }
}

/** Rescue runs on the hosts that failed inside, always on all that came in; a host that failed stays failed after always. */
export async function runBlock(
  block: Block,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
): Promise<void> {
  await runEntries(block.entries, hosts, batch, { rescuable: inside.rescuable || block.rescue.length > 0 });
  if (block.rescue.length > 0) {
    const failed = hosts.filter((host) => release(host));
    await runEntries(block.rescue, failed, batch, inside);
  }
  if (block.always.length === 0) return;
  const stops = new Map(hosts.map((host) => [host, host.stopped]));
  for (const host of hosts) release(host);
  await runEntries(block.always, hosts, batch, inside);
  for (const host of hosts) {
    const before = stops.get(host);
    if (before?.kind === 'failed') host.stopped ??= before;
  }
}

/** Lets a host that failed take part again, remembering what failed. */
function release(host: HostState): boolean {
  if (host.stopped?.kind !== 'failed') return false;
  host.failedTask = { task: host.stopped.task, result: host.stopped.result };
  host.stopped = undefined;
  return true;
}
