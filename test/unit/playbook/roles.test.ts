import { describe, expect, it } from 'vitest';
import { type Given, play, plays, said, shown, tasksOf } from './harness.ts';

const lab: Given['files'] = {
  'roles/base/defaults/main.yml': 'base_a: default\nbase_b: default\n',
  'roles/base/vars/main.yml': 'base_c: role\n',
  'roles/base/tasks/main.yml': '- name: Base\n  debug: {msg: "{{ base_a }} {{ app_a }}"}\n',
  'roles/base/handlers/main.yml': '- name: Restart base\n  command: /bin/base\n',
  'roles/app/meta/main.yml':
    'dependencies:\n  - role: base\n    base_a: param\n    tags: [dep]\n    when: wanted is defined\n',
  'roles/app/defaults/main.yml': 'app_a: default\nbase_b: from app\n',
  'roles/app/vars/main.yml': 'app_b: role\nbase_c: from app\n',
  'roles/app/tasks/main.yml': '- name: App\n  debug: {msg: "{{ app_a }} {{ base_c }}"}\n',
  'roles/app/tasks/other.yml': '- name: Other\n  debug: {msg: "{{ app_a }}"}\n',
  'roles/app/handlers/main.yml': '- name: Restart app\n  command: /bin/app\n',
};

const values = (variables: ReadonlyMap<string, { readonly term: Parameters<typeof shown>[0] }>) =>
  Object.fromEntries([...variables].map(([name, { term }]) => [name, shown(term)]));

describe('Roles of a play', () => {
  const one = play(
    `
- hosts: all
  roles:
    - role: app
      app_a: param
      vars: {app_b: use}
      tags: [app]
      become: true
      when: outer is defined
  handlers:
    - name: Own
      command: /bin/own
`,
    { files: lab },
  );
  const [base, app] = tasksOf(one);

  it('run after what they depend on', () => {
    expect(tasksOf(one).map((task) => shown(task.name))).toEqual(['Base', 'App']);
    expect([base?.role?.name, app?.role?.name]).toEqual(['base', 'app']);
    expect(base?.file).toBe('roles/base/tasks/main.yml');
  });

  it('hand their keywords down, through dependencies too', () => {
    expect(base?.keywords.tags).toEqual(['app', 'dep']);
    expect(base?.keywords.when.map((when) => when.text)).toEqual(['outer is defined', 'wanted is defined']);
    expect(app?.keywords.when.map((when) => when.text)).toEqual(['outer is defined']);
    expect(shown(base?.keywords.become)).toBe(true);
  });

  it('see their own defaults over those of dependencies', () => {
    expect(values(app?.role?.defaults ?? new Map())).toEqual({
      base_a: 'default',
      base_b: 'from app',
      app_a: 'default',
    });
    expect(values(base?.role?.defaults ?? new Map())).toEqual({
      app_a: 'default',
      base_a: 'default',
      base_b: 'default',
    });
  });

  it('see their own variables over those of dependencies, and those of their use over all', () => {
    expect(values(app?.role?.vars ?? new Map())).toEqual({ base_c: 'from app', app_b: 'use' });
    expect(values(base?.role?.vars ?? new Map())).toEqual({ app_b: 'use', base_c: 'role' });
  });

  it('have parameters, which dependencies see too', () => {
    expect(values(app?.role?.params ?? new Map())).toEqual({ app_a: 'param' });
    expect(values(base?.role?.params ?? new Map())).toEqual({ app_a: 'param', base_a: 'param' });
    expect(base?.role?.params.get('base_a')).toMatchObject({ level: 'role-param', origin: 'role base' });
  });

  it('bring their handlers, before those of the play', () => {
    expect(one.handlers.map((handler) => [handler.role?.name, shown(handler.name)])).toEqual([
      ['base', 'Restart base'],
      ['app', 'Restart app'],
      [undefined, 'Own'],
    ]);
    expect(app?.role?.handlers.map((handler) => shown(handler.name))).toEqual(['Restart app']);
  });

  it('are seen by the whole play', () => {
    expect(one.roles.map((role) => role.name)).toEqual(['app']);
    expect(
      play('- hosts: all\n  roles: [app]\n  tasks:\n    - debug: {msg: "{{ app_b }} {{ base_a }}"}\n', { files: lab })
        .roles,
    ).toHaveLength(1);
  });

  it('become a block where they roll', () => {
    const [entry] =
      play('- hosts: all\n  roles:\n    - role: base\n      rolling: {batch: 1}\n      app_a: x\n', { files: lab })
        .sections[0]?.entries ?? [];
    expect(entry?.kind).toBe('block');
    if (entry?.kind === 'block') expect(entry.rolling?.batch.map(shown)).toEqual([1n]);
  });
});

describe('The same role twice', () => {
  const files: Given['files'] = {
    'roles/a/tasks/main.yml': '- name: A\n  command: /bin/a\n',
    'roles/b/meta/main.yml': 'dependencies: [a]\n',
    'roles/b/tasks/main.yml': '- name: B\n  command: /bin/b\n',
    'roles/c/meta/main.yml': 'allow_duplicates: true\n',
    'roles/c/tasks/main.yml': '- name: C\n  command: /bin/c\n',
  };
  const names = (roles: string): readonly unknown[] =>
    tasksOf(play(`- hosts: all\n  roles:\n${roles}`, { files })).map((task) => shown(task.name));

  it('runs once', () => {
    expect(names('    - a\n    - a\n    - b\n    - role: a\n')).toEqual(['A', 'B']);
  });

  it('brings its handlers once', () => {
    const text =
      '- hosts: all\n  roles:\n    - app\n    - app\n    - {role: base, tags: [dep], when: wanted is defined, base_a: param}\n';
    const one = play(text, { files: { ...lab, 'roles/base/tasks/main.yml': '- command: /bin/true\n' } });
    expect(one.handlers.map((handler) => shown(handler.name))).toEqual(['Restart base', 'Restart app', 'Restart base']);
  });

  it('runs again with other parameters, tags or conditions', () => {
    expect(names('    - a\n    - {role: a, x: 1}\n    - {role: a, x: 1}\n    - {role: a, x: 2}\n')).toEqual([
      'A',
      'A',
      'A',
    ]);
    expect(names('    - a\n    - {role: a, tags: t}\n    - {role: a, when: x is defined}\n')).toEqual(['A', 'A', 'A']);
  });

  it('is kept where the first one may not run, with one key for both', () => {
    const one = play('- hosts: all\n  roles:\n    - {role: b, when: x is defined}\n    - a\n', { files });
    const [first, , second] = tasksOf(one);
    expect(tasksOf(one).map((task) => shown(task.name))).toEqual(['A', 'B', 'A']);
    expect(first?.role?.key).toBe(second?.role?.key);
  });

  it('runs again where the role allows it', () => {
    expect(names('    - c\n    - c\n')).toEqual(['C', 'C']);
  });
});

describe('A role is found', () => {
  const task = '- command: /bin/true\n';

  it('beside the playbook, in the configured folders, beside the role that names it, as a path', () => {
    const files: Given['files'] = {
      'roles/near/meta/main.yml': 'dependencies: [sibling]\n',
      'roles/near/tasks/main.yml': task,
      'roles/sibling/tasks/main.yml': task,
      'shared/far/meta/main.yml': 'dependencies: [beside_far]\n',
      'shared/far/tasks/main.yml': task,
      'shared/beside_far/tasks/main.yml': task,
      'elsewhere/by_path/tasks/main.yml': task,
      'here/tasks/main.yml': task,
    };
    const one = play('- hosts: all\n  roles: [near, far, elsewhere/by_path, here]\n', {
      files,
      rolesPaths: ['shared'],
    });
    expect(tasksOf(one).map((found) => [found.role?.name, found.role?.path])).toEqual([
      ['sibling', 'roles/sibling'],
      ['near', 'roles/near'],
      ['beside_far', 'shared/beside_far'],
      ['far', 'shared/far'],
      ['elsewhere/by_path', 'elsewhere/by_path'],
      ['here', 'here'],
    ]);
  });

  it('with its files in any of their spellings', () => {
    const files: Given['files'] = {
      'roles/a/tasks/main.yaml': '- debug: {msg: "{{ x }} {{ y }} {{ z }}"}\n',
      'roles/a/defaults/main': 'x: 1\n',
      'roles/a/vars/main/one.yml': 'y: 1\n',
      'roles/a/vars/main/sub/two.yaml': 'z: 1\n',
      'roles/a/vars/main/README.md': '# no variables\n',
    };
    const [found] = tasksOf(play('- hosts: all\n  roles: [a]\n', { files }));
    expect(values(found?.role?.vars ?? new Map())).toEqual({ y: 1n, z: 1n });
    expect(values(found?.role?.defaults ?? new Map())).toEqual({ x: 1n });
  });

  it('without tasks', () => {
    expect(
      plays('- hosts: all\n  roles: [a]\n', { files: { 'roles/a/vars/main.yml': 'x: 1\n' } })[0]?.roles,
    ).toHaveLength(1);
  });
});

describe('import_role', () => {
  const one = play(
    `
- hosts: all
  tasks:
    - name: Import
      import_role:
        name: app
        tasks_from: other
      vars: {app_a: import}
      tags: [imported]
      when: x is defined
      become: true
    - debug: {msg: "{{ app_b }}"}
`,
    { files: lab },
  );

  it('puts the tasks of the file that it names in its place, with its keywords', () => {
    const [base, other] = tasksOf(one);
    expect(shown(base?.name)).toBe('Base');
    expect(shown(other?.name)).toBe('Other');
    expect(other?.keywords.tags).toEqual(['imported']);
    expect(other?.keywords.when.map((when) => when.text)).toEqual(['x is defined']);
    expect(shown(other?.keywords.become)).toBe(true);
    expect(other?.keywords.vars.map((layer) => [layer.get('app_a')?.level, shown(layer.get('app_a')?.term)])).toEqual([
      ['task', 'import'],
    ]);
  });

  it('lets the play see its variables and notify its handlers', () => {
    expect(one.roles.map((role) => role.name)).toEqual(['app']);
    expect(one.handlers.map((handler) => shown(handler.name))).toEqual(['Restart base', 'Restart app']);
  });

  it('runs each time, as Ansible has it', () => {
    const files: Given['files'] = { 'roles/a/tasks/main.yml': '- name: A\n  command: /bin/a\n' };
    const text = '- hosts: all\n  tasks:\n    - import_role: {name: a}\n    - import_role: name=a\n';
    expect(tasksOf(play(text, { files }))).toHaveLength(2);
  });
});

describe('What a role says of its arguments', () => {
  const files: Given['files'] = {
    'roles/a/meta/argument_specs.yml': `
argument_specs:
  main:
    options:
      port: {type: int, required: true}
      mode: {choices: [one, two], default: one}
      servers:
        type: list
        elements: dict
        options:
          name: {required: true}
          weight: {type: int}
`,
    'roles/a/tasks/main.yml': '- command: /bin/true\n',
  };
  const of = (use: string): readonly string[] =>
    said(`- hosts: all\n  roles:\n    - ${use}\n`, {
      files,
      inventory: { hosts: new Map(), groups: new Map(), sources: [] },
    });

  it('is kept with the role', () => {
    const [task] = tasksOf(play('- hosts: all\n  roles:\n    - {role: a, name_of_it: 1}\n', { files }));
    expect(task?.role?.argumentSpec?.options.get('port')).toMatchObject({ type: 'int', required: true });
  });

  it('is demanded', () => {
    expect(of('a')).toEqual([
      'site.yml:3:7 args/missing-parameter: The role "a" needs "port" (Give it as a parameter of the role, or define it in the inventory)',
    ]);
    expect(of('{role: a, vars: {port: 1}}').filter((line) => !line.includes('vars/reserved-name'))).toEqual([]);
  });

  it('is held against what is literal', () => {
    expect(
      of('{role: a, vars: {port: x, mode: tow, servers: [{name: a, weigth: 1}, {weight: "2"}, 3]}}').filter(
        (line) => !line.includes('reserved'),
      ),
    ).toEqual([
      'site.yml:3:30 args/bad-value: "port" of the role "a" expects a whole number',
      'site.yml:3:39 args/bad-value: "mode" of the role "a" expects one of "one", "two", found "tow" (Did you mean "two"?)',
      'site.yml:3:64 args/unknown-parameter: "servers" of the role "a" has no "weigth" (Did you mean "weight"?)',
      'site.yml:3:76 args/missing-parameter: "servers" of the role "a" needs "name" (Add "name: ...")',
      'site.yml:3:91 args/bad-value: Each element of "servers" of the role "a" should be a mapping',
    ]);
    expect(
      of('{role: a, vars: {port: "{{ 1 + 1 }}", mode: "{{ x }}"}}').filter((line) => !line.includes('reserved')),
    ).toEqual([]);
  });
});
