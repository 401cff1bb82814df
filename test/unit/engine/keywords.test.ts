import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

describe('keywords', () => {
  it('end a loop by break_when, and wait between items', async () => {
    const yaml = tasks(
      '- name: each\n  command: "echo {{ item }}"\n  loop: [a, b, c]\n  register: out\n  loop_control: {break_when: out.stdout == "b", pause: 0.01, index_var: at, label: "item {{ item }}"}',
    );
    const { events, results } = await play(yaml);
    expect(events.flatMap((event) => (event.type === 'item-result' ? [event.label] : []))).toEqual([
      'item a',
      'item b',
    ]);
    expect(results('each')[0]?.result['results']).toMatchObject([{ at: 0 }, { at: 1 }]);
  });

  it('show a loop its own shape with extended', async () => {
    const yaml = tasks(
      '- name: each\n  debug: {msg: "{{ ansible_loop.index }}/{{ ansible_loop.length }} {{ ansible_loop.nextitem | default(0) }}"}\n  loop: [a, b]\n  loop_control: {extended: true}',
    );
    const { results } = await play(yaml);
    expect(results('each')[0]?.result['results']).toMatchObject([{ msg: '1/2 b' }, { msg: '2/2 0' }]);
  });

  it('take async as a limit of time', async () => {
    const { results } = await play(tasks('- name: slow\n  command: sleep 20\n  async: 1\n  poll: 5'));
    expect(results('slow')[0]?.failure).toMatchObject({ reason: 'timeout' });
  });

  it('stop all hosts where a task that runs once fails', async () => {
    const { story } = await play(
      tasks('- name: once\n  command: "false"\n  run_once: true\n- name: after\n  command: "true"'),
      { hosts: 2 },
    );
    expect(story).toEqual(['once: h1 failed']);
  });

  it('let one host in at a time with throttle', async () => {
    const yaml = tasks(
      '- name: alone\n  shell: "mkdir {{ playbook_dir }}/lock && sleep 0.05 && rmdir {{ playbook_dir }}/lock"\n  throttle: 1',
    );
    expect((await play(yaml, { hosts: 3 })).outcome.exitCode).toBe(0);
  });

  it('run handlers that handlers notify', async () => {
    const yaml = tasks(
      '- name: change\n  command: "true"\n  notify: first',
      '  handlers:\n    - name: first\n      command: "true"\n      notify: second\n    - name: second\n      command: "true"\n',
    );
    expect((await play(yaml)).story).toEqual(['change: h1 changed', 'first: h1 changed', 'second: h1 changed']);
  });

  it('end one host, and the play', async () => {
    const yaml = tasks(
      '- meta: end_host\n  when: inventory_hostname == "h1"\n- name: a\n  command: "true"\n- meta: end_play\n- name: b\n  command: "true"',
    );
    expect((await play(yaml, { hosts: 2 })).story).toEqual(['meta: h2 skipped', 'a: h2 changed']);
  });

  it('forgive hosts that failed with clear_host_errors, from the next play on', async () => {
    const yaml = tasks(
      '- name: a\n  command: "test {{ inventory_hostname }} = h1"\n- meta: clear_host_errors\n- name: b\n  command: "true"',
    );
    const { story, outcome } = await play(`${yaml}${tasks('- name: c\n  command: "true"')}`, { hosts: 2 });
    expect(story.filter((one) => one.startsWith('b'))).toEqual(['b: h1 changed']);
    expect(story.filter((one) => one.startsWith('c'))).toHaveLength(2);
    expect(outcome.exitCode).toBe(0);
  });

  it('include a role whose handlers can be notified, and whose variables are public where asked', async () => {
    const yaml = tasks(
      '- include_role: {name: web, public: true}\n- name: use\n  debug: {msg: "{{ web_port }}"}\n  changed_when: true\n  notify: reload web',
    );
    const { story, results } = await play(yaml, {
      files: {
        'roles/web/defaults/main.yml': 'web_port: 80\n',
        'roles/web/tasks/main.yml': '- name: inside\n  command: "true"\n',
        'roles/web/handlers/main.yml': '- name: reload web\n  command: "true"\n',
      },
    });
    expect(story.slice(1)).toEqual(['web : inside: h1 changed', 'use: h1 changed', 'web : reload web: h1 changed']);
    expect(results('use')[0]?.result['msg']).toBe(80);
  });

  it('take hosts in the order asked for, and each through on its own with strategy free', async () => {
    const yaml = tasks(
      '- name: a\n  command: "true"\n- name: b\n  command: "true"',
      '  order: reverse_inventory\n  strategy: free\n',
    );
    const { story } = await play(yaml, { hosts: 2, forks: 1 });
    expect(story).toEqual(['a: h2 changed', 'b: h2 changed', 'a: h1 changed', 'b: h1 changed']);
  });

  it('merge environments, the inner one stronger, and take module defaults below the arguments', async () => {
    const yaml = tasks(
      '- name: env\n  shell: echo $A$B\n  environment: {B: "3"}\n- name: file\n  copy: {content: x, dest: "{{ root }}/f"}\n- name: mode\n  stat: {path: "{{ root }}/f"}',
      '  environment: {A: "1", B: "2"}\n  module_defaults: {copy: {mode: "0600"}}\n',
    );
    const { results } = await play(yaml);
    expect(results('env')[0]?.result['stdout']).toBe('13');
    expect(results('mode')[0]?.result['stat']).toMatchObject({ mode: '0600' });
  });

  it('check and show differences for one task alone', async () => {
    const yaml = tasks(
      '- name: checked\n  copy: {content: x, dest: "{{ root }}/f"}\n  check_mode: true\n- name: shown\n  copy: {content: y, dest: "{{ root }}/g"}\n  diff: true',
    );
    const { dir, results } = await play(yaml);
    expect(results('checked')[0]?.outcome).toBe('changed');
    expect(() => readFileSync(join(dir, 'hosts/h1/f'))).toThrow('ENOENT');
    expect(results('checked')[0]?.diffs).toEqual([]);
    expect(results('shown')[0]?.diffs).toHaveLength(1);
  });

  it('work as the user that the task itself names, in whatever group it stands', async () => {
    const yaml = tasks(
      '- name: one\n  command: id -un\n- name: two\n  command: id -un\n  vars: {ansible_become: true, ansible_become_user: nobody, ansible_become_method: su}',
    );
    const { results } = await play(yaml);
    expect(results('two')[0]?.result['stdout']).not.toBe(results('one')[0]?.result['stdout']);
  });
});

describe('a secret of no_log', () => {
  it('stands in no event, difference or journal record', async () => {
    const yaml = tasks(
      '- name: hidden\n  copy: {content: "{{ item }}", dest: "{{ root }}/f"}\n  loop: [hush-hush]\n  no_log: true\n- name: failing\n  shell: "echo hush-hush >&2; exit 3"\n  no_log: true\n  ignore_errors: true\n- name: refused\n  fail: {msg: hush-hush}\n  no_log: true',
    );
    const { events, journal } = await play(yaml, { diff: true });
    const shown = events.map((event) =>
      JSON.stringify(event, (key, value: unknown) => (key === 'source' ? '' : value)),
    );
    expect(shown.filter((one) => one.includes('hush-hush'))).toEqual([]);
    expect(JSON.stringify(journal)).not.toContain('hush-hush');
  });
});

describe('a run that is stopped', () => {
  it('starts no further task, ends with 130 and tells its end', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    const yaml = tasks('- name: long\n  command: sleep 10\n- name: after\n  command: "true"\n  ignore_errors: true');
    const { story, outcome, events } = await play(yaml, { signal: stop.signal });
    expect(story).toEqual(['long: h1 failed']);
    expect(outcome.exitCode).toBe(130);
    expect(events.at(-1)?.type).toBe('run-end');
  });
});

describe('files of variables', () => {
  it('are read as the loader reads them, so that vaults are opened', async () => {
    const yaml = tasks(
      '- include_vars: more.yml\n- name: both\n  debug: {msg: "{{ one }} {{ two }}"}',
      '  vars_files: [vault.yml]\n',
    );
    const opened = new Map([
      ['vault.yml', 'one: 1\n'],
      ['more.yml', 'two: 2\n'],
    ]);
    const { results } = await play(yaml, {
      files: { 'vault.yml': 'one: sealed\n', 'more.yml': 'two: sealed\n' },
      readFile: (path) => opened.get(path.split('/').at(-1) ?? ''),
    });
    expect(results('both')[0]?.result['msg']).toBe('1 2');
  });
});
