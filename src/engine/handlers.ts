import type { Handler } from '../playbook/tree.ts';
import type { BatchContext } from './context.ts';
import { handlersOf } from './handler-names.ts';
import { type HostState, isActive } from './host-state.ts';
import { runGroup } from './run-group.ts';

/** Runs what was notified, in the order that handlers are defined, until nothing more is notified. */
export async function flushHandlers(batch: BatchContext, hosts: readonly HostState[]): Promise<void> {
  const mayRun = (host: HostState): boolean =>
    isActive(host) || (batch.play.play.forceHandlers && host.stopped?.kind === 'failed');
  for (;;) {
    const due = handlersOf(batch.play).find((handler) =>
      hosts.some((host) => mayRun(host) && (host.notified.has(handler.id) || host.perhaps.has(handler.id))),
    );
    if (due === undefined || batch.play.run.options.signal.aborted) return;
    const notified = hosts.filter((host) => mayRun(host) && isNotified(host, due));
    const stops = new Map(notified.map((host) => [host, host.stopped]));
    for (const host of notified) host.stopped = undefined;
    await runGroup([due], notified, batch, { rescuable: false }, () => 'handler');
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
