import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { createTaskRows, type TaskRow } from '../../../src/report/task-rows.ts';
import { hostResult, playStart, runEnd, taskStart } from './events.ts';

const told = (rows: readonly TaskRow[]): readonly string[] =>
  rows.map(
    ({ task, counts }) => `${task.name} ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(' ')}`,
  );

/** The rows that each event ends, and those that are left under way at the end. */
function rowsOf(events: readonly Event[]): {
  readonly over: readonly (readonly string[])[];
  readonly running: readonly string[];
} {
  const rows = createTaskRows();
  const over = events.map((event) => told(rows.emit(event))).filter((some) => some.length > 0);
  return { over, running: told(rows.running()) };
}

describe('the rows of tasks', () => {
  it('end when every host has told of the task', () => {
    const events = [
      playStart(['a', 'b']),
      taskStart('t1', 'One'),
      hostResult('t1', 'a'),
      hostResult('t1', 'b', { outcome: 'changed' }),
      taskStart('t2', 'Two'),
      hostResult('t2', 'a'),
    ];
    expect(rowsOf(events)).toEqual({ over: [['One 1 ok 1 changed']], running: ['Two 1 ok'] });
  });

  it('do not wait for hosts that have left, but for those that were rescued', () => {
    const events = [
      playStart(['a', 'b', 'c']),
      taskStart('t1', 'One'),
      hostResult('t1', 'a', { outcome: 'failed' }),
      hostResult('t1', 'b', { outcome: 'unreachable' }),
      hostResult('t1', 'c', { outcome: 'failed', rescued: true }),
      taskStart('t2', 'Rescue'),
      hostResult('t2', 'c'),
    ];
    expect(rowsOf(events).over).toEqual([['One 2 failed 1 unreachable'], ['Rescue 1 ok']]);
  });

  it('end when all hosts are past a task that only some of them had', () => {
    const events = [
      playStart(['a', 'b']),
      taskStart('t1', 'Once'),
      hostResult('t1', 'a'),
      taskStart('t2', 'All'),
      hostResult('t2', 'a'),
      hostResult('t2', 'b'),
    ];
    expect(rowsOf(events).over).toEqual([['Once 1 ok', 'All 2 ok']]);
  });

  it('stay apart where hosts run freely', () => {
    const events = [
      playStart(['a', 'b']),
      taskStart('t1', 'One'),
      taskStart('t2', 'Two'),
      hostResult('t1', 'a'),
      hostResult('t2', 'a'),
      hostResult('t1', 'b'),
      hostResult('t2', 'b'),
    ];
    expect(rowsOf(events).over).toEqual([['One 2 ok'], ['Two 2 ok']]);
  });

  it('end with their batch, their play and the run', () => {
    const batch: Event = { type: 'batch-start', at: 0, playId: 'p1', kind: 'serial', index: 2, total: 2, hosts: ['b'] };
    const events = [
      playStart(['a', 'b']),
      taskStart('t1', 'One'),
      hostResult('t1', 'a'),
      batch,
      taskStart('t2', 'Never told'),
      taskStart('t3', 'Half'),
      hostResult('t3', 'a'),
      runEnd({}),
    ];
    expect(rowsOf(events)).toEqual({ over: [['One 1 ok'], ['Half 1 ok']], running: [] });
  });

  it('know where a task is at work', () => {
    const rows = createTaskRows();
    rows.emit(playStart(['a', 'b']));
    rows.emit(taskStart('t1', 'One'));
    rows.emit({ type: 'intent', at: 0, taskId: 't1', host: 'a', changes: ['x'] });
    rows.emit({ type: 'intent', at: 0, taskId: 't1', host: 'b', changes: ['x'] });
    rows.emit(hostResult('t1', 'a'));
    expect([...(rows.running()[0]?.busy ?? [])]).toEqual(['b']);
  });

  it('cost little for a thousand hosts', () => {
    const hosts = Array.from({ length: 1000 }, (_, index) => `h${index}`);
    const rows = createTaskRows();
    rows.emit(playStart(hosts));
    const before = process.cpuUsage();
    let over = 0;
    for (let task = 0; task < 30; task++) {
      rows.emit(taskStart(`t${task}`, `Task ${task}`));
      for (const host of hosts) over += rows.emit(hostResult(`t${task}`, host)).length;
    }
    expect(over).toBe(30);
    // 30,000 results, a few microseconds each.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(300);
  });
});
