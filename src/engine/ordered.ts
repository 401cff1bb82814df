import type { Event } from '../core/events.ts';

/**
 * Puts the events of a fused group into the order that tasks run alone would give: a task's events come before the
 * next task's, whichever host was quicker; each host's events stay in task order.
 */
export interface OrderedEvents {
  /** An event of one host in the task of this index. */
  readonly add: (index: number, event: Event) => void;
  /** The host has nothing more to tell of tasks up to and including this index. */
  readonly finished: (host: string, index: number) => void;
  /**
   * The host takes no further part: what it was about to do in tasks that it did not come to is not told. `last` is the
   * task that it ended with, where that was not finished yet.
   */
  readonly left: (host: string, last?: number) => void;
}

export function orderEvents(
  hosts: readonly string[],
  tasks: number,
  begin: (index: number) => void,
  emit: (event: Event) => void,
): OrderedEvents {
  const waiting: Event[][] = Array.from({ length: tasks }, () => []);
  const done = new Map(hosts.map((host) => [host, -1]));
  let current = 0;
  let begun = -1;
  const start = (index: number): void => {
    if (begun >= index) return;
    begun = index;
    begin(index);
  };
  const advance = (): void => {
    while (current < tasks) {
      const events = waiting[current] ?? [];
      if (events.length > 0) start(current);
      for (const event of events.splice(0)) emit(event);
      if ([...done.values()].some((index) => index < current)) return;
      current += 1;
    }
  };
  const finished: OrderedEvents['finished'] = (host, index) => {
    if ((done.get(host) ?? -1) >= index) return;
    done.set(host, index);
    advance();
  };
  start(0);
  return {
    add: (index, event) => {
      waiting[index]?.push(event);
      if (index === current) advance();
    },
    finished,
    left: (host, last) => {
      for (let index = (last ?? done.get(host) ?? -1) + 1; index < tasks; index += 1) {
        waiting[index] = (waiting[index] ?? []).filter((event) => !('host' in event) || event.host !== host);
      }
      finished(host, tasks - 1);
    },
  };
}
