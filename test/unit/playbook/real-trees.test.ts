import { describe, expect, it } from 'vitest';
import { indent, said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

/** What operators' trees have in them, and what Ansible takes. */
function saidOf(tasks: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return said(`- hosts: web\n  gather_facts: false\n  tasks:\n${indent(tasks)}`, {
    inventory: gatherInventory(['web']),
    files,
  });
}

describe('Arguments as operators write them', () => {
  it('hand on to the package manager what it takes', () => {
    expect(saidOf('- package: {name: socat, update_cache: true, cache_valid_time: 3600}')).toEqual([]);
    expect(saidOf('- package: {name: socat, allow_downgrade: true}')).toEqual([]);
  });

  it('have services reload units, and units looked at', () => {
    expect(saidOf('- service: {daemon_reload: true}')).toEqual([]);
    expect(saidOf('- systemd_service: {name: docker}\n  register: docker')).toEqual([]);
    expect(saidOf('- service: {state: started}')).toEqual([
      'site.yml:4:7 args/bad-value: "service": "name" is required with "state", "enabled" and "masked"',
    ]);
  });

  it('are not judged by what stands in for a computed value', () => {
    expect(saidOf('- authorized_key: {user: root, key: "{{ key }}"}\n  vars: {key: "{{ 1 | string }}"}')).toEqual([]);
    expect(
      saidOf('- apt_repository: {repo: "{{ item }}", state: absent}\n  loop: "{{ repos }}"\n  vars: {repos: []}'),
    ).toEqual([]);
  });

  it('are still held against each other where one is computed', () => {
    expect(
      saidOf('- unarchive: {src: a.tgz, dest: /x, remote_src: true, include: "{{ [1] }}", exclude: [b]}')[0],
    ).toContain('only one of "include" and "exclude" can be given');
  });
});

describe('Arguments that Ansible converts', () => {
  it('become the text that Python prints of a mapping, which is told', () => {
    expect(saidOf('- ping: {data: {a: 1, b: [true, "x"]}}')).toEqual([
      `site.yml:4:20 warning args/bad-value: "data" of "ping" is a text, so that this becomes {'a': 1, 'b': [True, 'x']} (Put the text in quotes)`,
    ]);
  });

  it('may be given under two names, of which one may be left out', () => {
    const task =
      '- debconf: {name: x, question: "{{ q | default(omit) }}", setting: "{{ s | default(omit) }}", vtype: string, value: v}';
    expect(saidOf(task)).toEqual([
      'site.yml:4:63 warning args/duplicate-parameter: "setting" is another name of "question", which is given twice (Keep one of them)',
    ]);
  });

  it('that hlb does not take are refused with the reason', () => {
    expect(saidOf('- file: {path: /x, attributes: +i}')).toEqual([
      `site.yml:4:24 args/unknown-parameter: "file" has no parameter "attributes" (hlb does not set a file system's own attributes; use chattr with the command module)`,
    ]);
    expect(saidOf('- ansible.builtin.user: {name: x, profile: y}')[0]).toContain('systems that hlb does not manage');
  });

  it('fetch an index without a package', () => {
    expect(saidOf('- package: {update_cache: true, cache_valid_time: 600}')).toEqual([]);
    expect(saidOf('- package: {state: present}')[0]).toContain('one of "name", "update_cache" and "autoremove"');
  });

  it('set times of directories as of files', () => {
    expect(saidOf('- file: {path: /x, state: directory, access_time: preserve, modification_time: preserve}')).toEqual(
      [],
    );
  });

  it('of roles need no names that a variable could have', () => {
    const spec = 'argument_specs: {main: {options: {"a.b-c": {default: 1}, a: {type: dict}}}}\n';
    const files = {
      'roles/r/meta/argument_specs.yml': spec,
      'roles/r/defaults/main.yml': 'a: {}\n',
      'roles/r/tasks/main.yml': '- ping:\n',
    };
    expect(saidOf('- import_role: {name: r}', files)).toEqual([]);
  });
});

describe('A template that cannot be read', () => {
  it('is said once, and is no name of a file', () => {
    const broken = '{{ nowhere | no_such_filter }}';
    expect(saidOf(`- template: {src: "${broken}", dest: /x}`)).toHaveLength(1);
    expect(saidOf(`- include_tasks: "${broken}"`)).toHaveLength(1);
  });
});

describe('Files', () => {
  it('of a glob are not named by their pattern', () => {
    const task = '- copy: {src: "{{ item }}", dest: /etc/}\n  with_fileglob: ["files/*"]';
    expect(saidOf(task, { 'files/a': '' })).toEqual([]);
  });

  it('that a task before may bring are no errors', () => {
    const fetched = '- get_url: {url: "https://example.org/x", dest: /tmp/x.tgz}\n  delegate_to: localhost';
    const used = '- unarchive: {src: /tmp/x.tgz, dest: /opt}';
    expect(saidOf(`${fetched}\n${used}`)).toEqual([
      'site.yml:6:24 warning playbook/file-not-found: There is no file "/tmp/x.tgz" in files/ or beside the playbook',
    ]);
    expect(saidOf(used)[0]).toContain(' playbook/file-not-found');
  });
});

describe('Conditions', () => {
  it('may hold templates in their texts', () => {
    const [only, ...rest] = saidOf(`- ping:\n  when: "'{{ inventory_hostname }}x' in ['web1x']"`);
    expect(only).toContain('warning playbook/template-in-condition');
    expect(rest).toEqual([]);
  });

  it('have the places of what stands in such templates', () => {
    expect(saidOf(`- ping:\n  when: inventory_hostname == '{{ nowhere }}'`)[1]).toContain(
      'site.yml:5:39 playbook/undefined-variable',
    );
  });

  it('hold no templates as code', () => {
    expect(saidOf('- ping:\n  when: "{{ 1 }} == 1"')[0]).toContain(' playbook/template-in-condition');
  });
});

describe('Tags', () => {
  it('that are computed cannot be selected, which is no error', () => {
    expect(saidOf('- ping:\n  tags: [a, "{{ b }}"]')).toEqual([
      'site.yml:5:17 warning playbook/computed-keyword: A tag that is computed cannot be selected: hlb knows tags before it knows variables (Write the value itself)',
    ]);
  });
});

describe('Arguments of roles', () => {
  it('take true for a whole number, as Python does', () => {
    const spec = 'argument_specs: {main: {options: {limit: {type: int}, share: {type: float}}}}';
    const text = '- hosts: web\n  gather_facts: false\n  roles: [{role: a, limit: true, share: false}]';
    const files = { 'roles/a/meta/argument_specs.yml': spec, 'roles/a/tasks/main.yml': '- ping:' };
    expect(said(text, { inventory: gatherInventory(['web']), files })).toEqual([]);
  });
});
