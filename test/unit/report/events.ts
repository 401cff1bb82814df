import type { Event, HostCounts, HostResult, ItemResult, TaskStart } from '../../../src/core/events.ts';
import type { Failure } from '../../../src/core/failure.ts';
import type { Location, Source } from '../../../src/core/source.ts';

export const source: Source = {
  path: 'site.yml',
  text: [
    '- name: Web servers',
    '  hosts: web',
    '  tasks:',
    '    - name: Install nginx',
    '      apt: {name: nginx}',
    '    - name: Configure',
    '      template: {src: a.j2, dest: /etc/a}',
    '',
  ].join('\n'),
};

export function placeOf(what: string): Location {
  const start = source.text.indexOf(what);
  return { source, start, end: start + what.length };
}

export const runStart = (check = false): Event => ({
  type: 'run-start',
  runId: 'r1',
  at: 0,
  playbooks: ['site.yml'],
  check,
});

export const playStart = (hosts: readonly string[] = ['w1', 'w2']): Event => ({
  type: 'play-start',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  playId: 'p1',
  name: 'Web servers',
  hosts,
  place: placeOf('name: Web servers'),
});

export const taskStart = (taskId: string, name: string, rest: Partial<TaskStart> = {}): TaskStart => ({
  type: 'task-start',
  at: 0,
  playId: 'p1',
  taskId,
  kind: 'task',
  name,
  module: 'apt',
  place: placeOf('name: Install nginx'),
  ...rest,
});

export const hostResult = (taskId: string, host: string, rest: Partial<HostResult> = {}): HostResult => ({
  type: 'host-result',
  at: 0,
  taskId,
  host,
  outcome: 'ok',
  result: { changed: false },
  diffs: [],
  ignored: false,
  rescued: false,
  durationMs: 10,
  notified: [],
  ...rest,
});

export const itemResult = (
  taskId: string,
  host: string,
  label: string,
  rest: Partial<ItemResult> = {},
): ItemResult => ({
  type: 'item-result',
  at: 0,
  taskId,
  host,
  label,
  outcome: 'ok',
  result: { changed: false },
  diffs: [],
  ...rest,
});

export const commandFailure: Failure = {
  reason: 'command-failed',
  message: 'Exit code 127 (command not found): nginx -t',
  retry: 'permanent',
  at: placeOf('name: Install nginx'),
  command: 'nginx -t',
  exitCode: 127,
  exitMeaning: 'command not found',
  stderr: 'sh: 1: nginx: not found\n\u001b[31mbye\n',
  help: 'Install nginx',
};

export const counts = (rest: Partial<HostCounts> = {}): HostCounts => ({
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
  unknown: 0,
  roundTrips: 0,
  ...rest,
});

export const runEnd = (hosts: Readonly<Record<string, HostCounts>>, exitCode = 0, durationMs = 1234): Event => ({
  type: 'run-end',
  at: 1,
  durationMs,
  hosts,
  exitCode,
});
