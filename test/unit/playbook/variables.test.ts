import { describe, expect, it } from 'vitest';
import { type Given, indent, said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const inventory = gatherInventory(['web', 'db'], { all: 'site: a\nflag: false\nmode: soft', web: 'web_port: 80' });

/** What is said of these tasks in a play over all hosts. */
function of(text: string, given: Given = {}, play = ''): readonly string[] {
  const source = `- hosts: web\n${play === '' ? '' : indent(play, 2)}  tasks:\n${indent(text.trimStart())}`;
  return said(source, { inventory, ...given }).map((line) => line.replace(/ \([^)]*\)$/, ''));
}

const missing = (name: string) =>
  expect.stringContaining(`playbook/undefined-variable: Nothing defines the variable "${name}"`);
const noField = (owner: string, field: string) =>
  expect.stringContaining(`playbook/unknown-field: "${owner}" has no field "${field}"`);
const debug = (expression: string, rest = ''): string => `- debug: {msg: "{{ ${expression} }}"}\n${rest}`;

describe('A name is defined', () => {
  it.each([
    ['by the inventory', debug('site ~ web_port')],
    ['by a task before', `- command: /bin/a\n  register: r1\n${debug('r1.stdout')}`],
    ['by set_fact before', `- set_fact: {f1: 1}\n${debug('f1')}`],
    [
      'by a task in a block before, though it may have failed',
      `- block:\n    - command: /bin/a\n      register: r1\n  always:\n    ${debug('r1.rc').trim()}\n`,
    ],
    [
      'by the loop',
      '- debug: {msg: "{{ item }} {{ at }} {{ ansible_loop.index }}"}\n  loop: [1]\n  loop_control: {index_var: at, extended: true}\n',
    ],
    [
      'by itself, once it has run',
      '- command: /bin/a\n  register: r1\n  until: r1.rc == 0\n  failed_when: r1.rc > 2\n  changed_when: r1.stdout != ""\n',
    ],
    [
      'by facts',
      debug('ansible_hostname ~ ansible_facts.fqdn ~ ansible_eth0.mtu ~ ansible_ens3.mtu ~ ansible_zfs_pools'),
    ],
    ['by hlb itself', debug('inventory_hostname ~ groups.web ~ hostvars ~ ansible_check_mode ~ playbook_dir ~ omit')],
    ['by its own vars', debug('v1', '  vars: {v1: "{{ v2 }}", v2: 1}\n')],
    [
      'in a template',
      '- debug: {msg: "{% set s = 1 %}{{ s }}{% for x in [1] %}{{ x }}{{ loop.index }}{% endfor %}"}\n',
    ],
    ['by include_vars of a file', `- include_vars: more.yml\n${debug('from_file')}`],
    [
      'by include_vars under a name',
      `- include_vars: {file: more.yml, name: all_of_it}\n${debug('all_of_it.from_file')}`,
    ],
    [
      'by one of the files that a computed name stands for',
      `- include_vars: "by_{{ ansible_os_family }}.yml"\n${debug('of_debian')}`,
    ],
    ['by what an include brings', `- include_tasks: reg.yml\n${debug('from_include.rc')}`],
    [
      'by one of the files that a computed include may bring',
      `- include_tasks: "os_{{ ansible_os_family }}.yml"\n${debug('found_by_os.rc')}`,
    ],
    [
      'by a role whose name is computed',
      `- include_role: {name: "{{ ansible_os_family }}", public: true}\n${debug('whatever')}`,
    ],
    ['by set_fact with a computed name', `- set_fact: {"{{ site }}": 1}\n${debug('whatever')}`],
    ['in the loop of an include, from the second round on', '- include_tasks: again.yml\n  loop: [1, 2]\n'],
  ])('%s', (_, text) => {
    const files = {
      'vars/more.yml': 'from_file: 1\n',
      'vars/by_debian.yml': 'of_debian: 1\n',
      'reg.yml': '- command: /bin/a\n  register: from_include\n',
      'os_debian.yml': '- command: /bin/a\n  register: found_by_os\n',
      'again.yml': '- debug: {msg: "{{ later.rc }} {{ item }}"}\n- command: /bin/a\n  register: later\n',
    };
    expect(of(text, { files })).toEqual([]);
  });

  it('by the play: vars, files, prompts, roles and -e', () => {
    const files = {
      'v.yml': 'in_file: 1\n',
      'roles/r/defaults/main.yml': 'in_role: 1\n',
      'roles/r/tasks/main.yml': '- command: /bin/a\n',
    };
    const play =
      'vars: {in_play: 1}\nvars_files: [v.yml]\nvars_prompt: [{name: asked}]\nroles: [{role: r, in_param: 1}]\n';
    expect(
      of(debug('in_play ~ in_file ~ asked ~ in_role ~ in_param ~ extra'), { files, extraVarNames: ['extra'] }, play),
    ).toEqual([]);
  });

  it('by handlers, which may have run before', () => {
    expect(of(debug('by_handler.rc'), {}, 'handlers: [{name: h, command: /bin/h, register: by_handler}]\n')).toEqual(
      [],
    );
  });

  it('by a play before, of the same run', () => {
    const text =
      '- hosts: web\n  tasks:\n    - command: /bin/a\n      register: r1\n- hosts: web\n  tasks:\n    - debug: {msg: "{{ r1.rc }}"}\n';
    expect(said(text, { inventory })).toEqual([]);
  });
});

describe('A name is not defined', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['by nothing', debug('nothing'), [missing('nothing')]],
    ['by a task that comes later', `${debug('r1.rc')}- command: /bin/a\n  register: r1\n`, [missing('r1')]],
    ['by the inventory of other hosts', debug('db_port'), [missing('db_port')]],
    ['in the list of its own loop', '- debug: {msg: x}\n  loop: "{{ item }}"\n', [missing('item')]],
    ['outside of a loop', debug('item'), [missing('item')]],
    [
      'by a fact of another name',
      debug('ansible_hostnam ~ ansible_facts.os_famly'),
      [missing('ansible_hostnam'), expect.stringContaining('Nothing gathers the fact "os_famly"')],
    ],
    [
      'in when, changed_when, environment, delegate_to and become_user',
      '- command: /bin/a\n  when: n1\n  changed_when: n2\n  environment: {A: "{{ n3 }}"}\n  delegate_to: "{{ n4 }}"\n  become_user: "{{ n5 }}"\n',
      ['n5', 'n3', 'n4', 'n1', 'n2'].map(() => expect.stringContaining('undefined-variable')),
    ],
    [
      'through another variable',
      debug('outer.url', '  vars: {outer: {url: "{{ inner }}", other: "{{ unused }}"}}\n'),
      [missing('inner')],
    ],
    ['in a file of its role', '- import_role: {name: r}\n', [missing('role_lost')]],
    [
      'in a template file',
      '- template: {src: t.j2, dest: /x}\n',
      [expect.stringMatching(/^templates\/t.j2:1:4 .*"lost"/)],
    ],
    ['in what an include brings', '- include_tasks: inc.yml\n', [expect.stringMatching(/^inc.yml:1:20 .*"lost"/)]],
  ])('%s', (_, text, expected) => {
    const files = {
      'roles/r/tasks/main.yml': '- debug: {msg: "{{ role_lost }}"}\n',
      'templates/t.j2': '{{ lost }} {{ template_path }} {{ ansible_managed }}',
      'inc.yml': '- debug: {msg: "{{ lost }}"}\n',
    };
    expect(of(text, { files })).toEqual(expected);
  });

  it('by facts that were never gathered', () => {
    expect(of(debug('ansible_hostname'), {}, 'gather_facts: false\n')).toEqual([missing('ansible_hostname')]);
    expect(of(`- setup:\n${debug('ansible_hostname')}`, {}, 'gather_facts: false\n')).toEqual([]);
  });
});

describe('A name that may be missing', () => {
  it.each([
    ['has a default', debug("lost | default('x')")],
    ['is asked for', '- debug: {msg: "{{ lost }}"}\n  when: lost is defined\n'],
    [
      'is asked for within',
      '- debug: {msg: "{{ lost if lost is defined else 1 }} {% if lost is defined %}{{ lost }}{% endif %}"}\n',
    ],
    ['has a default around a field of it', debug("(lost.a.b) | default('x')")],
  ])('is left alone where it %s', (_, text) => {
    expect(of(text)).toEqual([]);
  });

  it('is left alone on a path that no host takes', () => {
    expect(of(debug('lost', '  when: flag\n'))).toEqual([]);
    expect(of(debug('lost', "  when: mode == 'hard'\n"))).toEqual([]);
    expect(of(debug("lost if mode == 'hard' else site"))).toEqual([]);
    expect(of('- block:\n    - debug: {msg: "{{ lost }}"}\n  when: inventory_hostname in groups.db\n')).toEqual([]);
    expect(of('- include_tasks: inc.yml\n  when: flag\n', { files: { 'inc.yml': debug('lost') } })).toEqual([]);
  });

  it('is missed on a path that a host takes', () => {
    expect(of(debug('lost', '  when: not flag\n'))).toEqual([missing('lost')]);
    expect(of(debug('lost', "  when: inventory_hostname == 'web2'\n"))).toEqual([missing('lost')]);
  });

  it('draws a warning on a path that a host may take, and an error where it was misspelt', () => {
    const asked = '- command: /bin/a\n  register: r1\n';
    expect(of(`${asked}${debug('lost', '  when: r1.rc == 3\n')}`)).toEqual([expect.stringMatching(/warning .*"lost"/)]);
    expect(of(`${asked}${debug('sitee', '  when: r1.rc == 3\n')}`)).toEqual([
      expect.stringMatching(/^site.yml:\d+:\d+ playbook\/undefined-variable: .*"sitee"/),
    ]);
    expect(of(debug('lost', '  when: extra == 1\n'), { extraVarNames: ['extra'] })).toEqual([
      expect.stringMatching(/warning .*"lost"/),
    ]);
  });

  it('only draws a warning in a name, which shows it as it is written', () => {
    expect(of('- name: Do {{ lost }}\n  command: /bin/a\n')).toEqual([expect.stringMatching(/warning .*"lost"/)]);
  });
});

describe('A field', () => {
  const command = '- command: /bin/a\n  register: r\n';
  it.each<[string, string, readonly unknown[]]>([
    ['of a result', `${command}${debug('r.stdot')}`, [noField('r', 'stdot')]],
    ['behind a field that is text', `${command}${debug('r.stdout.foo')}`, [noField('r.stdout', 'foo')]],
    [
      'of the results of a loop',
      `${command.replace('\n  reg', '\n  loop: [1]\n  reg')}${debug('r.stdout')}`,
      [noField('r', 'stdout')],
    ],
    [
      'of an item of a literal list',
      '- debug: {msg: "{{ item.nme }}"}\n  loop: [{name: a}, {name: b}]\n',
      [noField('item', 'nme')],
    ],
    [
      'of an item of results',
      `${command.replace('\n  reg', '\n  loop: [1]\n  reg')}- debug: {msg: "{{ item.stdot }}"}\n  loop: "{{ r.results }}"\n`,
      [noField('item', 'stdot')],
    ],
    ['of a literal variable', debug('v.b', '  vars: {v: {a: 1}}\n'), [noField('v', 'b')]],
    ['of a stat', `- stat: {path: /x}\n  register: r\n${debug('r.stat.exist')}`, [noField('r.stat', 'exist')]],
  ])('%s that is never there is an error', (_, text, expected) => {
    expect(of(text)).toEqual(expected);
  });

  it.each([
    [
      'is there in one of the ways that a result may look',
      `${command}${debug('r.skip_reason')}${debug('r.msg')}${debug('r.stdout_lines[0]')}`,
    ],
    [
      'belongs to another task of the same name',
      `${command}- stat: {path: /x}\n  register: r\n${debug('r.stat.exists')}`,
    ],
    ['may be set by a computed value', `${command}- set_fact: {r: "{{ site }}"}\n${debug('r.anything')}`],
    [
      'is a method',
      debug("v.items() | list ~ v.get('b') ~ w.upper() ~ l.index(1)", '  vars: {v: {a: 1}, w: x, l: [1]}\n'),
    ],
    ['is asked for', debug('(v.b | default(1)) ~ (v.b is defined)', '  vars: {v: {a: 1}}\n')],
    ['is there in one of several definitions', debug('site.x', '  vars: {site: {x: 1}}\n')],
    [
      'is of a loop over what is not known',
      '- debug: {msg: "{{ item.x }}"}\n  loop: "{{ groups.web | map(\'upper\') | list }}"\n',
    ],
    [
      'of a retried task counts its tries',
      `- command: /bin/a\n  register: r\n  until: r.rc == 0\n${debug('r.attempts')}`,
    ],
  ])('is right where it %s', (_, text) => {
    expect(of(text)).toEqual([]);
  });

  it('that a result never has is a warning even where it is asked for', () => {
    expect(of(`${command}${debug("r.stdot | default('')")}`)).toEqual([expect.stringMatching(/warning .*"stdot"/)]);
  });
});

describe('Groups and hosts', () => {
  it('are those of the inventory', () => {
    expect(of(debug("groups.wbe ~ groups['web'] ~ hostvars['web1'].site ~ hostvars.web9.site"))).toEqual([
      expect.stringContaining('unknown-group: The inventory has no group "wbe"'),
      expect.stringContaining('unknown-host: The inventory has no host "web9"'),
    ]);
    expect(of(debug("groups.wbe | default([]) ~ groups.get('x')"))).toEqual([]);
  });

  it('of hosts are looked at part by part', () => {
    const hosts = (pattern: string): readonly string[] =>
      said(`- hosts: ${pattern}\n  tasks: [{command: /bin/a}]\n`, { inventory });
    for (const pattern of [
      'all',
      'web:db',
      'web:&db',
      'web1',
      '"*"',
      '"w*"',
      '~we.',
      'web[0]',
      'web[0:1]',
      'localhost',
      '"{{ groups.web }}"',
      '"{{ ansible_limit | default(\'web\') }}"',
      '[web, db]',
    ])
      expect(hosts(pattern)).toEqual([]);
    expect(hosts('web:dbb')).toEqual([
      'site.yml:1:14 playbook/unknown-host-pattern: No host or group of the inventory is named "dbb" (Did you mean "db"?)',
    ]);
    // A pattern that is computed of the inventory is known too.
    expect(hosts("\"wbe{{ ':db' if 'db' in groups else '' }}\"")).toEqual([
      'site.yml:1:11 playbook/unknown-host-pattern: No host or group of the inventory is named "wbe" (Did you mean "web"?)',
    ]);
  });

  it('a host that a task is delegated to is nearly another', () => {
    expect(of('- ping: {}\n  delegate_to: localost\n- ping: {}\n  delegate_to: bastion.example.com\n')).toEqual([
      'site.yml:4:20 warning playbook/unknown-host: The inventory has no host "localost", and there is one with nearly the same name',
    ]);
  });
});

describe('What a play says of itself', () => {
  const ofPlay = (text: string): readonly string[] =>
    said(`- hosts: ${text}\n  vars: {own: web}\n  tasks: [{command: /bin/a}]\n`, { inventory });

  it('reads its own variables', () => {
    expect(
      ofPlay('"{{ own }}"\n  gather_facts: "{{ own == playbook_dir }}"\n  serial: "{{ groups.all | length }}"'),
    ).toEqual([]);
  });

  it('reads none of the inventory, which belong to hosts that it does not have yet', () => {
    expect(ofPlay('all\n  gather_facts: "{{ flag }}"\n  force_handlers: "{{ fla }}"\n  serial: ["{{ owm }}"]')).toEqual(
      [
        expect.stringContaining('"flag" is a variable of hosts, and a play reads this before it has any'),
        expect.stringContaining('Nothing defines the variable "fla" for what a play says of itself'),
        expect.stringContaining('Did you mean "own"?'),
      ],
    );
  });
});

describe('Conditions and loops', () => {
  it('that are the same whatever happens are errors', () => {
    expect(of('- command: /bin/a\n  register: r\n- command: /bin/b\n  when: r\n')).toEqual([
      expect.stringContaining('constant-condition'),
    ]);
    expect(of('- command: /bin/a\n  register: r\n- command: /bin/b\n  when: r.rc\n')).toEqual([
      expect.stringContaining('warning playbook/no-boolean'),
    ]);
  });

  it('over what is no list are errors', () => {
    const command = '- command: /bin/a\n  register: r\n';
    expect(of(`${command}- debug: {msg: x}\n  loop: "{{ r }}"\n`)).toEqual([expect.stringContaining('loop-not-list')]);
    expect(of(`${command}- debug: {msg: x}\n  loop: "{{ r.stdout_lines }}"\n`)).toEqual([]);
    expect(of(`${command}- debug: {msg: x}\n  with_items: "{{ r.stdout }}"\n`)).toEqual([]);
  });
});
