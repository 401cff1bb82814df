import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BatchStart, GuardVerdict } from '../../../src/core/events.ts';
import { file } from '../../../src/host/ask.ts';
import { factOf } from '../../../src/host/facts.ts';
import { type ClusterHost, defineGuard } from '../../../src/module/guard.ts';
import { int, required, text, withDefault } from '../../../src/module/params.ts';
import { createPlays } from '../../rig/plays.ts';
import type { PlayRun } from '../../rig/run-play.ts';

const plays = createPlays();
afterEach(plays.cleanUp);

const sickOf = (host: ClusterHost) => {
  const root = host.get('root');
  return file(`${typeof root === 'string' ? root : ''}/sick`);
};

/** At most so many hosts may be away or have the file `sick` in their folder; every host of the inventory is looked at. */
const spare = defineGuard({
  name: 'spare',
  summary: 'Counts hosts that are away or sick',
  examples: ['spare'],
  params: z.strictObject({
    most: withDefault(int(), 1, 'Hosts that may be away or sick'),
    folder: required(text(), 'Folder with the folders of the hosts'),
    patience: withDefault(int(), 0, 'Seconds'),
  }),
  variables: ['root'],
  observe: (_, cluster) => new Map(cluster.hosts.map((host) => [host.name, [sickOf(host)]])),
  verdict: (p, { cluster, looks, taken }) => {
    const away = cluster.hosts.filter(({ name }) => taken.get(name)?.disrupts.has('node'));
    const sick = cluster.hosts.filter((host) => {
      const look = looks.get(host.name);
      return look?.kind === 'seen' && factOf(look.facts, sickOf(host))?.exists === true;
    });
    const gone = new Set([...away, ...sick].map((host) => host.name));
    const message = `${gone.size} of ${cluster.hosts.length} gone (${[...gone].join(', ')}), ${p.most} allowed`;
    return { verdict: gone.size <= p.most ? 'pass' : 'refuse', message, numbers: { gone: gone.size } };
  },
  patience: (p) => p.patience,
});

function batches(run: PlayRun): readonly string[] {
  return run.events
    .filter((event): event is BatchStart => event.type === 'batch-start')
    .map((event) => `${event.index}/${event.total}: ${event.hosts.join(' ')}`);
}

function verdicts(run: PlayRun): readonly string[] {
  return run.events
    .filter((event): event is GuardVerdict => event.type === 'guard-verdict')
    .map((event) => `${event.verdict}: ${event.message}`);
}

const guarded = (rolling: string, body: string): string =>
  `- hosts: all\n  gather_facts: false\n  rolling:\n    guard:\n      - spare: {folder: x, most: 2}\n${rolling.replace(/^/gm, '    ')}\n  tasks:\n${body.replace(/^/gm, '    ')}\n`;

const options = { hosts: 4, guards: [spare] };

describe('a guarded roll', () => {
  it('takes no more hosts at once than its guard allows, and says so', async () => {
    const run = await plays.play(guarded('batch: 3', '- command: touch {{ root }}/done'), options);
    expect(batches(run)).toEqual(['1/3: h1 h2', '2/3: h3', '3/3: h4']);
    const [first] = run.events.filter((event): event is BatchStart => event.type === 'batch-start');
    expect(first?.note).toBe('you asked for 3 at a time, spare allows 2: 3 of 4 gone (h1, h2, h3), 2 allowed');
    expect(run.outcome.exitCode).toBe(0);
  });

  it('counts only what a task takes away: a task that says so takes nothing', async () => {
    const body = '- command: touch {{ root }}/done\n  disrupts: nothing\n- file: {path: "{{ root }}/x", state: touch}';
    const run = await plays.play(guarded('batch: 3', body), options);
    expect(batches(run)).toEqual(['1/2: h1 h2 h3', '2/2: h4']);
  });

  it('does not count a task that will be skipped, also by what an earlier task will find', async () => {
    const body = `- stat: {path: "{{ root }}/none"}
  register: found
- command: touch {{ root }}/a
  when: found.stat.exists
- command: touch {{ root }}/b
  args: {creates: "{{ root }}"}`;
    const run = await plays.play(guarded('batch: 4', body), options);
    expect(batches(run)).toEqual(['1/1: h1 h2 h3 h4']);
  });

  it('counts the worst where a condition depends on what a command prints', async () => {
    const body = `- command: echo no
  register: said
  disrupts: nothing
- command: touch {{ root }}/a
  when: said.stdout == 'yes'`;
    const run = await plays.play(guarded('batch: 4', body), options);
    expect(batches(run)).toEqual(['1/2: h1 h2', '2/2: h3 h4']);
  });

  it('counts what its handlers take away, and runs them before the next batch', async () => {
    const text = `- hosts: all
  gather_facts: false
  handlers:
    - name: restart
      command: touch {{ root }}/restarted
  tasks:
    - block:
        - copy: {dest: "{{ root }}/x", content: y}
          notify: restart
      rolling: {batch: 4, guard: [{spare: {folder: x, most: 2}}]}`;
    const run = await plays.play(text, options);
    expect(batches(run)).toEqual(['1/2: h1 h2', '2/2: h3 h4']);
    const names = run.story.map((line) => line.replace(/ changed$/, ''));
    expect(names.slice(0, 4).sort()).toEqual(['copy: h1', 'copy: h2', 'restart: h1', 'restart: h2']);
    expect(names.slice(4).sort()).toEqual(['copy: h3', 'copy: h4', 'restart: h3', 'restart: h4']);
  });

  it('foresees a batch as its own tasks will see it, also where guards made it smaller', async () => {
    const first = 'inventory_hostname == ansible_play_batch[0]';
    const last = 'inventory_hostname == ansible_play_batch[-1]';
    const play = (when: string): Promise<PlayRun> =>
      plays.play(
        guarded('batch: 3', `- command: touch {{ root }}/done\n  when: ${when}`).replace('most: 2', 'most: 1'),
        options,
      );
    expect(verdicts(await play(first)).filter((line) => line.startsWith('pass: 1'))).toEqual([
      'pass: 1 of 4 gone (h1), 1 allowed',
      'pass: 1 of 4 gone (h4), 1 allowed',
    ]);
    expect(verdicts(await play(last)).filter((line) => line.startsWith('pass: 1'))).toEqual([
      'pass: 1 of 4 gone (h3), 1 allowed',
      'pass: 1 of 4 gone (h4), 1 allowed',
    ]);
    const both = await play(`${first} or ${last}`);
    expect(batches(both)).toEqual(['1/3: h1', '2/4: h2', '3/4: h3', '4/4: h4']);
  });

  it('counts what a task in the background takes away until somebody waits for it', async () => {
    const body = '- command: "true"\n  async: 60\n  poll: 0\n  register: job';
    const run = await plays.play(guarded('batch: 1', body), options);
    expect(batches(run)).toEqual(['1/4: h1', '2/4: h2']);
    expect(verdicts(run).at(-1)).toBe('refuse: 3 of 4 gone (h1, h2, h3), 2 allowed');
    expect(run.outcome.exitCode).toBe(3);
    const wait =
      '- async_status: {jid: "{{ job.ansible_job_id }}"}\n  register: done\n  until: done.finished\n  retries: 50\n  delay: 0';
    const awaited = await plays.play(guarded('batch: 1', `${body}\n${wait}`), options);
    expect(batches(awaited)).toEqual(['1/4: h1', '2/4: h2', '3/4: h3', '4/4: h4']);
    expect(awaited.outcome.exitCode).toBe(0);
  });

  it('counts what is delegated for the host that does it', async () => {
    const body = '- command: touch {{ root }}/done\n  delegate_to: h1';
    const run = await plays.play(guarded('batch: 4', body), options);
    expect(batches(run)).toEqual(['1/1: h1 h2 h3 h4']);
  });

  it('looks at all hosts, whatever --limit leaves, and ends the run with 3 before the first change', async () => {
    const text = guarded('batch: 1', '- command: touch {{ root }}/done').replace('most: 2', 'most: 0');
    const run = await plays.play(`${text}- hosts: all\n  gather_facts: false\n  tasks: [{debug: {msg: next}}]\n`, {
      ...options,
      limit: 'h2',
    });
    expect(verdicts(run)).toEqual(['refuse: 1 of 4 gone (h2), 0 allowed']);
    expect(run.story).toEqual([]);
    expect(run.outcome.exitCode).toBe(3);
  });

  it('stops behind a batch that cost more than it may, and touches no other host', async () => {
    const body = '- file: {path: "{{ root }}/sick", state: touch}';
    const run = await plays.play(guarded('batch: 3', body), options);
    expect(batches(run)).toEqual(['1/2: h1 h2 h3']);
    expect(verdicts(run)).toEqual(['pass: 0 of 4 gone (), 2 allowed', 'refuse: 3 of 4 gone (h1, h2, h3), 2 allowed']);
    expect(run.outcome.exitCode).toBe(3);
  });

  it('asks its guard in check mode too, and changes nothing', async () => {
    const text = guarded('batch: 3', '- command: touch {{ root }}/done');
    const run = await plays.play(text, { ...options, check: true });
    expect(batches(run)).toEqual(['1/3: h1 h2', '2/3: h3', '3/3: h4']);
    expect(run.outcome.exitCode).toBe(0);
    const refused = await plays.play(text.replace('most: 2', 'most: 0'), { ...options, check: true });
    expect(refused.outcome.exitCode).toBe(3);
  });

  it('stops when more hosts failed than it may lose, and no later play begins', async () => {
    const text = guarded('batch: 2\nmax_failed: 1', '- fail: {msg: no}\n  when: inventory_hostname in ["h1", "h3"]');
    const run = await plays.play(
      `${text}- hosts: all\n  gather_facts: false\n  tasks: [{debug: {msg: next}}]\n`,
      options,
    );
    expect(batches(run)).toEqual(['1/2: h1 h2', '2/2: h3 h4']);
    expect(run.story.some((line) => line.startsWith('debug'))).toBe(false);
    expect(run.outcome.exitCode).toBe(2);
  });

  it('refuses values that are known when it runs and make no sense', async () => {
    const run = await plays.play(guarded('batch: "{{ size }}"', '- ping:'), { ...options, extra: { size: '0' } });
    expect(run.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))).toEqual([
      'Expected "batch" of rolling to be at least one host, or a percentage, found "0"',
    ]);
    expect(run.story).toEqual([]);
    expect(run.outcome.exitCode).toBe(2);
  });

  it('ends with 2 where it could not begin on a block, and where its failure was rescued', async () => {
    const rolled = (size: string): string => `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - rolling: {batch: "{{ ${size} }}"}
          block: [{fail: {msg: broken}}]
      rescue: [{debug: {msg: rescued}}]
`;
    expect((await plays.play(rolled('0'), options)).outcome.exitCode).toBe(2);
    expect((await plays.play(rolled('1'), options)).outcome.exitCode).toBe(2);
  });

  it('refuses settings and arguments of guards that differ from host to host', async () => {
    const warnings = (run: PlayRun) => run.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    const size = `"{{ 1 if inventory_hostname == 'h3' else 2 }}"`;
    const run = await plays.play(guarded(`batch: ${size}`, '- ping:'), options);
    expect(warnings(run)).toEqual(['Expected "batch" of rolling to be the same for all hosts, found 2 on h1, 1 on h3']);
    expect(run.story).toEqual([]);
    expect(run.outcome.exitCode).toBe(2);
    const args = await plays.play(guarded('batch: 1', '- ping:').replace('most: 2', `most: ${size}`), options);
    expect(warnings(args)).toEqual([
      'Expected the arguments of the guard "spare" to be the same for all hosts, found {"folder":"x","most":2} on h1, {"folder":"x","most":1} on h3',
    ]);
    expect(args.story).toEqual([]);
    const same = await plays.play(guarded(`max_failed: "{{ groups['all'] | length }}"`, '- ping:'), options);
    expect(same.outcome.exitCode).toBe(0);
  });

  it('runs nothing more of the play where a rescue took the failure of a roll', async () => {
    const text = `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - rolling: {batch: 1}
          block: [{fail: {msg: broken}}]
      rescue: [{debug: {msg: rescued}, name: rescued}]
      always: [{debug: {msg: cleaned}, name: cleaned}]
    - {debug: {msg: later}, name: later}
`;
    const run = await plays.play(text, options);
    expect(run.story).toContain('rescued: h1 ok');
    expect(run.story.some((line) => line.startsWith('cleaned'))).toBe(true);
    expect(run.story.filter((line) => line.startsWith('later'))).toEqual([]);
    expect(run.outcome.exitCode).toBe(2);
  });
});
