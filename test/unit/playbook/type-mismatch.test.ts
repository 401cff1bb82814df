import { describe, expect, it } from 'vitest';
import { type Given, indent, said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const inventory = gatherInventory(['web', 'db'], {
  all: 'port: 8080\nname: web\nhosts_list: [a, b, c]\nusers: {ann: {uid: 1}}\nflags: [{x: 1}]',
  web: 'mixed: 80',
  db: 'mixed: eighty',
});

/** What is said of these tasks in a play over web, without the help. */
function of(text: string, given: Given = {}): readonly string[] {
  const source = `- hosts: web\n  tasks:\n${indent(text.trimStart())}`;
  return said(source, { inventory, ...given }).map((line) => line.replace(/ \([A-Z].*\)$/, '').replace(/^\S+ /, ''));
}

const debug = (expression: string, rest = ''): string => `- debug:\n    msg: >-\n      {{ ${expression} }}\n${rest}`;
const run = '- command: /bin/a\n  register: r\n';
const runEach = '- command: /bin/a\n  register: r\n  loop: [1, 2]\n';

describe('What no value could do is an error', () => {
  it.each([
    [debug("'text' + 1"), 'playbook/type-mismatch: "+" is not supported between str and int'],
    [debug("'a' - 1"), 'playbook/type-mismatch: "-" is not supported between str and int'],
    [debug("[1] + 'x'"), 'playbook/type-mismatch: "+" is not supported between list and str'],
    [debug('{} | combine([1])'), 'playbook/type-mismatch: The filter "combine" merges mappings, not a whole number'],
    [debug("'%d' % 'x'"), expect.stringContaining('playbook/type-mismatch: ')],
    [
      debug("'http://localhost:' + port"),
      'playbook/type-mismatch: "+" is not supported between text and a whole number',
    ],
    [debug('name + port'), 'playbook/type-mismatch: "+" is not supported between text and a whole number'],
    [debug("hosts_list + 'd'"), 'playbook/type-mismatch: "+" is not supported between a list and text'],
    [debug('users + users'), 'playbook/type-mismatch: "+" is not supported between a mapping and a mapping'],
    [
      debug('users | combine(port)'),
      'playbook/type-mismatch: The filter "combine" merges mappings, not a whole number',
    ],
    [debug('hosts_list | dict2items'), 'playbook/type-mismatch: The filter "dict2items" cannot take a list'],
    [debug('port | length'), 'playbook/type-mismatch: The filter "length" cannot take a whole number'],
    [debug('hosts_list[5]'), 'playbook/unknown-field: "hosts_list" has no field "5"'],
    [
      debug('merged.c', '  vars: {merged: "{{ flags[0] | combine(users) }}"}\n'),
      'playbook/unknown-field: "merged" has no field "c"',
    ],
    [debug('flags[0].y'), 'playbook/unknown-field: "flags.0" has no field "y"'],
    [`${runEach}${debug('r.results[0].stdot')}`, 'playbook/unknown-field: "r.results.0" has no field "stdot"'],
    [`${runEach}${debug('r.results[-1].stdot')}`, 'playbook/unknown-field: "r.results.-1" has no field "stdot"'],
    [
      `${run}- command: /bin/b\n  when: r.stdout > 5\n`,
      'playbook/type-mismatch: ">" is not supported between text and a whole number',
    ],
    [
      `${run}- command: /bin/b\n  when: r.rc < "2"\n`,
      expect.stringContaining('playbook/type-mismatch: "<" is not supported between a whole number'),
    ],
    [
      `${run}- command: /bin/b\n  until: r.stdout >= 3\n`,
      'playbook/type-mismatch: ">=" is not supported between text and a whole number',
    ],
    [
      `${run}- command: /bin/b\n  when: 1 in r.stdout\n`,
      expect.stringContaining('playbook/type-mismatch: "in" is not'),
    ],
    [debug("name | regex_replace('^w(e)b$', '\\2')"), 'expr/constant-regex: The pattern has no group "2"'],
    [debug("name | regex_search('^w(e)b$', '\\g<one>')"), 'expr/constant-regex: The pattern has no group "one"'],
    [
      '- debug: {}\n  with_dict: "{{ hosts_list }}"\n',
      'playbook/loop-not-list: with_dict expects a mapping, and this is a list',
    ],
    [
      '- debug: {}\n  with_dict: "{{ name }}"\n',
      'playbook/loop-not-list: with_dict expects a mapping, and this is text',
    ],
    [
      debug('url', '  vars: {url: "http://{{ name }}:{{ name + port }}/"}\n'),
      'playbook/type-mismatch: "+" is not supported between text and a whole number',
    ],
  ])('%s', (text, expected) => {
    expect(of(text)).toEqual([expected]);
  });

  it('in a template file', () => {
    const files = { 'templates/a.j2': 'one\nport = {{ "x" + port }}\n' };
    expect(
      said(`- hosts: web\n  tasks:\n    - template: {src: a.j2, dest: /a, mode: "0644"}\n`, { inventory, files }),
    ).toEqual([
      'templates/a.j2:2:11 playbook/type-mismatch: "+" is not supported between text and a whole number (Join with "~", which turns both into text)',
    ]);
  });
});

describe('What some value could do is none', () => {
  it.each([
    debug("'text' ~ 1"),
    debug("'a' * port"),
    debug("'%s:%d' % (name, port)"),
    debug("'%s' % port"),
    debug('port + 1.5 - true'),
    debug("name + (port | string) + ':' + port | string"),
    debug('hosts_list + [name] | list'),
    debug('users | combine({"a": 1}, flags[0])'),
    debug('users | combine(flags)'),
    debug('merged.ann.uid ~ merged.x', '  vars: {merged: "{{ flags[0] | combine(users, recursive=true) }}"}\n'),
    debug('{} | combine([{"a": 1}])'),
    debug('hosts_list[2] ~ hosts_list[-3] ~ hosts_list.0'),
    debug("(hosts_list[5] | default('none'))"),
    debug('(hosts_list | select | list)[7] | default("")'),
    debug('port | default([]) | string | length'),
    `${run}- command: /bin/b\n  when: r.stdout | int > 5 and r.stdout > "3"\n`,
    `${run}- command: /bin/b\n  when: "'a' in r.stdout and r.rc in [0, 1] and 'x' in r.stdout_lines"\n`,
    `${runEach}${debug('r.results[0].stdout ~ r.results[1].item ~ r.results | length')}`,
    // What is set while the play runs may be anything.
    `- set_fact: {port: "{{ port | string }}"}\n${debug('"a" + port')}`,
    `- include_vars: {dir: more}\n${debug('"a" + port')}`,
    debug('"a" + later', '  vars: {later: "{{ name }}"}\n'),
    // What a template changes in place is no longer as it was written.
    `- debug:\n    msg: "{% set _ = hosts_list.append('d') %}{{ hosts_list[3] }}{% do users.ann.update({'shell': 'x'}) %}{{ users.ann.shell }}"\n`,
    `- debug: {msg: "{{ item.key + 1 }}"}\n  loop: "{{ {1: 'a'} | dict2items }}"\n`,
    '- debug: {}\n  with_dict: "{{ users }}"\n',
    '- debug: {}\n  with_dict: [{a: 1}, {b: 2}]\n',
    '- debug: {}\n  with_dict: "{{ users | combine({}) }}"\n',
    debug("name | regex_replace('^w(?P<v>e)b$', '\\g<v>\\1\\g<0>')"),
  ])('%s', (text) => {
    expect(of(text, { files: { 'more/a.yml': 'port: many\n' } })).toEqual([]);
  });

  it('a branch that may not be taken is worth a warning, and none where it asks for the type', () => {
    expect(of(debug("'x' + port if r is defined else ''", '  vars: {r: "{{ name }}"}\n'))).toEqual([
      'warning playbook/type-mismatch: "+" is not supported between text and a whole number',
    ]);
    expect(of(debug("'x' + port if port is string else 'x' ~ port"))).toEqual([]);
    expect(
      of(debug("flags | map(attribute='y') | list if r is defined else []", '  vars: {r: "{{ name }}"}\n')),
    ).toEqual(['warning playbook/unknown-field: Elements of this list have no field "y"']);
    expect(of(debug("'x' + port", '  when: port is string\n'))).toEqual([]);
  });

  it('a value of another type on one host of the play, or given by -e', () => {
    const play = `- hosts: all\n  tasks:\n    - debug: {msg: "{{ 'a' + mixed }}"}`;
    expect(said(play, { inventory })).toEqual([]);
    expect(of(debug("'a' + port"), { extraVarNames: ['port'] })).toEqual([]);
  });
});
