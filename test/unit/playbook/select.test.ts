import { describe, expect, it } from 'vitest';
import { entryName, isSelected, listTags, listTasks, startTask, tasksBefore } from '../../../src/playbook/select.ts';
import { load, tasks } from './harness.ts';

const all = { only: [], skip: [] };

describe('Tags', () => {
  const cases: readonly (readonly [tags: string, only: string, skip: string, runs: boolean])[] = [
    ['', '', '', true],
    ['a', '', '', true],
    ['a', 'a', '', true],
    ['a', 'b', '', false],
    ['a b', 'b', '', true],
    ['', 'a', '', false],
    ['a', '', 'a', false],
    ['a b', 'b', 'a', false],
    ['', '', 'a', true],
    ['always', 'b', '', true],
    ['always a', '', 'a', false],
    ['always', '', 'always', false],
    ['always', 'b', 'all', true],
    ['always', '', 'all always', false],
    ['a', '', 'all', false],
    ['never', '', '', false],
    ['never', 'all', '', false],
    ['never', 'never', '', true],
    ['never a', 'a', '', true],
    ['never a', 'b', '', false],
    ['never a', 'tagged', '', false],
    ['never always', '', '', true],
    ['a', 'all', '', true],
    ['a', 'tagged', '', true],
    ['', 'tagged', '', false],
    ['', 'untagged', '', true],
    ['a', 'untagged', '', false],
    ['a', '', 'tagged', false],
    ['', '', 'tagged', true],
    ['', '', 'untagged', false],
    ['a', '', 'untagged', true],
  ];
  const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

  it.each(cases)('of a task "%s" with --tags "%s" and --skip-tags "%s": %s', (tags, only, skip, runs) => {
    expect(isSelected(words(tags), { only: words(only), skip: words(skip) })).toBe(runs);
  });
});

const text = `
- name: First play
  hosts: web
  tags: base
  roles:
    - a
  tasks:
    - name: One
      command: /bin/one
      tags: [x]
    - command: /bin/two
    - block:
        - name: Three {{ inventory_hostname }}
          command: /bin/three
          tags: never
      rescue:
        - include_tasks: more.yml
- hosts: [db, web]
  tasks:
    - name: One
      command: /bin/one
`;
const { playbooks } = load(text, {
  files: { 'roles/a/tasks/main.yml': '- name: Role task\n  command: /bin/a\n', 'more.yml': '- command: /bin/more\n' },
});
const [site] = playbooks;
if (site === undefined) throw new Error('There is no playbook');

describe('Lists', () => {
  it('show the tasks that are selected, with their roles and tags', () => {
    const listed = listTasks(site, all).map(({ name, tasks: found }) => [
      name,
      found.map((one) => [one.role ?? '', one.name, one.tags.join(' ')]),
    ]);
    expect(listed).toEqual([
      [
        'First play',
        [
          ['a', 'Role task', 'base'],
          ['', 'One', 'base x'],
          ['', 'command', 'base'],
          ['', 'include_tasks more.yml', 'base'],
        ],
      ],
      ['db,web', [['', 'One', '']]],
    ]);
  });

  it('show what a choice leaves', () => {
    expect(listTasks(site, { only: ['never'], skip: [] }).map((one) => one.tasks.map((task) => task.name))).toEqual([
      ['Three {{ inventory_hostname }}'],
      [],
    ]);
    expect(listTags(site, all).map((one) => one.tags)).toEqual([['base', 'x'], []]);
    expect(listTags(site, { only: ['never'], skip: [] }).map((one) => one.tags)).toEqual([['base', 'never'], []]);
  });
});

describe('--start-at-task', () => {
  it('finds a task by its name, with its role, or by a pattern', () => {
    expect(startTask(playbooks, 'Role task')).toBe('site.yml#0/roles/0/main/0');
    expect(startTask(playbooks, 'a : Role task')).toBe('site.yml#0/roles/0/main/0');
    expect(startTask(playbooks, 'Thr*')).toBe('site.yml#0/tasks/2/block/0');
    expect(startTask(playbooks, 'One')).toBe('site.yml#0/tasks/0');
    expect(startTask(playbooks, 'None')).toBeUndefined();
    expect(startTask(playbooks, 'One.')).toBeUndefined();
  });

  it('leaves out what stands before it, and gathers facts in its own play', () => {
    const before = tasksBefore(playbooks, 'Thr*');
    expect(before.has('site.yml#0/tasks/0')).toBe(true);
    expect(before.has('site.yml#0#gather_facts')).toBe(false);
    expect([...before].some((id) => id.startsWith('site.yml#0/tasks/2'))).toBe(false);
    expect(tasksBefore(playbooks, 'None').size).toBe(0);
  });

  it('names what has no name by its module', () => {
    expect(tasks('- command: /bin/true\n- {name: Named, command: /bin/true}\n').map(entryName)).toEqual([
      'command',
      'Named',
    ]);
  });
});
