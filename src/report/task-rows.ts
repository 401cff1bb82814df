import type { Event, HostResult, Outcome, TaskStart } from '../core/events.ts';
import { unreachable } from '../core/result.ts';

/** What is known of one task on all hosts: a row of the terminal. */
export interface TaskRow {
  readonly task: TaskStart;
  readonly counts: ReadonlyMap<Outcome, number>;
  /** Hosts on which it is at work, as far as its intents tell. */
  readonly busy: ReadonlySet<string>;
}

interface Row extends TaskRow {
  readonly counts: Map<Outcome, number>;
  readonly busy: Set<string>;
}

/** The tasks that are under way. A task is over when every host that still takes part has told of it or of a later one. */
export interface TaskRows {
  /** Takes an event in; gives the rows that are over by it, in order. */
  readonly emit: (event: Event) => readonly TaskRow[];
  readonly running: () => readonly TaskRow[];
}

export function createTaskRows(): TaskRows {
  let rows: Row[] = [];
  const order = new Map<string, number>();
  /** How far each host that takes part has come. */
  let reached = new Map<string, number>();
  /** The least of it, and how many hosts have come no further: only when there are none left can a row be over. */
  let least = -1;
  let behind = 0;

  function begin(hosts: readonly string[]): readonly Row[] {
    const over = rows.filter((row) => row.counts.size > 0);
    rows = [];
    reached = new Map(hosts.map((host) => [host, -1]));
    least = -1;
    behind = hosts.length;
    return over;
  }

  function result(event: HostResult): readonly Row[] {
    const row = rows.find((one) => one.task.taskId === event.taskId);
    if (row !== undefined) {
      row.counts.set(event.outcome, (row.counts.get(event.outcome) ?? 0) + 1);
      row.busy.delete(event.host);
    }
    const before = reached.get(event.host);
    if (before === undefined) return [];
    if (leaves(event)) reached.delete(event.host);
    else reached.set(event.host, order.get(event.taskId) ?? before);
    if (before === least) behind -= 1;
    return behind > 0 ? [] : takeOver();
  }

  function takeOver(): readonly Row[] {
    least = Number.POSITIVE_INFINITY;
    for (const index of reached.values()) least = Math.min(least, index);
    behind = 0;
    for (const index of reached.values()) if (index === least) behind += 1;
    const isOver = ({ task, counts }: Row): boolean => counts.size > 0 && (order.get(task.taskId) ?? 0) <= least;
    const over = rows.filter(isOver);
    rows = rows.filter((row) => !isOver(row));
    return over;
  }

  return {
    emit: (event) => {
      switch (event.type) {
        case 'play-start':
        case 'batch-start':
          return begin(event.hosts);
        case 'task-start':
          order.set(event.taskId, order.size);
          rows.push({ task: event, counts: new Map(), busy: new Set() });
          return [];
        case 'intent':
          rows.find((row) => row.task.taskId === event.taskId)?.busy.add(event.host);
          return [];
        case 'host-result':
          return result(event);
        case 'play-skipped':
        case 'run-end':
          return begin([]);
        case 'run-start':
        case 'host-retry':
        case 'item-result':
        case 'guard-verdict':
        case 'warning':
          return [];
        default:
          return unreachable(event);
      }
    },
    running: () => rows,
  };
}

/** The host takes no further part in the play. */
function leaves({ outcome, ignored, rescued }: HostResult): boolean {
  return (outcome === 'failed' && !ignored && !rescued) || (outcome === 'unreachable' && !ignored);
}
