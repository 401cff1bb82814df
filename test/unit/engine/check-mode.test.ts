import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlays, tasks } from '../../rig/plays.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

/** The first task of every play here: a command, of which check mode can know nothing but its name. */
const asks = '- name: ask\n  command: echo 1.2.3\n  register: said\n';
const check = { check: true } as const;

describe('check mode, behind a command that did not run', () => {
  it.each([
    ['an argument', 'copy: {content: "{{ said.stdout }}", dest: "{{ root }}/f"}'],
    ['a condition', 'command: "true"\n  when: said.rc == 0'],
    ['a condition on "is changed"', 'command: "true"\n  when: said is changed'],
    ['a loop', 'command: "echo {{ item }}"\n  loop: "{{ said.stdout_lines }}"'],
    ['an item of a loop', 'command: "echo {{ item }}"\n  loop: [a, "{{ said.stdout }}"]'],
    ['a part with a default', 'debug: {msg: "{{ said.stdout | default(\'\') }}"}'],
    ['a part that is asked about', 'debug: {msg: x}\n  when: said.stdout is defined'],
    ['the whole result', 'debug: {var: said}'],
    ['the environment', 'command: "true"\n  environment: {VERSION: "{{ said.stdout }}"}'],
    ['the user', 'command: "true"\n  become: true\n  become_user: "{{ said.stdout }}"'],
    ['where it is delegated to', 'command: "true"\n  delegate_to: "{{ said.stdout }}"'],
    ['a variable made of it', 'debug: {msg: "{{ version }}"}\n  vars: {version: "v{{ said.stdout }}"}'],
    ['another host that read it', 'debug: {msg: "{{ hostvars[\'h1\'].said.stdout }}"}'],
    ['an assertion', 'assert: {that: said.rc == 0}'],
    ['a failure on purpose', 'fail: {msg: no}\n  when: said.rc != 0'],
    ['a lenient lookup', "debug: {msg: \"{{ lookup('vars', 'said', errors='ignore') }}\"}"],
  ])('%s makes the task unknown, and says what it depends on', async (_, body) => {
    const run = await play(tasks(`${asks}- name: use\n  ${body}`), check);
    expect(run.story).toEqual(['ask: h1 unknown', 'use: h1 unknown']);
    expect(run.results('use')[0]?.note).toMatch(/^It depends on task "ask" \(.*site\.yml:4:/);
    expect(run.outcome.hosts['h1']).toMatchObject({ unknown: 2, failed: 0, changed: 0 });
  });

  it.each([
    ['that there is a result', 'said is defined', 'ok'],
    ['that it was not skipped', 'said is skipped', 'skipped'],
    ['that it did not fail, or nothing would come after it', 'said is failed', 'skipped'],
    ['what was run', "said.cmd == ['echo', '1.2.3']", 'ok'],
    ['what other conditions rule out', 'false and said.rc == 0', 'skipped'],
    ['a condition behind it that does not hold', '[said.rc == 0, false]', 'skipped'],
  ])('knows %s', async (_, when, outcome) => {
    const run = await play(tasks(`${asks}- name: use\n  debug: {msg: x}\n  when: ${when}`), check);
    expect(run.story).toEqual(['ask: h1 unknown', `use: h1 ${outcome}`]);
  });

  it('cannot know whether a task failed that is allowed to', async () => {
    const yaml = tasks(`${asks}  ignore_errors: true\n- name: use\n  debug: {msg: x}\n  when: said is failed`);
    expect((await play(yaml, check)).story).toEqual(['ask: h1 unknown', 'use: h1 unknown']);
  });

  it('takes "changed_when: false" at its word: files are as they were, what was printed is not known', async () => {
    const yaml = tasks(
      `${asks}  changed_when: false\n- name: file\n  stat: {path: "{{ root }}"}\n- meta: flush_handlers\n- name: file again\n  stat: {path: "{{ root }}/x"}\n- name: changed\n  debug: {msg: x}\n  when: said is changed\n- name: use\n  debug: {msg: "{{ said.stdout }}"}`,
    );
    expect((await play(yaml, check)).story).toEqual([
      'ask: h1 ok',
      'file: h1 ok',
      'file again: h1 ok',
      'changed: h1 skipped',
      'use: h1 unknown',
    ]);
  });

  it('does not judge what it cannot see', async () => {
    const yaml = tasks(
      '- name: judged\n  command: echo x\n  register: said\n  changed_when: said.stdout == "x"\n  failed_when: said.rc != 0\n- name: tried\n  command: echo x\n  register: said\n  until: said.rc == 0\n  retries: 3',
    );
    const { story } = await play(yaml, check);
    expect(story).toEqual(['judged: h1 unknown', 'tried: h1 unknown']);
  });

  it('carries it on through set_fact', async () => {
    const yaml = tasks(
      `${asks}- name: keep\n  set_fact: {version: "v{{ said.stdout }}"}\n- name: use\n  debug: {msg: "{{ version }}"}\n- name: other\n  debug: {msg: x}`,
    );
    const run = await play(yaml, check);
    expect(run.story).toEqual(['ask: h1 unknown', 'keep: h1 unknown', 'use: h1 unknown', 'other: h1 ok']);
    expect(run.results('use')[0]?.note).toContain('"ask"');
  });

  it('does not take a file for as it was where an unknown task may have written it', async () => {
    const yaml = tasks(
      '- name: quiet\n  command: echo x\n  changed_when: false\n  register: said\n- name: write\n  copy: {content: "{{ said.stdout }}", dest: "{{ root }}/f"}\n- name: look\n  stat: {path: "{{ root }}/f"}',
    );
    const run = await play(yaml, check);
    expect(run.story).toEqual(['quiet: h1 ok', 'write: h1 unknown', 'look: h1 unknown']);
    expect(run.results('look')[0]?.note).toContain('"write"');
  });

  it('shows a handler that may be notified as unknown, once, and one that is notified for certain as itself', async () => {
    const yaml = tasks(
      `${asks}  changed_when: false\n- name: perhaps\n  copy: {content: "{{ said.stdout }}", dest: "{{ root }}/f"}\n  notify: [one, two]\n- name: certain\n  debug: {msg: x}\n  changed_when: true\n  notify: two`,
      '  handlers:\n    - {name: one, debug: {msg: x}}\n    - {name: two, debug: {msg: x}}\n',
    );
    expect((await play(yaml, check)).story).toEqual([
      'ask: h1 ok',
      'perhaps: h1 unknown',
      'certain: h1 changed',
      'one: h1 unknown',
      'two: h1 ok',
    ]);
  });

  it('goes into what may be included, and doubts every task there and none after it', async () => {
    const yaml = tasks(
      `${asks}  changed_when: false\n- name: include\n  include_tasks: more.yml\n  when: said.rc == 0\n- name: after\n  debug: {msg: x}\n- name: inner\n  debug: {msg: "{{ more.msg }}"}`,
    );
    const files = { 'more.yml': '- name: more\n  debug: {msg: x}\n  register: more\n' };
    expect((await play(yaml, { ...check, files })).story).toEqual([
      'ask: h1 ok',
      'include: h1 unknown',
      'more: h1 unknown',
      'after: h1 ok',
      'inner: h1 unknown',
    ]);
  });

  it('doubts all that follows where the play may end, and nothing of the play after it', async () => {
    const yaml = `${tasks(
      `${asks}  changed_when: false\n- meta: end_host\n  when: said.rc == 0\n- name: after\n  debug: {msg: x}\n- name: never\n  debug: {msg: x}\n  when: false`,
    )}\n${tasks('- name: next play\n  debug: {msg: x}')}`;
    expect((await play(yaml, check)).story).toEqual([
      'ask: h1 ok',
      'after: h1 unknown',
      'never: h1 skipped',
      'next play: h1 ok',
    ]);
  });

  it('knows the items of a loop that it can foresee', async () => {
    const yaml = tasks(
      '- name: write\n  copy: {content: x, dest: "{{ root }}/{{ item }}"}\n  loop: [a, b]\n  register: written\n- name: use\n  debug: {msg: "{{ item.dest }}"}\n  loop: "{{ written.results }}"\n  when: item is changed',
    );
    const run = await play(yaml, check);
    expect(run.story[0]).toBe('write: h1 changed');
  });

  it('cannot know what a change would have shown', async () => {
    const yaml = tasks(
      '- name: write\n  copy: {content: x, dest: "{{ root }}/a", backup: true}\n  register: written\n- name: known\n  debug: {msg: "{{ written.dest }} {{ written.changed }}"}\n- name: unknown\n  debug: {msg: "{{ written.backup_file }}"}',
    );
    const run = await play(yaml, check);
    expect(run.story).toEqual(['write: h1 changed', 'known: h1 ok', 'unknown: h1 unknown']);
  });

  it('tells apart what was planned for one host from what is delegated to another', async () => {
    const yaml = `- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: there\n      copy: {content: x, dest: "{{ root }}/f"}\n      delegate_to: h2\n    - name: here\n      copy: {content: x, dest: "{{ root }}/f"}\n`;
    expect((await play(yaml, { ...check, hosts: 2 })).story).toEqual(['there: h1 changed', 'here: h1 changed']);
  });
});

describe('a task in check mode amid a real run', () => {
  it('makes the task that needs its result fail with what to do', async () => {
    const yaml = tasks(
      `${asks}  check_mode: true\n- name: use\n  copy: {content: "{{ said.stdout }}", dest: "{{ root }}/f"}`,
    );
    const run = await play(yaml);
    expect(run.story).toEqual(['ask: h1 unknown', 'use: h1 failed']);
    expect(run.results('use')[0]?.failure).toMatchObject({
      reason: 'not-known',
      help: expect.stringContaining('check_mode: false'),
    });
    expect(existsSync(join(run.dir, 'hosts/h1/f'))).toBe(false);
  });
});
