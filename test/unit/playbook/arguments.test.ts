import { describe, expect, it } from 'vitest';
import { argsOf, said, shown, task, tasks } from './harness.ts';

/** What is said of a task. */
const of = (text: string): readonly string[] =>
  said(`- hosts: all\n  tasks:\n    - ${text.replace(/\n/g, '\n      ')}\n`, { files: { 'f.txt': '' } });

describe('Arguments', () => {
  it('are a mapping below the module', () => {
    const one = task('- ansible.builtin.copy:\n    content: hello\n    dest: /x\n');
    expect(one).toMatchObject({ action: 'ansible.builtin.copy', module: { name: 'copy' } });
    expect(argsOf(one)).toEqual({ content: 'hello', dest: '/x' });
  });

  it('are name=value behind it', () => {
    const one = task(`- copy: content="a b {{ x }}" dest='/x y' mode=0644\n  vars: {x: 1}\n`);
    expect(argsOf(one)).toEqual({ content: 'a b {{ x }}', dest: '/x y', mode: '0644' });
  });

  it('are free text where the module takes it, with its options apart', () => {
    const all = tasks(
      `
- command: echo a=b creates=/x "c d" chdir=/tmp
- shell: |
    set -e
    echo "a  b" | sed s/a=/b/
  args: {executable: /bin/bash}
- command: {cmd: ls, chdir: /}
- shell: echo {{ 'a b' }} creates={{ '/x y' }}
- meta: flush_handlers
- set_fact: a=1 b="{{ 2 }}"
- include_vars: file=vars.yml name=them
`.trimStart(),
      { files: { 'vars.yml': 'a: 1\n' } },
    );
    expect(all.map(argsOf)).toEqual([
      { cmd: 'echo a=b "c d"', creates: '/x', chdir: '/tmp' },
      { cmd: 'set -e\necho "a  b" | sed s/a=/b/\n', executable: '/bin/bash' },
      { cmd: 'ls', chdir: '/' },
      { cmd: "echo {{ 'a b' }}", creates: "{{ '/x y' }}" },
      { action: 'flush_handlers' },
      { a: '1', b: '{{ 2 }}' },
      { file: 'vars.yml', name: 'them' },
    ]);
  });

  it('stand behind action and local_action too', () => {
    const all = tasks(
      `
- action: copy content=x dest=/x
- action: {module: copy, content: x, dest: /x}
- action: command echo hi
- local_action: command echo hi
- action: ping
`.trimStart(),
    );
    expect(all.map((one) => [one.module.name, argsOf(one)])).toEqual([
      ['copy', { content: 'x', dest: '/x' }],
      ['copy', { content: 'x', dest: '/x' }],
      ['command', { cmd: 'echo hi' }],
      ['command', { cmd: 'echo hi' }],
      ['ping', {}],
    ]);
    expect(all.map((one) => shown(one.keywords.delegateTo))).toEqual([
      undefined,
      undefined,
      undefined,
      'localhost',
      undefined,
    ]);
  });

  it('come from a template as a whole', () => {
    expect(argsOf(task('- copy: "{{ all_of_them }}"\n'))).toBe('{{ all_of_them }}');
    expect(argsOf(task('- copy:\n  args: "{{ all_of_them }}"\n'))).toBe('{{ all_of_them }}');
  });

  it('bear the names of the parameters, whatever they were called', () => {
    expect(argsOf(task('- file: {dest: /x, state: touch}\n'))).toEqual({ path: '/x', state: 'touch' });
  });

  it('of args stand back behind those of the module', () => {
    expect(argsOf(task('- copy: dest=/x\n  args: {content: hello, dest: /y}\n'))).toEqual({
      dest: '/x',
      content: 'hello',
    });
  });

  it('keep the text of an octal number, and take the booleans of YAML 1.1 with a warning', () => {
    expect(argsOf(task('- copy: {content: x, dest: /x, mode: 0644}\n'))).toMatchObject({ mode: '0644' });
    expect(of('copy: {content: x, dest: /x, backup: yes}')).toEqual([
      'site.yml:3:44 warning args/yaml11-boolean: "yes" is text in YAML 1.2 and is read as true here (Write true)',
    ]);
    expect(of('copy: {content: x, dest: /x, backup: "yes"}')).toEqual([]);
  });

  it('are bare expressions where the parameter is one', () => {
    expect(argsOf(task('- debug: {var: a.b}\n'))).toEqual({ var: '= a.b' });
    expect(argsOf(task('- assert: {that: [a == 1, "b in c"]}\n'))).toEqual({ that: ['= a == 1', '= b in c'] });
    expect(argsOf(task('- assert:\n    that: a is defined\n'))).toEqual({ that: '= a is defined' });
    expect(of('assert: {that: ["a =="]}')).toEqual([expect.stringMatching(/^site.yml:3:28 expr\//)]);
  });
});

describe('Literal arguments are held against the module', () => {
  it('one by one, also where others are computed', () => {
    expect(of('file: {path: "{{ x }}", state: dir}')).toEqual([
      'site.yml:3:38 args/bad-value: "state" of "file": expected one of "absent", "directory", "file", "hard", "link", "touch"',
    ]);
  });

  it('together, as far as no value of what is computed could mend it', () => {
    expect(of('copy: {src: "{{ a }}", content: "{{ b }}", dest: "{{ c }}"}')).toEqual([
      'site.yml:3:39 args/bad-value: "content" of "copy": only one of "src" and "content" can be given',
    ]);
    expect(of('copy: {src: "{{ a | default(omit) }}", content: "{{ b }}", dest: "{{ c }}"}')).toEqual([]);
    expect(of('copy: {dest: "{{ c }}"}')).toEqual([expect.stringContaining('args/bad-value: "copy": ')]);
  });

  it('with those that module_defaults gives', () => {
    expect(of('copy: {content: x}\nmodule_defaults: {copy: {dest: /x}}')).toEqual([]);
    expect(of('copy: {content: x}\nmodule_defaults: {copy: {mode: "0600"}}')).toEqual([
      'site.yml:3:7 args/missing-parameter: "copy" needs "dest" (Add "dest: ...")',
    ]);
  });
});
