import type { Handler } from '../playbook/tree.ts';
import { type BatchContext, outermost, type RunEntries } from './context.ts';
import { handlersOf } from './handler-names.ts';
import { type HostState, isActive } from './host-state.ts';
import { runInclude } from './include.ts';
import { recall } from './notify.ts';
import { runGroup } from './run-group.ts';

/**
 * Runs what was notified, once through in the order that handlers are defined, as Ansible does: what a handler notifies
 * behind it runs in the same flush, what stands before it in the next one.
 */
export async function flushHandlers(
  batch: BatchContext,
  hosts: readonly HostState[],
  runEntries: RunEntries,
): Promise<void> {
  const mayRun = (host: HostState): boolean =>
    isActive(host) || (batch.play.settings.forceHandlers && host.stopped?.kind === 'failed');
  for (const host of hosts) if (mayRun(host)) await recall(host, batch);
  for (const due of handlersOf(batch.play)) {
    if (batch.play.run.options.signal.aborted) return;
    const notified = hosts.filter((host) => mayRun(host) && isNotified(host, due));
    if (notified.length === 0) continue;
    const stops = new Map(notified.map((host) => [host, host.stopped]));
    for (const host of notified) host.stopped = undefined;
    if (due.kind === 'include') await runInclude(due, notified, batch, outermost, runEntries);
    else await runGroup([due], notified, batch, outermost, () => 'handler');
    for (const host of notified) {
      host.stopped ??= stops.get(host);
      host.perhaps.delete(due.id);
    }
  }
}

/** Whether the handler is due, and that it is so no more. Where it is certain, no doubt is left. */
function isNotified(host: HostState, { id }: Handler): boolean {
  const isCertain = host.notified.delete(id);
  if (isCertain) host.perhaps.delete(id);
  return isCertain || host.perhaps.has(id);
}
