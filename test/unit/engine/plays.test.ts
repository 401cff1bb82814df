import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';
import { runPlay } from '../../rig/run-play.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

describe('a play', () => {
  it('writes a file, and changes nothing the second time', async () => {
    const yaml = tasks(
      '- name: write\n  copy:\n    content: "hello {{ inventory_hostname }}\\n"\n    dest: "{{ root }}/greeting"\n    mode: "0640"',
    );
    const first = await play(yaml);
    expect(first.story).toEqual(['write: h1 changed']);
    expect(readFileSync(join(first.dir, 'hosts/h1/greeting'), 'utf8')).toBe('hello h1\n');
    expect((await runPlay(first.dir)).story).toEqual(['write: h1 ok']);
  });

  it('makes a directory and a file in it in two round trips, and one when nothing is to do', async () => {
    const yaml = tasks(
      '- name: directory\n  file: {path: "{{ root }}/d", state: directory}\n- name: file\n  copy: {content: x, dest: "{{ root }}/d/f"}',
    );
    const cold = await play(yaml);
    expect(cold.story).toEqual(['directory: h1 changed', 'file: h1 changed']);
    expect(cold.outcome.hosts['h1']?.roundTrips).toBe(2);
    const warm = await runPlay(cold.dir);
    expect(warm.story).toEqual(['directory: h1 ok', 'file: h1 ok']);
    expect(warm.outcome.hosts['h1']?.roundTrips).toBe(1);
  });

  it('stops a host at its failure and lets the others go on', async () => {
    const yaml = tasks(
      '- name: fails on h2\n  command: "test {{ inventory_hostname }} != h2"\n- name: after\n  command: "true"',
    );
    const { story, outcome } = await play(yaml, { hosts: 3 });
    expect(story.toSorted()).toEqual([
      'after: h1 changed',
      'after: h3 changed',
      'fails on h2: h1 changed',
      'fails on h2: h2 failed',
      'fails on h2: h3 changed',
    ]);
    expect(outcome.exitCode).toBe(2);
  });

  it('does not begin a task that no host comes to', async () => {
    const yaml = tasks('- name: fails\n  command: "false"\n- name: never\n  command: "true"');
    const { events } = await play(yaml, { hosts: 2 });
    expect(events.flatMap((event) => (event.type === 'task-start' ? [event.name] : []))).toEqual(['fails']);
    expect(events.filter((event) => event.type === 'intent')).toHaveLength(2);
  });

  it('reads what a task registered', async () => {
    const yaml = tasks(
      '- command: echo one two\n  register: said\n- name: use\n  copy: {content: "{{ said.stdout.split() | last }}", dest: "{{ root }}/word"}',
    );
    const run = await play(yaml);
    expect(readFileSync(join(run.dir, 'hosts/h1/word'), 'utf8')).toBe('two');
  });

  it('skips by condition and says which', async () => {
    const { results } = await play(tasks('- name: never\n  command: "false"\n  when: inventory_hostname == "other"'));
    expect(results('never')[0]).toMatchObject({ outcome: 'skipped', note: 'inventory_hostname == "other"' });
  });

  it('loops, registering every item as Ansible shapes it', async () => {
    const { results } = await play(
      tasks('- name: each\n  command: "echo {{ item }}"\n  loop: [a, b]\n  register: said'),
    );
    expect(results('each')[0]?.result).toMatchObject({
      changed: true,
      msg: 'All items completed',
      results: [
        { item: 'a', stdout: 'a', ansible_loop_var: 'item' },
        { item: 'b', stdout: 'b' },
      ],
    });
  });

  it('runs the other items of a loop after one failed, and not the task after it', async () => {
    const { story, events } = await play(
      tasks('- name: each\n  command: "test {{ item }} != b"\n  loop: [a, b, c]\n- name: after\n  command: "true"'),
    );
    expect(story).toEqual(['each: h1 failed']);
    expect(
      events.flatMap((event) => (event.type === 'item-result' ? [`${event.label} ${event.outcome}`] : [])),
    ).toEqual(['a changed', 'b failed', 'c changed']);
  });

  it('rescues a failure, and always runs what must', async () => {
    const yaml = tasks(
      '- block:\n    - name: breaks\n      command: "false"\n    - name: not reached\n      command: "true"\n  rescue:\n    - name: mends\n      debug: {msg: "{{ ansible_failed_task.name }}"}\n  always:\n    - name: ends\n      command: "true"\n- name: goes on\n  command: "true"',
    );
    const { story, outcome, results } = await play(yaml);
    expect(story).toEqual(['breaks: h1 failed', 'mends: h1 ok', 'ends: h1 changed', 'goes on: h1 changed']);
    expect(results('mends')[0]?.result).toMatchObject({ msg: 'breaks' });
    expect(outcome).toMatchObject({ exitCode: 0, hosts: { h1: { rescued: 1, failed: 0 } } });
  });

  it('notifies a handler once, however often, and only when something changed', async () => {
    const yaml = tasks(
      '- name: one\n  copy: {content: x, dest: "{{ root }}/a"}\n  notify: restart\n- name: two\n  copy: {content: x, dest: "{{ root }}/b"}\n  notify: restart',
      '  handlers:\n    - name: restart\n      command: "true"\n',
    );
    const first = await play(yaml);
    expect(first.story).toEqual(['one: h1 changed', 'two: h1 changed', 'restart: h1 changed']);
    expect((await runPlay(first.dir)).story).toEqual(['one: h1 ok', 'two: h1 ok']);
  });

  it('judges by failed_when and changed_when', async () => {
    const yaml = tasks(
      '- name: fine\n  command: "false"\n  register: out\n  failed_when: out.rc == 7\n  changed_when: false\n- name: bad\n  command: "true"\n  register: out\n  failed_when: out.rc == 0',
    );
    expect((await play(yaml)).story).toEqual(['fine: h1 ok', 'bad: h1 failed']);
  });

  it('tries again until a condition holds', async () => {
    const yaml = tasks(
      '- name: third time\n  shell: "echo x >> {{ root }}/tries; wc -l < {{ root }}/tries"\n  register: tries\n  until: tries.stdout | int == 3\n  retries: 5\n  delay: 0',
    );
    const { results, events } = await play(yaml);
    expect(results('third time')[0]).toMatchObject({ outcome: 'changed', result: { attempts: 3 } });
    expect(events.filter((event) => event.type === 'host-retry')).toHaveLength(2);
  });

  it('changes nothing in check mode, and says what it cannot know', async () => {
    const yaml = tasks(
      '- name: file\n  copy: {content: x, dest: "{{ root }}/f"}\n- name: command\n  command: "touch {{ root }}/g"\n- name: behind\n  copy: {content: y, dest: "{{ root }}/h"}',
    );
    const { story, dir, outcome } = await play(yaml, { check: true });
    expect(story).toEqual(['file: h1 changed', 'command: h1 unknown', 'behind: h1 unknown']);
    expect(() => readFileSync(join(dir, 'hosts/h1/f'))).toThrow('ENOENT');
    expect(outcome.exitCode).toBe(0);
  });

  it('shows the difference with --diff', async () => {
    const first = await play(tasks('- name: write\n  copy: {content: "new\\n", dest: "{{ root }}/f"}'), { diff: true });
    expect(first.results('write')[0]?.diffs).toMatchObject([{ before: '', after: 'new\n' }]);
  });

  it('takes turns by serial, and stops when a whole batch failed', async () => {
    const yaml = `- hosts: all\n  gather_facts: false\n  serial: 1\n  tasks:\n    - name: try\n      command: "test {{ inventory_hostname }} != h2"\n`;
    const { story } = await play(yaml, { hosts: 3 });
    expect(story).toEqual(['try: h1 changed', 'try: h2 failed']);
  });

  it('ends the run where all hosts of a play failed: later plays may stand on it', async () => {
    const { story } = await play(
      `${tasks('- name: fails\n  command: "false"')}- hosts: localhost\n  gather_facts: false\n  tasks:\n    - name: later\n      debug: {msg: x}\n`,
    );
    expect(story).toEqual(['fails: h1 failed']);
  });

  it('runs once for all hosts, and all of them have the result', async () => {
    const yaml = tasks(
      '- name: once\n  command: echo {{ inventory_hostname }}\n  run_once: true\n  register: who\n- name: all know\n  debug: {msg: "{{ who.stdout }}"}',
    );
    const { story, results } = await play(yaml, { hosts: 2 });
    expect(story.filter((one) => one.startsWith('once'))).toEqual(['once: h1 changed']);
    expect(results('all know').map((one) => one.result['msg'])).toEqual(['h1', 'h1']);
  });

  it('delegates to another host with the variables of its own', async () => {
    const yaml = tasks(
      '- name: write there\n  copy: {content: "{{ inventory_hostname }}", dest: "{{ hostvars[\'h1\'].root }}/{{ inventory_hostname }}"}\n  delegate_to: h1',
    );
    const { dir } = await play(yaml, { hosts: 2 });
    expect(readFileSync(join(dir, 'hosts/h1/h2'), 'utf8')).toBe('h2');
  });

  it('includes tasks for the hosts that ask for them', async () => {
    const yaml = tasks('- include_tasks: "{{ inventory_hostname }}.yml"');
    const { story } = await play(yaml, {
      hosts: 2,
      files: { 'h1.yml': '- name: first\n  command: "true"\n', 'h2.yml': '- name: second\n  command: "true"\n' },
    });
    expect(story).toEqual(['include_tasks: h1 ok', 'include_tasks: h2 ok', 'first: h1 changed', 'second: h2 changed']);
  });

  it('stops every host under any_errors_fatal', async () => {
    const yaml = tasks(
      '- name: one fails\n  command: "test {{ inventory_hostname }} != h2"\n- name: after\n  command: "true"',
      '  any_errors_fatal: true\n',
    );
    const { story } = await play(yaml, { hosts: 3 });
    expect(story.filter((one) => one.startsWith('after'))).toEqual([]);
  });

  it('puts an intent on disk before each change, and a result after it', async () => {
    const { journal } = await play(tasks('- name: write\n  copy: {content: x, dest: "{{ root }}/f"}'));
    expect(journal).toMatchObject([
      { kind: 'run' },
      { kind: 'intent', host: 'h1' },
      { kind: 'result', outcome: 'changed' },
      { kind: 'end' },
    ]);
  });
});
