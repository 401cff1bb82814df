import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { orderEvents } from '../../src/engine/ordered.ts';

const event = (host: string, index: number): Event => ({
  type: 'host-retry',
  at: 0,
  taskId: String(index),
  host,
  attempt: 1,
  retriesLeft: 0,
  message: '',
});

describe('events of a fused group', () => {
  it('come task by task whichever host was quicker, each host in task order, none lost', () => {
    const schedule = fc
      .record({ hosts: fc.integer({ min: 1, max: 6 }), tasks: fc.integer({ min: 1, max: 6 }) })
      .chain(({ hosts, tasks }) =>
        fc.record({
          hosts: fc.constant(hosts),
          tasks: fc.constant(tasks),
          // Which host goes on next, and after how many tasks each stops.
          turns: fc.array(fc.integer({ min: 0, max: hosts - 1 }), { maxLength: 60 }),
          stops: fc.array(fc.integer({ min: 0, max: tasks }), { minLength: hosts, maxLength: hosts }),
        }),
      );
    fc.assert(
      fc.property(schedule, ({ hosts, tasks, turns, stops }) => {
        const names = Array.from({ length: hosts }, (_, index) => `h${index}`);
        const seen: string[] = [];
        const ordered = orderEvents(
          names,
          tasks,
          (index) => seen.push(`begin ${index}`),
          (one) => seen.push('taskId' in one && 'host' in one ? `${one.taskId} ${one.host}` : ''),
        );
        const at = names.map(() => 0);
        const go = (host: number): void => {
          const index = at[host] ?? 0;
          const name = names[host] ?? '';
          if (index >= (stops[host] ?? 0)) {
            ordered.finished(name, tasks - 1);
            return;
          }
          ordered.add(index, event(name, index));
          ordered.finished(name, index);
          at[host] = index + 1;
        };
        for (const turn of turns) go(turn);
        for (const host of names.keys()) for (let count = 0; count <= tasks; count += 1) go(host);
        const told = seen.filter((one) => !one.startsWith('begin'));
        const indices = told.map((one) => Number(one.split(' ')[0]));
        expect(indices).toEqual([...indices].sort((a, b) => a - b));
        expect(told).toHaveLength(stops.reduce((sum, stop) => sum + stop, 0));
        for (const index of new Set(indices)) {
          expect(seen.indexOf(`begin ${index}`)).toBeLessThan(seen.findIndex((one) => one.startsWith(`${index} `)));
        }
      }),
    );
  });
});
