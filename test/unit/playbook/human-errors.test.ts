import { describe, expect, it } from 'vitest';
import { said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const inventory = gatherInventory(['web', 'db'], { all: 'users: [ann]' });

describe('One slip is one error, where it was made', () => {
  it.each<[string, string, string]>([
    [
      'a tab',
      '- hosts: web\n  tasks:\n    - name: A\n\t  ping:\n',
      'site.yml:4:1 yaml/tab-indent: A tab cannot indent a line (Use spaces: YAML does not say how wide a tab is)',
    ],
    [
      'a module that is not below its name',
      '- hosts: web\n  tasks:\n    - name: A\n    copy:\n      src: a\n',
      'site.yml:4:5 yaml/bad-indent: This line is indented by 4, expected 6 or 2, or 4 or 0 for a line that begins with "-"',
    ],
    [
      'parameters beside their module',
      '- hosts: web\n  tasks:\n    - copy:\n      content: x\n      dest: /a\n      mode: "0644"\n',
      'site.yml:4:7 playbook/misplaced-parameter: "content", "dest" and "mode" are parameters of "copy" and stand beside it (Indent them, so that they stand below "copy:")',
    ],
    [
      'a loop among the parameters',
      '- hosts: web\n  tasks:\n    - apt:\n        name: "{{ item }}"\n        with_items: [a, b]\n',
      'site.yml:5:9 args/unknown-parameter: "apt" has no parameter "with_items" (It is a keyword of tasks: begin it where "apt:" begins)',
    ],
    [
      'a required parameter with a letter too few',
      '- hosts: web\n  tasks:\n    - hostname: {nam: a}\n',
      'site.yml:3:18 args/unknown-parameter: "hostname" has no parameter "nam" (Did you mean "name"?)',
    ],
    [
      'a list of parameters',
      '- hosts: web\n  tasks:\n    - file:\n        - path: /a\n        - state: directory\n',
      'site.yml:4:9 args/not-a-mapping: "file" expects its arguments as "name: value", found a list (Take the dashes away, so that each line is "name: value")',
    ],
    [
      'a misspelt hosts',
      '- host: web\n  tasks:\n    - ping:\n',
      'site.yml:1:3 playbook/unknown-keyword: Unknown keyword "host" of a play (Did you mean "hosts"?)',
    ],
    [
      'a module without its colon',
      '- hosts: web\n  tasks:\n    - ping\n',
      'site.yml:3:7 playbook/not-a-task: A task is a mapping such as "command: ...", found "ping" (Write "ping:")',
    ],
    [
      'a word of another language',
      "- hosts: web\n  tasks:\n    - ping:\n      when: users contains 'ann'\n",
      'site.yml:4:19 expr/unexpected-token: Expected the end of the expression, found "contains" (Write "is contains(…)", or "… in …" the other way round)',
    ],
    [
      'a host that a group does not have',
      '- hosts: web\n  tasks:\n    - debug: {msg: "{{ groups.db[2] }}"}\n',
      'site.yml:3:24 playbook/unknown-host: The group "db" has 2 hosts, and this asks for the one at 2 (The first has the index 0; guard it with "when" where the group may be smaller)',
    ],
  ])('%s', (_, text, expected) => {
    expect(said(text, { inventory })).toEqual([expected]);
  });

  it('a result that a module which hlb lacks may have given has any field', () => {
    const text = `- hosts: web
  tasks:
    - docker_container_info: {name: a}
      register: found
    - debug: {msg: "{{ found.container.State }}"}
    - stat: {path: /a}
      register: found
`;
    expect(said(text, { inventory })).toEqual([
      'site.yml:3:7 playbook/unknown-module: Unknown module "docker_container_info" (Use a module that hlb has, or command or shell)',
    ]);
  });

  it('a host that a condition asks for first is no slip', () => {
    const task = (when: string) =>
      `- hosts: web\n  tasks:\n    - debug: {msg: "{{ groups.db[2] }} {{ groups.web[0] }}"}\n      when: ${when}\n`;
    expect(said(task('groups.db | length > 2'), { inventory })).toEqual([]);
  });
});
