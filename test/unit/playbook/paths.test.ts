import { describe, expect, it } from 'vitest';
import { type Given, indent, said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const inventory = gatherInventory(['web', 'db'], {
  all: 'placement: pod\nsettings: {port: 80}',
  db: 'placement: service',
});

/** What is said of these tasks in a play, without the help. */
function of(text: string, given: Given = {}, hosts = 'web'): readonly string[] {
  const source = `- hosts: ${hosts}\n  tasks:\n${indent(text.trimStart())}`;
  return said(source, { inventory, ...given }).map((line) => line.replace(/ \([^)]*\)$/, ''));
}

describe('An include whose name is computed', () => {
  const files = {
    'pod.yml': '- debug: {msg: "{{ lost }}"}\n- command: /bin/a\n  register: by_pod\n',
    'service.yml': '- debug: {msg: "{{ gone }}"}\n- command: /bin/a\n  register: by_service\n  notfy: x\n',
    'other.yml': '- debug: {msg: "{{ third }}"}\n- coppy: {}\n',
  };
  const computed = '- include_tasks: "{{ placement }}.yml"\n';

  it('is followed where the inventory says what it is', () => {
    expect(of(computed, { files })).toEqual([expect.stringMatching(/^pod.yml:1:20 .*"lost"/)]);
    expect(of(computed, { files }, 'db')).toEqual([
      expect.stringMatching(/^service.yml:4:3 playbook\/unknown-keyword/),
      expect.stringMatching(/^service.yml:1:20 .*"gone"/),
    ]);
    expect(of(computed, { files }, 'all').map((line) => line.slice(0, 16))).toEqual([
      'service.yml:4:3 ',
      'pod.yml:1:20 pla',
      'service.yml:1:20',
    ]);
  });

  it('says what is wrong in all files that it may be as a warning, where it is only known when it runs', () => {
    const asked =
      '- command: /bin/which\n  register: which\n- include_tasks: "{{ which.stdout }}.yml"\n- debug: {msg: "{{ by_pod.rc }} {{ by_service.rc }} {{ nowhere }}"}\n';
    const said = of(asked.replace('{{ which', 'parts/{{ which'), {
      files: {
        'parts/pod.yml': files['pod.yml'],
        'parts/service.yml': files['service.yml'],
        'parts/other.yml': files['other.yml'],
      },
    });
    expect(said).toEqual([
      expect.stringMatching(/^parts\/other.yml:2:3 warning playbook\/unknown-module/),
      expect.stringMatching(/^parts\/service.yml:4:3 warning playbook\/unknown-keyword/),
      expect.stringMatching(/"nowhere"/),
    ]);
  });

  it('is followed into the branches that a condition chooses between', () => {
    const branch = `- include_tasks: "{{ 'pod.yml' if placement == 'pod' else 'service.yml' }}"\n- debug: {msg: "{{ by_pod.rc }} {{ by_service.rc }}"}\n`;
    expect(of(branch, { files })).toEqual([
      expect.stringMatching(/^service.yml:4:3 playbook\/unknown-keyword/),
      expect.stringMatching(/^pod.yml:1:20 .*"lost"/),
    ]);
  });
});

describe('Files of variables whose names are computed', () => {
  const files = { 'vars/Debian.yml': 'package: x\n', 'vars/default.yml': 'package: y\n' };

  it('define what any of them defines', () => {
    const loop =
      '- include_vars: "{{ item }}"\n  with_first_found:\n    - files: ["{{ ansible_os_family }}.yml", default.yml]\n      paths: [vars]\n- debug: {msg: "{{ package }} {{ packag }}"}\n';
    expect(of(loop, { files })).toEqual([expect.stringContaining('"packag"')]);
  });
});

describe('Slips of the pen', () => {
  it('are worth a warning even where a default stands', () => {
    expect(of('- debug: {msg: "{{ setings.port | default(1) }} {{ optional | default(2) }}"}\n')).toEqual([
      expect.stringMatching(/warning .*"setings", and there is one with nearly the same name/),
    ]);
  });

  it('are worth a warning on a path that no host takes', () => {
    expect(of('- debug: {msg: "{{ setings.port }} {{ absent }}"}\n  when: placement == \'service\'\n')).toEqual([
      expect.stringMatching(/warning .*"setings"/),
    ]);
  });

  it('are worth a warning in a field of what may have any field', () => {
    expect(of('- debug: {msg: hi}\n  register: d\n- debug: {msg: "{{ d.chnged }} {{ d.anything }}"}\n')).toEqual([
      expect.stringMatching(/warning playbook\/unknown-field: "d" is not known to have a field "chnged"/),
    ]);
  });

  it('are worth a warning in the keywords of a role, which would become parameters', () => {
    const files = { 'roles/r/tasks/main.yml': '- command: /bin/a\n' };
    expect(
      said('- hosts: web\n  roles:\n    - {role: r, wen: true, tgas: [a], other: 1}\n', { inventory, files }),
    ).toEqual([
      'site.yml:3:17 warning playbook/unknown-keyword: "wen" is no keyword, so that it becomes a parameter of the role "r" (Did you mean "when"?)',
      'site.yml:3:28 warning playbook/unknown-keyword: "tgas" is no keyword, so that it becomes a parameter of the role "r" (Did you mean "tags"?)',
    ]);
  });
});

describe('Types go through', () => {
  const stat = '- stat: {path: /x}\n  loop: [a, b]\n  register: s\n';
  const noField = (field: string) => expect.stringContaining(`no field "${field}"`);

  it.each<[string, string, readonly unknown[]]>([
    ['selectattr', `${stat}- debug: {msg: "{{ s.results | selectattr('stat.exist') | list }}"}\n`, [noField('exist')]],
    ['map', `${stat}- debug: {msg: "{{ s.results | map(attribute='stat.sise') | list }}"}\n`, [noField('sise')]],
    [
      'rejectattr and loop',
      `${stat}- debug: {msg: "{{ item.stat.exist }}"}\n  loop: "{{ s.results | rejectattr('skipped', 'defined') | list }}"\n`,
      [noField('exist')],
    ],
    [
      'dict2items',
      '- debug: {msg: "{{ item.keyy }} {{ item.value }}"}\n  loop: "{{ settings | dict2items }}"\n',
      [noField('keyy')],
    ],
    ['another name', '- debug: {msg: "{{ other.prot }}"}\n  vars: {other: "{{ settings }}"}\n', [noField('prot')]],
    [
      'what is right',
      `${stat}- debug: {msg: "{{ s.results | selectattr('stat.exists') | map(attribute='item') | first }}"}\n  loop: "{{ settings | dict2items | sort(attribute='key') }}"\n`,
      [],
    ],
    [
      'what is not known',
      '- debug: {msg: "{{ item.a.b }}"}\n  loop: "{{ settings | json_query(\'x\') | selectattr(\'y.z\') }}"\n',
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(of(text).filter((line) => !line.includes('unknown-filter'))).toEqual(expected);
  });
});

describe('Files that lookups name', () => {
  it('must be there, and templates among them are checked', () => {
    const files = { 'files/a.txt': 'a', 'templates/t.j2': '{{ lost }}' };
    const text = `- debug: {msg: "{{ lookup('file', 'a.txt') }} {{ lookup('file', 'b.txt') }} {{ lookup('template', 't.j2') }} {{ lookup('file', 'c.txt', errors='ignore') }}"}\n`;
    expect(of(text, { files })).toEqual([
      'site.yml:3:70 playbook/file-not-found: There is no file "b.txt" in files/ or beside the playbook',
      expect.stringMatching(/^templates\/t.j2:1:4 .*"lost"/),
    ]);
  });
});

describe('Templates', () => {
  it('are checked with those that they include', () => {
    const files = {
      'templates/a.j2':
        "{% set mine = 1 %}{% include 'b.j2' %}{% import 'c.j2' as c %}{% include 'd.j2' ignore missing %}{{ c.m(1) }}",
      'templates/b.j2': '{{ mine }} {{ setings }}',
      'templates/c.j2': '{% macro m(x) %}{{ x }} {{ seettings }}{% endmacro %}',
    };
    expect(of('- template: {src: a.j2, dest: /x}\n', { files })).toEqual([
      expect.stringMatching(/^templates\/b.j2:1:\d+ playbook\/undefined-variable.*"setings"/),
      expect.stringMatching(/^templates\/c.j2:1:\d+ playbook\/undefined-variable.*"seettings"/),
    ]);
  });

  it('are found for every item of a written loop', () => {
    const files = { 'templates/a.j2': '', 'templates/sub/b.j2': '' };
    const text =
      '- template: {src: "{{ item.src }}", dest: "/x/{{ item.src | basename }}"}\n  loop: [{src: a.j2}, {src: sub/b.j2}, {src: sub/c.j2}]\n';
    expect(of(text, { files })).toEqual([expect.stringContaining('There is no file "sub/c.j2"')]);
  });
});

describe('module_defaults', () => {
  it('are held against the module', () => {
    const text =
      '- command: /bin/a\n  module_defaults:\n    copy: {ownr: root, mode: 0644, backup: perhaps}\n    coppy: {}\n    group/k8s: {}\n';
    expect(of(text)).toEqual([
      'site.yml:5:16 playbook/unknown-parameter'.replace('playbook', 'args').concat(': "copy" has no parameter "ownr"'),
      expect.stringMatching(/^site.yml:5:48 args\/bad-value: "backup" of "copy"/),
      expect.stringMatching(/^site.yml:6:9 warning playbook\/unknown-default/),
    ]);
  });
});
