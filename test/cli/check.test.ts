import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

/** Twelve mistakes, no two of one kind. */
const wrong = lines(
  '- name: Web servers',
  '  hosts: wbe',
  '  gather_fact: false',
  '  tasks:',
  '    - name: {{ title }}',
  '      debgu:',
  '        msg: hi',
  '    - copy:',
  '        contents: x',
  '    - debug:',
  '        msg: "{{ http_port | upperr }}"',
  '    - debug:',
  '        msg: "{{ http_prot }}"',
  '      when: 1 = 1',
  '    - command: "true"',
  '      register: result',
  '    - debug:',
  '        msg: "{{ result.stdot }}"',
  '    - file:',
  '        path: /tmp/x',
  '        state: directroy',
  '      notify: restart nginx',
  '  handlers:',
  '    - name: restart ngnix',
  '      command: "true"',
);

/** What is said of them; `host` is the line of the inventory that sets http_port. */
const diagnosticsWith = (host: string): string =>
  lines(
    'site.yml:2:10 error playbook/unknown-host-pattern: No host or group of the inventory is named "wbe"',
    '    hosts: wbe',
    '           ~~~',
    '  help: Did you mean "web"?',
    '',
    'site.yml:3:3 error playbook/unknown-keyword: Unknown keyword "gather_fact" of a play',
    '    gather_fact: false',
    '    ~~~~~~~~~~~',
    '  help: Did you mean "gather_facts"?',
    '',
    'site.yml:5:13 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
    '      - name: {{ title }}',
    '              ~~~~~~~~~~~',
    '  help: Write "{{ title }}"',
    '',
    'site.yml:6:7 error playbook/unknown-module: Unknown module "debgu"',
    '        debgu:',
    '        ~~~~~',
    '  help: Did you mean "debug"?',
    '',
    'site.yml:8:7 error args/missing-parameter: "copy" needs "dest"',
    '      - copy:',
    '        ~~~~',
    '  help: Add "dest: ..."',
    '',
    'site.yml:9:9 error args/unknown-parameter: "copy" has no parameter "contents"',
    '          contents: x',
    '          ~~~~~~~~',
    '  help: Did you mean "content"?',
    '',
    'site.yml:11:30 error expr/unknown-filter: Unknown filter "upperr"',
    '          msg: "{{ http_port | upperr }}"',
    '                               ~~~~~~',
    '  help: Did you mean "upper"?',
    '',
    'site.yml:13:18 error playbook/undefined-variable: Nothing defines the variable "http_prot"',
    '          msg: "{{ http_prot }}"',
    '                   ~~~~~~~~~',
    `  hosts:2:${host.lastIndexOf('80') + 1} "http_port" is set here`,
    `    ${host}`,
    `${' '.repeat(4 + host.lastIndexOf('80'))}~~`,
    '  help: Did you mean "http_port"?',
    '',
    'site.yml:14:15 error expr/unexpected-token: Expected the end of the expression, found "="',
    '        when: 1 = 1',
    '                ~',
    '  help: Write "==" to compare',
    '',
    'site.yml:18:18 error playbook/unknown-field: "result" has no field "stdot"',
    '          msg: "{{ result.stdot }}"',
    '                   ~~~~~~~~~~~~',
    '  site.yml:15:7 "result" is set here',
    '        - command: "true"',
    '          ~~~~~~~~~~~~~~~',
    '  help: Did you mean "stdout"?',
    '',
    'site.yml:21:16 error args/bad-value: "state" of "file": expected one of "absent", "directory", "file", "hard", "link", "touch"',
    '          state: directroy',
    '                 ~~~~~~~~~',
    '  help: Did you mean "directory"?',
    '',
    'site.yml:22:15 error playbook/unknown-handler: No handler is named "restart nginx" or listens to it',
    '        notify: restart nginx',
    '                ~~~~~~~~~~~~~',
    '  site.yml:24:13 The handler "restart ngnix"',
    '        - name: restart ngnix',
    '                ~~~~~~~~~~~~~',
    '  help: Did you mean "restart ngnix"?',
    '',
    '12 errors',
  );

describe('a playbook with twelve mistakes', () => {
  it('is told of all twelve by play, which opens no connection', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const host = `w1 ansible_host=127.0.0.1 ansible_port=${port} http_port=80`;
    const { hlb } = await setupHlb({ 'site.yml': wrong, hosts: `[web]\n${host}\n` });
    const stderr = diagnosticsWith(host);
    expect(await hlb(['play', 'site.yml', '-i', 'hosts'])).toEqual({ code: 5, stdout: '', stderr });
    expect(connections).toBe(0);
  });

  it('is told of all twelve by check, on stdout', async () => {
    const { hlb } = await setupHlb({ 'site.yml': wrong, hosts: '[web]\nw1 http_port=80\n' });
    expect(await hlb(['check', 'site.yml', '-i', 'hosts'])).toEqual({
      code: 5,
      stdout: diagnosticsWith('w1 http_port=80'),
      stderr: '',
    });
  });

  it('is told of them as JSON and as annotations too', async () => {
    const { hlb } = await setupHlb({ 'site.yml': wrong, hosts: '[web]\nw1 http_port=80\n' });
    const json = await hlb(['check', 'site.yml', '-i', 'hosts', '--format', 'json']);
    const list: unknown = JSON.parse(json.stdout);
    expect(list).toHaveLength(12);
    expect(list).toContainEqual({
      path: 'site.yml',
      line: 9,
      column: 9,
      endLine: 9,
      endColumn: 17,
      severity: 'error',
      code: 'args/unknown-parameter',
      message: '"copy" has no parameter "contents"',
      help: 'Did you mean "content"?',
    });
    const github = await hlb(['check', 'site.yml', '-i', 'hosts', '--format', 'github']);
    expect(github.stdout.trimEnd().split('\n')).toHaveLength(12);
    expect(github.stdout).toContain(
      '::error file=site.yml,line=9,col=9,endLine=9,endColumn=17,title=args/unknown-parameter::"copy" has no parameter "contents"%0ADid you mean "content"?\n',
    );
    expect([json.code, github.code]).toEqual([5, 5]);
  });
});

describe('hlb check', () => {
  const right = lines('- hosts: web', '  tasks:', '    - debug:', '        msg: "{{ http_port }}"');

  it('says what it looked at when there is nothing to mend', async () => {
    const { hlb } = await setupHlb({ 'site.yml': right, hosts: '[web]\nw1 http_port=80\nw2 http_port=80\n' });
    expect(await hlb(['check', 'site.yml', '-i', 'hosts'])).toEqual({
      code: 0,
      stdout: 'No mistakes: 1 playbook, 1 play, 2 hosts\n',
      stderr: '',
    });
    expect((await hlb(['check', 'site.yml', '-i', 'hosts', '--format', 'json'])).stdout).toBe('[]\n');
  });

  it('checks an inventory alone, and mistakes of several files at once', async () => {
    const { hlb } = await setupHlb({
      'site.yml': '- hosts: all\n  tsks: []\n',
      'hosts.yml': 'web:\n  hosts: {w1: }\n  host: {}\n',
    });
    const { code, stdout } = await hlb(['check', 'site.yml', '-i', 'hosts.yml']);
    expect(code).toBe(5);
    expect(stdout).toContain('hosts.yml:3:3 error inventory/unknown-key');
    expect(stdout).toContain('site.yml:2:3 error playbook/unknown-keyword: Unknown keyword "tsks" of a play');
    expect((await hlb(['check', '-i', 'hosts.yml'])).code).toBe(5);
  });

  it('knows the variables of -e, in each of its forms, and its mistakes', async () => {
    const { hlb } = await setupHlb({
      'site.yml': lines('- hosts: all', '  tasks:', '    - debug:', '        msg: "{{ a }} {{ b }} {{ c }} {{ d }}"'),
      'more.yml': 'd: 4\n',
      hosts: 'w1\n',
    });
    const good = ['-e', 'a=1 b="2 3"', '-e', '{c: 3}', '-e', '@more.yml'];
    expect((await hlb(['check', 'site.yml', '-i', 'hosts', ...good])).code).toBe(0);
    const bad = ['-e', 'a', '-e', 'b="x', '-e', '{c: "d}', '-e', '@nothing.yml', '-e', './more.yml'];
    const { stdout } = await hlb(['check', '-i', 'hosts', ...bad]);
    expect(stdout).toBe(
      lines(
        '-e:1:1 error cli/extra-vars: Expected "name=value", found "a"',
        '  a',
        '  ~',
        '',
        '-e:1:1 error cli/extra-vars: A quote is opened and never closed',
        '  b="x',
        '  ~~~~',
        '',
        '-e:1:1 error cli/extra-vars: Expected "name=value", found "./more.yml"',
        '  ./more.yml',
        '  ~~~~~~~~~~',
        '  help: Write -e @./more.yml to read the file',
        '',
        '-e:1:5 error yaml/unclosed-quote: A double quote is opened and never closed',
        '  {c: "d}',
        '      ~~',
        `  help: Add the missing '"'. Write \\" for a quote inside of the text`,
        '',
        'error cli/unreadable-file: -e names the file "nothing.yml", which is not there',
        '',
        '5 errors',
      ),
    );
  });
});

describe('another tree', () => {
  it('is told what of it runs unchanged, as a table and as JSON', async () => {
    const { hlb } = await setupHlb({
      'tree/site.yml': '- hosts: all\n  tasks:\n    - community.general.ufw: {rule: allow}\n',
      'tree/hosts': '[web]\nw1\n',
    });
    const table = await hlb(['check', '--explain-unsupported', 'tree']);
    expect(table.stdout).toContain('Playbooks: 0 of 1 unchanged\n  tree/site.yml  would be refused: 1 module\n');
    expect(table.stdout).toContain('Inventories: 1 of 1 unchanged\n');
    expect(table.stdout).toContain('  module community.general.ufw\n      tree/site.yml:3:7\n');
    const json = await hlb(['check', '--explain-unsupported', 'tree', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ units: [{ path: 'tree/site.yml', verdict: 'refused' }, {}] });
    const none = await hlb(['check', '--explain-unsupported', 'nowhere']);
    expect(none.stdout).toContain('There is no folder "nowhere"');
    expect([table.code, json.code, none.code]).toEqual([5, 5, 5]);
  });
});
