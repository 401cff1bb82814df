import type { Handler } from '../playbook/tree.ts';
import type { BatchContext, PlayContext } from './context.ts';
import { type HostState, isActive } from './host-state.ts';
import { runGroup } from './run-group.ts';

/** The play's handlers and those of its roles, in the order they run. */
export function handlersOf(play: PlayContext): readonly Handler[] {
  const all = [...play.play.roles.flatMap((role) => role.handlers), ...play.dynamicHandlers, ...play.play.handlers];
  return [...new Map(all.map((handler) => [handler.id, handler])).values()];
}

/** The handlers that a name in `notify` stands for: the last one of that name, and all that listen to it. */
export function handlersNamed(play: PlayContext, name: string): readonly Handler[] {
  const all = handlersOf(play);
  const named = all.findLast((handler) => namesOf(handler).includes(name));
  const listening = all.filter((handler) => handler.listen.includes(name));
  return named === undefined ? listening : [...new Set([named, ...listening])];
}

function namesOf(handler: Handler): readonly string[] {
  const name =
    handler.name?.kind === 'constant'
      ? String(handler.name.value)
      : handler.name?.kind === 'template'
        ? handler.name.template.text
        : undefined;
  if (name === undefined) return [];
  return handler.role === undefined ? [name] : [name, `${handler.role.name} : ${name}`];
}

/** Runs what was notified, in the order that handlers are defined, until nothing more is notified. */
export async function flushHandlers(batch: BatchContext, hosts: readonly HostState[]): Promise<void> {
  const mayRun = (host: HostState): boolean =>
    isActive(host) || (batch.play.play.forceHandlers && host.stopped?.kind === 'failed');
  for (;;) {
    const due = handlersOf(batch.play).find((handler) =>
      hosts.some((host) => mayRun(host) && host.notified.has(handler.id)),
    );
    if (due === undefined || batch.play.run.options.signal.aborted) return;
    const notified = hosts.filter((host) => mayRun(host) && host.notified.delete(due.id));
    const stops = new Map(notified.map((host) => [host, host.stopped]));
    for (const host of notified) host.stopped = undefined;
    await runGroup([due], notified, batch, { rescuable: false }, () => 'handler');
    for (const host of notified) host.stopped ??= stops.get(host);
  }
}
