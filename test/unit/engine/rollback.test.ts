import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Event } from '../../../src/core/events.ts';
import { run as runCommand, writeFile } from '../../../src/module/change.ts';
import { contentOf } from '../../../src/module/content.ts';
import { defineModule } from '../../../src/module/define.ts';
import { path, text } from '../../../src/module/params.ts';
import { plan } from '../../../src/module/plan.ts';
import { defineGuard } from '../../../src/module/guard.ts';
import { createPlays } from '../../rig/plays.ts';
import type { PlayRun } from '../../rig/run-play.ts';

const plays = createPlays();
afterEach(plays.cleanUp);

const setUp = `- hosts: all
  gather_facts: false
  tasks:
    - copy: {dest: "{{ root }}/old", content: before, mode: "0640"}
    - file: {path: "{{ root }}/gone", state: touch, mode: "0600"}
    - file: {path: "{{ root }}/there", state: directory, mode: "0755"}
`;

const rolling = (onFailure: string): string => `- hosts: all
  gather_facts: false
  rolling:
    batch: 2
    on_failure: ${onFailure}
  tasks:
    - copy: {dest: "{{ root }}/old", content: after, mode: "0600"}
    - copy: {dest: "{{ root }}/new", content: after}
    - file: {path: "{{ root }}/made", state: directory}
    - file: {path: "{{ root }}/gone", state: absent}
    - file: {path: "{{ root }}/there", mode: "0700"}
    - command: touch {{ root }}/by-command
    - fail: {msg: no}
      when: inventory_hostname == 'h4'
`;

function tree(run: PlayRun, host: string): readonly string[] {
  const root = join(run.dir, 'hosts', host);
  return readdirSync(root)
    .sort()
    .map((name) => {
      const path = join(root, name);
      const stat = statSync(path);
      const mode = (stat.mode & 0o777).toString(8);
      return `${name} ${mode}${stat.isFile() ? ` ${readFileSync(path, 'utf8')}` : ''}`.trim();
    });
}

/** As haproxy_config does: something is looked at first, then put in place of the old one, which comes back where that fails. */
const exchange = defineModule({
  name: 'exchange',
  summary: 'Puts a candidate into the place of what is there',
  examples: ['exchange:\n  root: /srv'],
  params: z.strictObject({
    root: path().meta({ description: 'Folder' }),
    look: text().meta({ description: 'Command that looks at the candidate' }),
    verify: text().meta({ description: 'Path that must be there afterwards' }),
  }),
  returns: z.object({}),
  convergence: () => 'always',
  observe: () => [],
  plan: (p) =>
    plan([
      runCommand([p.look], { touches: [], quiet: true }),
      {
        kind: 'transaction',
        summary: 'exchange',
        do: [
          {
            kind: 'copy-path',
            from: `${p.root}/old`,
            to: `${p.root}/previous`,
            mode: 0o640,
            recursive: false,
            backup: false,
          },
          writeFile(`${p.root}/old`, contentOf('after'), { mode: 0o640 }),
        ],
        verify: [
          {
            kind: 'wait-until',
            summary: 'it is there',
            until: { kind: 'path', path: p.verify, present: true },
            timeoutMs: 200,
            intervalMs: 50,
          },
        ],
        undo: [{ kind: 'rename', from: `${p.root}/previous`, to: `${p.root}/old` }],
      },
    ]),
  result: () => ({}),
});

const warnings = (run: PlayRun): readonly string[] =>
  run.events.flatMap((event) => (event.type === 'warning' ? [event.message.replaceAll(run.dir, '')] : []));

describe('a roll that fails', () => {
  const before = ['gone 600', 'old 640 before', 'there 755'];
  const after = ['by-command 644', 'made 755', 'new 644 after', 'old 600 after', 'there 700'];

  it('takes its batch back where it is asked to, and leaves the batches before it as they are', async () => {
    const run = await plays.play(setUp + rolling('rollback'), { hosts: 4 });
    expect(tree(run, 'h1')).toEqual(after);
    expect(tree(run, 'h2')).toEqual(after);
    expect(tree(run, 'h3')).toEqual(['by-command 644', ...before]);
    expect(tree(run, 'h4')).toEqual(['by-command 644', ...before]);
    expect(
      warnings(run)
        .filter((line) => line.startsWith('Rolled back'))
        .sort(),
    ).toEqual([
      'Rolled back on h3: 5 of 6 changes; cannot be taken back: run touch /hosts/h3/by-command',
      'Rolled back on h4: 5 of 6 changes; cannot be taken back: run touch /hosts/h4/by-command',
    ]);
    expect(run.outcome.exitCode).toBe(2);
  });

  it('takes back what a roll inside of its batch did, too', async () => {
    const text = `- hosts: all
  gather_facts: false
  rolling: {batch: 1, on_failure: rollback}
  tasks:
    - copy: {dest: "{{ root }}/old", content: after}
    - rolling: {batch: 1, on_failure: rollback}
      block:
        - copy: {dest: "{{ root }}/new", content: after}
    - rolling: {batch: 1}
      block:
        - file: {path: "{{ root }}/gone", state: absent}
    - file: {path: "{{ root }}/there", mode: "0700"}
    - fail: {msg: broken}
`;
    const run = await plays.play(setUp + text, { hosts: 2 });
    expect(tree(run, 'h1')).toEqual(before);
    expect(warnings(run)).toContain('Rolled back on h1: 4 of 4 changes');
    expect(run.outcome.exitCode).toBe(2);
  });

  it('keeps the copies where the run is stopped, and says where they are', async () => {
    const stop = new AbortController();
    const text = `- hosts: all
  gather_facts: false
  rolling: {batch: 1, on_failure: rollback}
  tasks:
    - copy: {dest: "{{ root }}/old", content: after}
    - wait_for: {path: "{{ root }}/never", timeout: 60}
`;
    const events: Event[] = [];
    const run = await plays.play(setUp + text, {
      hosts: 1,
      fuse: false,
      runId: `stopped-${process.pid}`,
      signal: stop.signal,
      emit: (event) => {
        events.push(event);
        if (event.type === 'task-start' && event.module === 'wait_for') stop.abort();
      },
    });
    const [place = ''] = warnings({ ...run, events }).flatMap(
      (line) =>
        /^Not taken back on h1, as the run was stopped: what it replaced is kept under (.*)$/.exec(line)?.[1] ?? [],
    );
    expect(readdirSync(place).length).toBeGreaterThan(0);
    rmSync(place, { recursive: true });
    expect(run.outcome.exitCode).toBe(130);
  });

  it.each([
    ['was never begun', 'look: "false", verify: /nowhere'],
    ['has undone itself', 'look: "true", verify: /nowhere'],
  ])('does not undo a transaction that %s: what it would put back is older', async (_, args) => {
    const text = `${setUp}    - copy: {dest: "{{ root }}/previous", content: older, mode: "0640"}
- hosts: all
  gather_facts: false
  rolling: {batch: 1, on_failure: rollback}
  tasks:
    - exchange: {root: "{{ root }}", ${args}}
`;
    const run = await plays.play(text, { hosts: 1, modules: [exchange] });
    expect(run.outcome.exitCode).toBe(2);
    expect(tree(run, 'h1')).toContain('old 640 before');
    expect(warnings(run).filter((line) => line.includes('failed to take back'))).toEqual([]);
  });

  it('undoes a transaction of a batch that fails later', async () => {
    const text = `${setUp}- hosts: all
  gather_facts: false
  rolling: {batch: 1, on_failure: rollback}
  tasks:
    - exchange: {root: "{{ root }}", look: "true", verify: "{{ root }}/old"}
    - fail: {msg: no}
`;
    const run = await plays.play(text, { hosts: 1, modules: [exchange] });
    expect(tree(run, 'h1')).toEqual(['gone 600', 'old 640 before', 'there 755']);
  });

  it('takes nothing back that was not done', async () => {
    const text = `- hosts: all
  gather_facts: false
  rolling: {batch: 1, on_failure: rollback}
  tasks:
    - copy: {dest: "{{ root }}/old", content: after}
    - copy: {dest: "{{ root }}/new", content: after, validate: "false %s"}
    - file: {path: "{{ root }}/gone", state: absent}
`;
    const run = await plays.play(setUp + text);
    expect(tree(run, 'h1')).toEqual(before);
    expect(warnings(run)).toContain('Rolled back on h1: 2 of 2 changes');
  });

  it('leaves a host as it is where a guard says that going back would do harm', async () => {
    const careful = defineGuard({
      name: 'careful',
      summary: 'Lets one host keep what it has',
      examples: ['careful'],
      params: z.strictObject({}),
      variables: [],
      observe: () => new Map(),
      verdict: () => ({ verdict: 'pass', message: 'fine', numbers: {} }),
      undo: (_, { taken }) => ({
        verdict: taken.has('h2') ? 'refuse' : 'pass',
        message: 'h2 would be empty',
        numbers: {},
      }),
      patience: () => 0,
    });
    const text = rolling('rollback').replace('batch: 2', 'batch: 4\n    guard: [careful]');
    const run = await plays.play(setUp + text, { hosts: 4, guards: [careful], runId: `careful-${process.pid}` });
    expect(tree(run, 'h1')).toEqual(['by-command 644', ...before]);
    expect(tree(run, 'h2')).toEqual(after);
    const [line = ''] = warnings(run).filter((one) => one.startsWith('Not taken back'));
    expect(line).toMatch(
      /^Not taken back on h2, as that would do harm \(careful: h2 would be empty\): what it replaced is kept under /,
    );
    rmSync(line.replace(/^.* is kept under /, ''), { recursive: true, force: true });
  });

  it('only stops unless it is asked to', async () => {
    const run = await plays.play(setUp + rolling('stop'), { hosts: 4 });
    expect(tree(run, 'h3')).toEqual(after);
    expect(warnings(run).some((line) => line.startsWith('Rolled back'))).toBe(false);
  });
});
