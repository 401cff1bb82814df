import { describe, expect, it } from 'vitest';
import { loadRole, loadTasksFile } from '../../../src/playbook/load-include.ts';
import type { Include } from '../../../src/playbook/tree.ts';
import { firstInclude, type Given, lines, optionsOf, play, said, shown, tasksBelow, tasksOf } from './harness.ts';

const files: Given['files'] = {
  'tasks/more.yml': '- name: More\n  debug: {msg: "{{ a }}"}\n  tags: own\n  when: own is defined\n',
  'roles/app/tasks/main.yml': '- name: App\n  debug: {msg: "{{ app_a }}"}\n- include_tasks: part.yml\n',
  'roles/app/tasks/part.yml': '- command: /bin/part\n',
  'roles/app/tasks/other.yml': '- command: /bin/other\n',
  'roles/app/defaults/main.yml': 'app_a: default\n',
  'roles/app/handlers/main.yml': '- name: Restart app\n  command: /bin/app\n',
};

const text = `
- hosts: all
  tags: [play]
  become: true
  tasks:
    - name: Outer
      when: outer is defined
      tags: [outer]
      vars: {block_var: 1}
      block:
        - name: Include
          include_tasks:
            file: tasks/more.yml
            apply:
              tags: [applied]
              become: false
          vars: {a: include}
          when: included is defined
          tags: [include]
          register: answer
          loop: [1, 2]
          loop_control: {loop_var: round}
`;

function includeOf(source: string): Include {
  const [block] = play(source, { files }).sections[0]?.entries ?? [];
  if (block?.kind === 'include') return block;
  const [include] = block?.kind === 'block' ? block.entries : [];
  if (include?.kind !== 'include') throw new Error('There is no include');
  return include;
}

describe('include_tasks', () => {
  const include = includeOf(text);

  it('has keywords of its own', () => {
    expect(include).toMatchObject({ what: 'tasks', register: 'answer', public: false, baseDir: '.', file: 'site.yml' });
    expect(shown(include.target)).toBe('tasks/more.yml');
    expect(include.keywords.when.map((when) => when.text)).toEqual(['outer is defined', 'included is defined']);
    expect(include.keywords.tags).toEqual(['play', 'outer', 'include']);
    expect(include.loop?.control.loopVar).toBe('round');
  });

  it('hands on what is around it, its variables and what it applies, but not its own condition and tags', () => {
    const loaded = loadTasksFile('tasks/more.yml', include, optionsOf({ files }));
    if (!loaded.ok) throw new Error(lines(loaded.diagnostics).join('\n'));
    const [task] = tasksBelow(loaded.value.entries);
    expect(task?.keywords.when.map((when) => when.text)).toEqual(['outer is defined', 'own is defined']);
    expect(task?.keywords.tags).toEqual(['play', 'outer', 'applied', 'own']);
    expect(shown(task?.keywords.become)).toBe(false);
    expect(task?.keywords.vars.map((layer) => [...layer].map(([name, one]) => [name, one.level]))).toEqual([
      [['block_var', 'block']],
      [['a', 'include-param']],
    ]);
    expect(task?.file).toBe('tasks/more.yml');
    expect(task?.id).toBe('site.yml#0/tasks/0/block/0/tasks/more.yml/0');
  });

  it('hands on variables that were added when it ran, such as those of its loop', () => {
    const layer = new Map([
      [
        'round',
        { term: { kind: 'constant', value: 1n, at: include.at }, level: 'include-param', origin: 'loop' } as const,
      ],
    ]);
    const running = { ...include, keywords: { ...include.keywords, vars: [...include.keywords.vars, layer] } };
    const loaded = loadTasksFile('tasks/more.yml', running, optionsOf({ files }));
    const [task] = loaded.ok ? tasksBelow(loaded.value.entries) : [];
    expect(task?.keywords.vars.at(-1)?.has('round')).toBe(true);
  });

  it('takes a file that was found already', () => {
    const [, part] = play('- hosts: all\n  roles: [app]\n', { files }).sections[0]?.entries ?? [];
    if (part?.kind !== 'include') throw new Error('There is no include');
    expect(loadTasksFile('part.yml', part, optionsOf({ files })).ok).toBe(true);
    expect(loadTasksFile('roles/app/tasks/part.yml', part, optionsOf({ files })).ok).toBe(true);
  });

  it('says what is wrong in the file', () => {
    const loaded = loadTasksFile('tasks/bad.yml', include, optionsOf({ files: { 'tasks/bad.yml': '- coppy: {}\n' } }));
    expect(loaded.ok ? [] : lines(loaded.diagnostics)).toEqual([
      'tasks/bad.yml:1:3 playbook/unknown-module: Unknown module "coppy" (Did you mean "copy"?)',
    ]);
  });

  it('takes few keywords', () => {
    expect(
      said('- hosts: all\n  tasks:\n    - include_tasks: tasks/more.yml\n      become: true\n      notify: x\n', {
        files,
      }).map((line) => line.replace(/ \(.*/, '')),
    ).toEqual([
      'site.yml:4:7 playbook/misplaced-keyword: "become" is no keyword of include_tasks and include_role',
      'site.yml:5:7 playbook/misplaced-keyword: "notify" is no keyword of include_tasks and include_role',
    ]);
  });

  it('is checked beforehand where it names a file literally, even through itself', () => {
    const again = { 'a.yml': '- command: /bin/a\n- include_tasks: a.yml\n  when: again is defined\n- comand: x\n' };
    expect(said('- hosts: all\n  tasks:\n    - include_tasks: a.yml\n', { files: again })).toEqual([
      'a.yml:4:3 playbook/unknown-module: Unknown module "comand" (Did you mean "command"?)',
    ]);
  });
});

describe('include_role', () => {
  const include = includeOf(
    '- hosts: all\n  tasks:\n    - include_role: {name: app, public: true, tasks_from: other.yml}\n      vars: {app_a: given}\n',
  );

  it('brings a role with its tasks and handlers', () => {
    expect(include).toMatchObject({ what: 'role', public: true, allowDuplicates: true });
    const loaded = loadRole('app', include, optionsOf({ files }), { tasks: 'other.yml' });
    if (!loaded.ok) throw new Error(lines(loaded.diagnostics).join('\n'));
    expect(loaded.value.role).toMatchObject({ name: 'app', path: 'roles/app', allowDuplicates: true });
    expect(tasksBelow(loaded.value.entries).map((task) => task.file)).toEqual(['roles/app/tasks/other.yml']);
    expect(loaded.value.handlers.map((handler) => shown(handler.name))).toEqual(['Restart app']);
    expect(shown(loaded.value.role.defaults.get('app_a')?.term)).toBe('default');
  });

  it('says which of its files are missing', () => {
    const loaded = loadRole('app', include, optionsOf({ files }), { tasks: 'othr', vars: 'none' });
    expect(loaded.ok ? [] : lines(loaded.diagnostics).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'playbook/file-not-found: The role "app" has no file "none" in vars/',
      'playbook/file-not-found: The role "app" has no file "othr" in tasks/ (Did you mean "other"?)',
    ]);
  });
});

describe('import_tasks', () => {
  it('puts the tasks in its place, with all its keywords', () => {
    const one = play(
      '- hosts: all\n  tasks:\n    - import_tasks: tasks/more.yml\n      vars: {a: 1}\n      tags: [t]\n      when: w is defined\n      become: true\n      notify: x\n  handlers:\n    - {name: x, command: /bin/x}\n',
      { files },
    );
    const [task] = tasksOf(one);
    expect(task?.keywords.tags).toEqual(['t', 'own']);
    expect(task?.keywords.when.map((when) => when.text)).toEqual(['w is defined', 'own is defined']);
    expect(shown(task?.keywords.become)).toBe(true);
    expect(task?.notify.map(shown)).toEqual(['x']);
    expect(task?.keywords.vars[0]?.get('a')?.level).toBe('task');
    expect(task?.id).toBe('site.yml#0/tasks/0/0');
  });

  it('finds files beside the file that imports them, then beside the playbook', () => {
    const tree = {
      'sub/a.yml': '- import_tasks: b.yml\n- import_tasks: tasks/c.yml\n',
      'sub/b.yml': '- command: /bin/b\n',
      'tasks/c.yml': '- command: /bin/c\n',
      'b.yml': '- command: /bin/other\n',
    };
    const one = play('- hosts: all\n  tasks:\n    - import_tasks: sub/a.yml\n', { files: tree });
    expect(tasksOf(one).map((task) => task.file)).toEqual(['sub/b.yml', 'tasks/c.yml']);
  });
});

describe('An include in the list of a play', () => {
  it('stays there', () => {
    expect(
      firstInclude(play('- hosts: all\n  tasks:\n    - include_tasks: tasks/more.yml\n      vars: {a: 1}\n', { files }))
        .id,
    ).toBe('site.yml#0/tasks/0');
  });
});
