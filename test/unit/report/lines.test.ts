import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { createLinesView } from '../../../src/report/lines.ts';
import {
  commandFailure,
  counts,
  hostResult,
  itemResult,
  placeOf,
  playStart,
  runEnd,
  runStart,
  taskStart,
} from './events.ts';

function shown(events: readonly Event[], options: { verbosity?: number; color?: boolean } = {}): string {
  let out = '';
  const view = createLinesView({
    write: (text) => {
      out += text;
    },
    color: options.color ?? false,
    verbosity: options.verbosity ?? 0,
  });
  for (const event of events) view.emit(event);
  return out;
}
const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('the plain report', () => {
  it('has no row for a host that only did what others delegated', () => {
    const recap = shown([
      runStart(),
      playStart(['w1']),
      runEnd({ w1: counts({ ok: 1, roundTrips: 2 }), localhost: counts({ roundTrips: 1 }), w2: counts({ ok: 1 }) }),
    ]);
    expect(recap).not.toContain('localhost');
    expect(recap).toContain('\nw2 :');
    expect(recap).toContain('2 hosts, 0 tasks, 0 changed, 1.2 s, 3 round trips (at most 2 a host)');
  });

  it('tells a run from its first play to the recap', () => {
    const diff = { subject: '/etc/a', before: 'one\ntwo\n', after: 'one\n2\n' };
    expect(
      shown([
        runStart(),
        playStart(),
        taskStart('t1', 'Install nginx'),
        hostResult('t1', 'w1'),
        hostResult('t1', 'w2', { outcome: 'changed', result: { changed: true }, durationMs: 42_000 }),
        taskStart('t2', 'web : Configure', { place: placeOf('name: Configure') }),
        hostResult('t2', 'w1', { outcome: 'changed', diffs: [diff], notified: ['restart nginx'] }),
        hostResult('t2', 'w2', { outcome: 'failed', failure: commandFailure }),
        taskStart('t3', 'restart nginx', { kind: 'handler' }),
        hostResult('t3', 'w1', { outcome: 'skipped', note: 'when: has_nginx', durationMs: 1500 }),
        runEnd(
          {
            w1: counts({ ok: 2, changed: 1, skipped: 1, roundTrips: 4 }),
            w2: counts({ ok: 1, changed: 1, failed: 1, roundTrips: 12 }),
          },
          2,
          72_000,
        ),
      ]),
    ).toBe(
      text(
        '',
        'PLAY [Web servers]  2 hosts  site.yml:1:3',
        '',
        'TASK [Install nginx]  site.yml:4:7',
        'ok: [w1]',
        'changed: [w2]',
        '',
        'TASK [web : Configure]  site.yml:6:7',
        'changed: [w1] (notified restart nginx)',
        '--- /etc/a',
        '+++ /etc/a',
        '@@ -1,2 +1,2 @@',
        ' one',
        '-two',
        '+2',
        'failed: [w2]',
        '  Exit code 127 (command not found): nginx -t',
        '  site.yml:4:7',
        '        - name: Install nginx',
        '          ~~~~~~~~~~~~~~~~~~~',
        '  stderr:',
        '    sh: 1: nginx: not found',
        '    ␛[31mbye',
        '  help: Install nginx',
        '',
        'HANDLER [restart nginx]  site.yml:4:7',
        'skipping: [w1] (when: has_nginx)',
        '',
        'RECAP',
        'w1 : ok=2  changed=1  unreachable=0  failed=0  skipped=1  rescued=0  ignored=0  round-trips=4',
        'w2 : ok=1  changed=1  unreachable=0  failed=1  skipped=0  rescued=0  ignored=0  round-trips=12',
        '',
        'SLOWEST TASKS',
        ' 42 s  Install nginx  site.yml:4:7 on w2',
        '1.5 s  restart nginx  site.yml:4:7 on w1',
        '',
        '2 hosts, 3 tasks, 2 changed, 1 min 12 s, 16 round trips (at most 12 a host)',
      ),
    );
  });

  it('tells only what is worth it of the items of a loop, and nothing twice', () => {
    expect(
      shown([
        taskStart('t1', 'Loop'),
        itemResult('t1', 'w1', 'a'),
        itemResult('t1', 'w1', 'b', { outcome: 'changed', diffs: [{ subject: '/b', before: '', after: 'x\n' }] }),
        itemResult('t1', 'w1', 'c', { outcome: 'failed', failure: { ...commandFailure, stderr: '' } }),
        itemResult('t1', 'w1', 'd', { outcome: 'skipped' }),
        hostResult('t1', 'w1', {
          outcome: 'failed',
          failure: commandFailure,
          ignored: true,
          diffs: [{ subject: '/b', before: '', after: 'x\n' }],
        }),
        itemResult('t1', 'w2', 'a'),
        hostResult('t1', 'w2'),
      ]),
    ).toBe(
      text(
        '',
        'TASK [Loop]  site.yml:4:7',
        'changed: [w1] (item=b)',
        '--- /b',
        '+++ /b',
        '@@ -0,0 +1 @@',
        '+x',
        'failed: [w1] (item=c)',
        '  Exit code 127 (command not found): nginx -t',
        '  site.yml:4:7',
        '        - name: Install nginx',
        '          ~~~~~~~~~~~~~~~~~~~',
        '  help: Install nginx',
        'failed: [w1] (1 of 4 items; ignored)',
        'ok: [w2] (1 item)',
      ),
    );
  });

  it('names the command and its exit code where the message does not', () => {
    const failure = { ...commandFailure, message: 'It failed', stderr: '' };
    expect(shown([hostResult('t1', 'w1', { outcome: 'failed', failure })])).toBe(
      text(
        'failed: [w1]',
        '  It failed',
        '  site.yml:4:7',
        '        - name: Install nginx',
        '          ~~~~~~~~~~~~~~~~~~~',
        '  command: nginx -t',
        '  exit code: 127 (command not found)',
        '  help: Install nginx',
      ),
    );
  });

  it('tells what debug prints, and other results with -v', () => {
    const events = [
      taskStart('t1', 'Say', { module: 'debug' }),
      hostResult('t1', 'w1', { result: { msg: 'hello', changed: false } }),
      hostResult('t1', 'w2', { result: { msg: 'two\nlines\n', changed: false } }),
      hostResult('t1', 'w3', { result: { 'a.b': [1, 'x'], changed: false } }),
      taskStart('t2', 'Run', { module: 'command' }),
      hostResult('t2', 'w1', { result: { stdout: 'out', stdout_lines: ['out'], rc: 0, changed: false } }),
    ];
    expect(shown(events)).toBe(
      text(
        '',
        'TASK [Say]  site.yml:4:7',
        'ok: [w1] => hello',
        'ok: [w2]',
        '  two',
        '  lines',
        'ok: [w3] => {"a.b":[1,"x"]}',
        '',
        'TASK [Run]  site.yml:4:7',
        'ok: [w1]',
      ),
    );
    expect(shown(events, { verbosity: 1 })).toContain('ok: [w1] => {"stdout":"out","rc":0}\n');
  });

  it('tells what is about to be changed with -v', () => {
    const events: readonly Event[] = [
      taskStart('t1', 'Write'),
      { type: 'intent', at: 0, taskId: 't1', host: 'w1', changes: ['write /etc/a (12 bytes)'] },
    ];
    expect(shown(events)).toBe(text('', 'TASK [Write]  site.yml:4:7'));
    expect(shown(events, { verbosity: 1 })).toBe(
      text('', 'TASK [Write]  site.yml:4:7', '  [w1] write /etc/a (12 bytes)'),
    );
  });

  it('repeats the header where tasks come mixed, and tells delegation, rescue and retries', () => {
    expect(
      shown([
        taskStart('t1', 'A'),
        hostResult('t1', 'w1', { delegatedTo: 'lb1' }),
        taskStart('t2', 'B'),
        hostResult('t1', 'w2', { outcome: 'failed', rescued: true }),
        {
          type: 'host-retry',
          at: 0,
          taskId: 't2',
          host: 'w1',
          attempt: 2,
          retriesLeft: 1,
          message: 'the condition is false',
        },
      ]),
    ).toBe(
      text(
        '',
        'TASK [A]  site.yml:4:7',
        'ok: [w1 -> lb1]',
        '',
        'TASK [B]  site.yml:4:7',
        '',
        'TASK [A]  site.yml:4:7',
        'failed: [w2] (rescued)',
        '',
        'TASK [B]  site.yml:4:7',
        'retrying: [w1] attempt 2, 1 retry left: the condition is false',
      ),
    );
  });

  it('tells batches, guards, warnings and plays without hosts', () => {
    expect(
      shown([
        {
          type: 'batch-start',
          at: 0,
          playId: 'p1',
          kind: 'rolling',
          index: 1,
          total: 3,
          hosts: ['w1'],
          note: 'etcd allows 1',
        },
        { type: 'guard-verdict', at: 0, playId: 'p1', guard: 'api_backends', verdict: 'pass', message: '2 of 3 stay' },
        {
          type: 'guard-verdict',
          at: 0,
          playId: 'p1',
          guard: 'etcd_quorum',
          verdict: 'refuse',
          message: '1 of 3 voting',
        },
        { type: 'warning', at: 0, message: 'Something is odd\nand long', place: placeOf('apt') },
        { type: 'warning', at: 0, message: 'Nothing goes on', severity: 'error' },
        { type: 'play-skipped', at: 0, name: 'Nobody', reason: 'no-hosts-matched', place: placeOf('hosts') },
        { type: 'play-skipped', at: 0, name: 'Gone', reason: 'no-hosts-left', place: placeOf('hosts') },
      ]),
    ).toBe(
      text(
        '',
        'BATCH 1 of 3: w1 (etcd allows 1)',
        'guard api_backends: pass: 2 of 3 stay',
        'guard etcd_quorum: refuse: 1 of 3 voting',
        'warning: Something is odd',
        '  and long',
        '  site.yml:5:7',
        '          apt: {name: nginx}',
        '          ~~~',
        'error: Nothing goes on',
        '',
        'PLAY [Nobody]',
        'skipping: no hosts matched',
        '',
        'PLAY [Gone]',
        'skipping: no hosts are left',
      ),
    );
  });

  it('says in check mode that nothing was changed, and what cannot be known', () => {
    expect(
      shown([
        runStart(true),
        taskStart('t1', 'Run'),
        hostResult('t1', 'w1', { outcome: 'unknown', note: 'a command says nothing ahead' }),
        hostResult('t1', 'w2', { outcome: 'changed', result: { changed: true, warnings: ['odd'] } }),
        runEnd({ w1: counts({ unknown: 1 }), w2: counts({ ok: 1, changed: 1 }) }),
      ]),
    ).toBe(
      text(
        'Check mode: nothing is changed',
        '',
        'TASK [Run]  site.yml:4:7',
        'unknown: [w1] (a command says nothing ahead)',
        'changed: [w2]',
        '  warning: odd',
        '',
        'RECAP (check mode: nothing was changed)',
        'w1 : ok=0  changed=0  unreachable=0  failed=0  skipped=0  rescued=0  ignored=0  unknown=1  round-trips=0',
        'w2 : ok=1  changed=1  unreachable=0  failed=0  skipped=0  rescued=0  ignored=0  unknown=0  round-trips=0',
        '',
        '2 hosts, 1 task, 1 would change, 1.2 s',
      ),
    );
  });

  it('colors outcomes where asked to', () => {
    expect(shown([hostResult('t1', 'w1', { outcome: 'changed' })], { color: true })).toBe(
      '\u001b[33mchanged: [w1]\u001b[39m\n',
    );
  });
});
