import type { Block, Entry, Task } from '../playbook/tree.ts';
import type { BatchContext, Inside } from './context.ts';
import { groupEntries } from './group.ts';
import { flushHandlers } from './handlers.ts';
import { type HostState, isActive } from './host-state.ts';
import { runInclude } from './include.ts';
import { runMeta } from './meta.ts';
import { isRepeated, passesOver } from './role-once.ts';
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
    isRepeated: (role) => isRepeated(batch.play.roleUses, role),
  });
  for (const unit of units) {
    const active = hosts.filter(isActive);
    if (active.length === 0 || run.options.signal.aborted) return;
    switch (unit.kind) {
      case 'group':
        await runTasks(unit.tasks, active, batch, inside);
        break;
      case 'include': {
        const some = active.filter((host) => !passesOver(host, unit.include.role));
        if (some.length > 0) await runInclude(unit.include, some, batch, inside, runEntries);
        break;
      }
      case 'block':
        await (unit.block.rolling === undefined
          ? runBlock(unit.block, active, batch, inside)
          : runRollingBlock(unit.block, active, batch, inside, runBlock, flush));
    }
  }
}

/** A group, on the hosts that do not pass over its roles. */
async function runTasks(
  tasks: readonly [Task, ...Task[]],
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
): Promise<void> {
  const [first] = tasks;
  const isWhole = !tasks.some(({ role }) => hosts.some((host) => passesOver(host, role)));
  const next = isWhole ? -1 : tasks.findIndex((task) => task.role !== first.role);
  const together: [Task, ...Task[]] = [first, ...tasks.slice(1, next === -1 ? undefined : next)];
  const some = hosts.filter((host) => isActive(host) && !passesOver(host, first.role));
  if (some.length > 0) {
    if (first.module.name === 'meta') await runMeta(first, some, batch, flush);
    else await runGroup(together, some, batch, inside);
  }
  const [second, ...others] = next === -1 ? [] : tasks.slice(next);
  if (second !== undefined) await runTasks([second, ...others], hosts, batch, inside);
}

/** Runs the handlers that were notified. */
export function flush(batch: BatchContext, hosts: readonly HostState[]): Promise<void> {
  return flushHandlers(batch, hosts, runEntries);
}

/** Rescue runs on the hosts that failed inside, always on all that came in; a host that failed stays failed after always. */
export async function runBlock(
  block: Block,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
): Promise<void> {
  const hasRescue = block.rescue.length > 0;
  const hasAlways = block.always.length > 0;
  await runEntries(block.entries, hosts, batch, {
    rescuable: inside.rescuable || hasRescue,
    more: inside.more || hasRescue || hasAlways,
  });
  if (hasRescue) {
    const failed = hosts.filter((host) => release(host));
    await runEntries(block.rescue, failed, batch, { ...inside, more: inside.more || hasAlways });
  }
  if (hasAlways) await runAlways(block, hosts, batch, inside);
  // Where a roll inside was stopped, no rescue makes the play go on.
  if (batch.play.run.halted !== undefined) for (const host of hosts) host.stopped ??= { kind: 'ended', scope: 'play' };
}

async function runAlways(
  block: Block,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
): Promise<void> {
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
  const { task, name, result } = host.stopped;
  host.failedTask = { task, name, result };
  host.stopped = undefined;
  return true;
}
