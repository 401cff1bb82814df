import { describe, expect, it } from 'vitest';
import { play, said, shown, task, tasks } from './harness.ts';

const of = (text: string): readonly string[] =>
  said(`- hosts: all\n  tasks:\n    - ${text.replace(/\n/g, '\n      ')}\n`);

describe('A task', () => {
  it('has what it says', () => {
    const one = task(
      `
- name: Try
  command: /bin/try {{ item }}
  loop: [a, b]
  loop_control:
    loop_var: item
    index_var: at
    label: "{{ item }}"
    pause: 0.5
    extended: true
    break_when: item == "b"
  register: tried
  until: tried.rc == 0
  retries: 5
  delay: "{{ 2 }}"
  changed_when: false
  failed_when: [tried.rc > 1, "'x' in tried.stderr"]
  notify: []
  async: 60
  poll: 0
  delegate_to: localhost
  delegate_facts: true
  run_once: true
  check_mode: false
  diff: true
  no_log: true
  timeout: 30
  disrupts: [node, etcd]
`
        .trimStart()
        .concat('\n'),
    );
    expect(one.loop).toMatchObject({ kind: 'loop', control: { loopVar: 'item', indexVar: 'at', extended: true } });
    expect(shown(one.loop?.control.pause)).toBe(0.5);
    expect(one.loop?.control.breakWhen.map((condition) => condition.text)).toEqual(['item == "b"']);
    expect(one.register).toBe('tried');
    expect(one.until.map((condition) => condition.text)).toEqual(['tried.rc == 0']);
    expect([shown(one.retries), shown(one.delay), shown(one.async), shown(one.poll)]).toEqual([5n, '{{ 2 }}', 60n, 0n]);
    expect(one.changedWhen?.map((condition) => condition.text)).toEqual(['false']);
    expect(one.failedWhen).toHaveLength(2);
    expect(one.disrupts).toEqual(['node', 'etcd']);
    expect(shown(one.keywords.delegateTo)).toBe('localhost');
  });

  it('has none of what it leaves empty', () => {
    const one = task(
      '- command: /bin/true\n  become:\n  environment:\n  notify:\n  vars:\n  retries:\n  loop_control:\n',
    );
    expect(one.keywords.become).toBeUndefined();
    expect(one.keywords.environment).toEqual([]);
    expect(one.retries).toBeUndefined();
    expect(one.notify).toEqual([]);
  });

  it('loops in any of the ways of Ansible', () => {
    const kinds = [
      'items',
      'list',
      'dict',
      'fileglob',
      'sequence',
      'subelements',
      'nested',
      'cartesian',
      'together',
      'indexed_items',
      'flattened',
      'first_found',
      'random_choice',
      'lines',
      'env',
      'vars',
    ];
    const all = tasks(kinds.map((kind) => `- command: /bin/true\n  with_${kind}: "{{ x }}"\n`).join(''));
    expect(all.map((one) => one.loop?.kind)).toEqual(kinds.map((kind) => (kind === 'cartesian' ? 'nested' : kind)));
    expect(task('- command: /bin/true\n  with_ansible.builtin.items: [a]\n').loop?.kind).toBe('items');
  });

  it('takes a condition that is one, whatever its YAML type', () => {
    expect(task('- command: /bin/true\n  when: [true, a, 1]\n').keywords.when.map((one) => one.text)).toEqual([
      'true',
      'a',
      '1',
    ]);
  });

  it('takes a condition in braces, with a warning and the right places', () => {
    expect(of('command: /bin/true\nwhen: "{{ a == }}"')).toEqual([
      'site.yml:4:13 warning playbook/templated-condition: when is an expression already, braces are not needed (Write a ==)',
      expect.stringMatching(/^site.yml:4:2[12] expr\//),
    ]);
  });

  it('may be named after its module with any of its names', () => {
    expect(tasks('- ansible.builtin.ping:\n- ansible.legacy.ping:\n- ping:\n').map((one) => one.module.name)).toEqual([
      'ping',
      'ping',
      'ping',
    ]);
  });

  it('says what was probably meant where a keyword is in the way of a module', () => {
    expect(of('name: x\nwhne: a\ncommand: /bin/true')).toEqual([
      'site.yml:4:7 playbook/unknown-keyword: Unknown keyword "whne" of a task (Did you mean "when"?)',
    ]);
    expect(of('name: x\nwhen: a\ncomand: /bin/true\nregistr: y')).toEqual([
      'site.yml:6:7 playbook/unknown-keyword: Unknown keyword "registr" of a task (Did you mean "register"?)',
      'site.yml:5:7 playbook/unknown-module: Unknown module "comand" (Did you mean "command"?)',
    ]);
  });
});

describe('Handlers', () => {
  it('listen, in files too', () => {
    const one = play(
      `
- hosts: all
  handlers:
    - name: One
      command: /bin/one
      listen: [all, "some, with a comma"]
    - import_tasks: handlers/more.yml
    - name: File
      include_tasks: handlers/more.yml
      listen: all
`,
      { files: { 'handlers/more.yml': '- name: More\n  command: /bin/more\n' } },
    );
    expect(one.handlers.map((handler) => [shown(handler.name), handler.listen])).toEqual([
      ['One', ['all', 'some, with a comma']],
      ['More', []],
      ['File', ['all']],
    ]);
  });
});

describe('Blocks', () => {
  it('stay blocks, with their rescue and always', () => {
    const [block] =
      play(`
- hosts: all
  tasks:
    - name: Try
      block:
        - command: /bin/a
      rescue:
        - command: /bin/b
      always:
        - command: /bin/c
        - command: /bin/d
      rolling: {batch: 1}
`).sections[0]?.entries ?? [];
    if (block?.kind !== 'block') throw new Error('This is no block');
    expect([block.entries.length, block.rescue.length, block.always.length]).toEqual([1, 1, 2]);
    expect(block.rolling?.onFailure).toBe('stop');
    expect(shown(block.name)).toBe('Try');
  });
});

describe('Keywords', () => {
  it('of Ansible are all known', () => {
    const names =
      'action any_errors_fatal args async become become_exe become_flags become_method become_user changed_when check_mode ' +
      'collections connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors ' +
      'ignore_unreachable loop loop_control module_defaults name no_log notify poll port register remote_user retries ' +
      'run_once tags throttle timeout until vars when';
    const unknown = names
      .split(' ')
      .flatMap((name) =>
        of(`command: /bin/true\n${name}: "{{ x }}"`).filter((line) => /unknown-keyword|misplaced/.test(line)),
      );
    expect(unknown).toEqual([]);
    const ofPlay =
      'any_errors_fatal become become_exe become_flags become_method become_user check_mode collections connection debugger diff ' +
      'environment fact_path force_handlers gather_facts gather_subset gather_timeout handlers hosts ignore_errors ' +
      'ignore_unreachable max_fail_percentage module_defaults name no_log order port post_tasks pre_tasks remote_user roles ' +
      'run_once serial strategy tags tasks throttle timeout vars vars_files vars_prompt';
    const unknownOfPlay = ofPlay
      .split(' ')
      .flatMap((name) => said(`- ${name}: []\n`).filter((line) => /unknown-keyword|misplaced/.test(line)));
    expect(unknownOfPlay).toEqual([]);
  });
});
