import { expect, it } from 'vitest';
import { createNdjsonView } from '../../../src/report/ndjson.ts';
import { commandFailure, hostResult, runStart, taskStart } from './events.ts';

it('writes each event as one line, places as lines and columns', () => {
  const written: string[] = [];
  const view = createNdjsonView((text) => written.push(text));
  view.emit(runStart());
  view.emit(taskStart('t1', 'Install nginx'));
  view.emit(hostResult('t1', 'w1', { outcome: 'failed', failure: commandFailure, result: { start: 1, end: 2 } }));
  expect(written.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  const [first, second, third] = written.map((line): unknown => JSON.parse(line));
  const place = { path: 'site.yml', line: 4, column: 7, endLine: 4, endColumn: 26 };
  expect(first).toEqual({ type: 'run-start', runId: 'r1', at: 0, playbooks: ['site.yml'], check: false });
  expect(second).toMatchObject({ type: 'task-start', name: 'Install nginx', place });
  expect(third).toMatchObject({ failure: { at: place, exitCode: 127 }, result: { start: 1, end: 2 } });
});
