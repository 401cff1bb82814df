import { describe, expect, it } from 'vitest';
import { load, play, plays, said, shown, tasksOf } from './harness.ts';
import { gatherInventory } from './inventory.ts';

describe('A play', () => {
  it('has what it says', () => {
    const one = play(`
- name: Everything
  hosts: [web, "db:&eu"]
  order: sorted
  strategy: ansible.builtin.free
  max_fail_percentage: 30
  gather_facts: false
  force_handlers: true
  connection: ssh
  port: 2222
  remote_user: admin
  collections: [ansible.posix]
  any_errors_fatal: true
  vars: {a: 1}
  rolling:
    batch: [1, "25%"]
    spread: zone
    max_failed: 1
    guard: [etcd_quorum, {api_backends: {margin: 2}}]
    pause: 5s
    on_failure: rollback
  pre_tasks:
    - command: /bin/first
  tasks:
    - command: /bin/second
  post_tasks:
    - command: /bin/third
`);
    expect(one).toMatchObject({
      id: 'site.yml#0',
      baseDir: '.',
    });
    expect([shown(one.order), shown(one.strategy)]).toEqual(['sorted', 'free']);
    expect(shown(one.name)).toBe('Everything');
    expect(shown(one.hosts)).toEqual(['web', 'db:&eu']);
    expect(shown(one.maxFailPercentage)).toBe(30n);
    expect(shown(one.gatherFacts)).toBe(false);
    expect(shown(one.forceHandlers)).toBe(true);
    expect(shown(one.keywords.port)).toBe(2222n);
    expect(one.vars.get('a')).toMatchObject({ level: 'play', origin: 'play' });
    expect(one.sections.map((section) => section.kind)).toEqual(['pre_tasks', 'tasks', 'post_tasks']);
    expect(one.rolling).toMatchObject({ onFailure: 'rollback' });
    expect(one.rolling?.guards.map((guard) => [guard.name, shown(guard.args)])).toEqual([
      ['etcd_quorum', undefined],
      ['api_backends', new Map([['margin', 2n]])],
    ]);
    expect(shown(one.rolling?.pause)).toBe('5s');
  });

  it('has batches by serial or by rolling', () => {
    const one = play('- hosts: all\n  serial: [1, "30%"]\n  tasks: []\n');
    expect(one.serial.map(shown)).toEqual([1n, '30%']);
  });

  it('has the defaults of Ansible where it says nothing', () => {
    const one = play('- hosts: all\n  tasks:\n    - command: /bin/true\n');
    expect(one).toMatchObject({
      order: undefined,
      strategy: undefined,
      forceHandlers: undefined,
      gatherFacts: undefined,
      serial: [],
    });
    expect(one.rolling).toBeUndefined();
    expect(one.maxFailPercentage).toBeUndefined();
  });

  it('gives every task an id of its own, the same for the same text', () => {
    const text = `
- hosts: all
  roles: [one, one_more]
  tasks:
    - import_tasks: part.yml
    - import_tasks: part.yml
    - block:
        - import_tasks: part.yml
      rescue:
        - command: /bin/true
      always:
        - command: /bin/true
  handlers:
    - name: It
      command: /bin/true
- hosts: all
  tasks:
    - import_tasks: part.yml
`;
    const files = {
      'part.yml': '- command: /bin/a\n- command: /bin/b\n',
      'roles/one/tasks/main.yml': '- command: /bin/true\n- import_tasks: more.yml\n',
      'roles/one/tasks/more.yml': '- command: /bin/true\n',
      'roles/one_more/meta/main.yml': 'dependencies: [{role: one, x: 1}]\n',
      'roles/one_more/tasks/main.yml': '- command: /bin/true\n',
    };
    const ids = (): readonly string[] =>
      plays(text, { files }).flatMap((one) => [...tasksOf(one), ...one.handlers].map((task) => task.id));
    expect(new Set(ids()).size).toBe(ids().length);
    expect(ids()).toEqual(ids());
    expect(ids()).toContain('site.yml#0/tasks/0/1');
    expect(ids()).toContain('site.yml#0/tasks/2/rescue/0');
    expect(ids()).toContain('site.yml#1/tasks/0/0');
  });

  it('asks for variables and names their files', () => {
    const one = play(
      `
- hosts: all
  vars_files: [a.yml, [b.yml, "{{ x }}.yml"]]
  vars_prompt:
    - name: secret
      prompt: The secret
      confirm: true
    - {name: plain, private: false, default: "5"}
  tasks:
    - debug: {msg: "{{ from_a }} {{ secret }} {{ plain }}"}
`,
      { files: { 'a.yml': 'from_a: 1\n', 'b.yml': 'b: 1\n' } },
    );
    expect(one.varsFiles.map((file) => file.candidates.map(shown))).toEqual([['a.yml'], ['b.yml', '{{ x }}.yml']]);
    expect(one.varsPrompt).toMatchObject([
      { name: 'secret', private: true, confirm: true },
      { name: 'plain', private: false, confirm: false },
    ]);
  });
});

describe('import_playbook', () => {
  const files = {
    'plays/one.yml': `
- hosts: all
  vars: {a: inner, b: inner}
  tags: inner
  tasks:
    - command: /bin/true
      when: own is defined
- import_playbook: two.yml
`,
    'plays/two.yml': '- hosts: all\n  tasks:\n    - command: /bin/true\n',
  };

  it('puts the plays in its place, with its condition, tags and variables', () => {
    const [first, second] = plays(
      '- import_playbook: plays/one.yml\n  vars: {a: outer}\n  tags: [outer]\n  when: wanted is defined\n',
      { files },
    );
    expect(first?.id).toBe('site.yml#0#0');
    expect(second?.id).toBe('site.yml#0#1#0');
    expect(first?.baseDir).toBe('plays');
    expect(shown(first?.vars.get('a')?.term)).toBe('outer');
    expect(shown(first?.vars.get('b')?.term)).toBe('inner');
    const [task] = first === undefined ? [] : tasksOf(first);
    expect(task?.keywords.tags).toEqual(['outer', 'inner']);
    expect(task?.keywords.when.map((one) => one.text)).toEqual(['wanted is defined', 'own is defined']);
    expect(shown(second?.vars.get('a')?.term)).toBe('outer');
  });

  it('refuses to import itself', () => {
    expect(said('- import_playbook: site.yml\n')).toEqual([
      'site.yml:1:20 playbook/import-cycle: "site.yml" imports itself',
    ]);
  });
});

describe('Reading playbooks', () => {
  it('says that a playbook is not there', () => {
    const { diagnostics } = load('- hosts: all\n  tasks: []\n');
    expect(diagnostics).toEqual([]);
    expect(said('- import_playbook: nowhere.yml\n')).toEqual([
      'site.yml:1:20 playbook/file-not-found: There is no playbook "nowhere.yml"',
    ]);
  });

  it('says nothing of hosts and variables where no inventory is known', () => {
    expect(said('- hosts: nobody\n  tasks:\n    - debug: {msg: "{{ whatever }}"}\n')).toEqual([]);
  });

  it('knows the variables of the hosts of the play, and only those', () => {
    const inventory = gatherInventory(['web', 'db'], { web: 'port_of_web: 1' });
    const text = (hosts: string): string => `- hosts: ${hosts}\n  tasks:\n    - debug: {msg: "{{ port_of_web }}"}\n`;
    expect(said(text('web'), { inventory })).toEqual([]);
    expect(said(text('all'), { inventory })).toEqual([]);
    expect(said(text('db'), { inventory })).toEqual([
      'site.yml:3:24 playbook/undefined-variable: Nothing defines the variable "port_of_web" (Define it in vars, defaults, the inventory or with -e, or read it with "| default(...)")',
    ]);
  });
});
