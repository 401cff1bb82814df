import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

const files = {
  hosts: lines(
    'all:',
    '  vars: { http_port: 80, base: "{{ http_port }}0", ansible_password: geheim99 }',
    'web:',
    '  vars: { http_port: 8080 }',
    '  hosts:',
    '    w1: { http_port: 9090 }',
    '    w2:',
  ),
  'host_vars/w1.yml': 'title: "{{ inventory_hostname }}-{{ missing }}"\n',
};
const of = (...args: readonly string[]): readonly string[] => ['vars', '-i', 'hosts.yml', ...args];

async function setup() {
  const { hosts, ...others } = files;
  return setupHlb({ 'hosts.yml': hosts, ...others });
}

describe('hlb vars', () => {
  it('says what a variable is, where it stands, and what it hides, the strongest first', async () => {
    const { hlb } = await setup();
    const { code, stdout, stderr } = await hlb(of('w1', 'http_port'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      lines(
        'http_port: 9090',
        '  from host w1, hosts.yml:6:22',
        '  over 8080 from group web, hosts.yml:4:22',
        '  over 80 from group all, hosts.yml:2:22',
      ),
    );
    const extra = await hlb(of('w1', 'http_port', '-e', 'http_port=1'));
    expect(extra.stdout).toMatch(/^http_port: "1"\n {2}from -e, -e:1:11\n {2}over 9090 from host w1/);
  });

  it('shows templates evaluated and as they are written', async () => {
    const { hlb } = await setup();
    expect((await hlb(of('w2', 'base'))).stdout).toBe(
      lines('base: "80800"', '  written "{{ http_port }}0"', '  from group all, hosts.yml:2:32'),
    );
    expect((await hlb(of('w1', 'title'))).stdout).toMatch(/^title: cannot be known: .*missing/);
  });

  it('lists all variables of a host, with passwords hidden unless they are asked for', async () => {
    const { hlb } = await setup();
    const all = await hlb(of('w2'));
    expect(all.stdout.match(/^\w+(?=:)/gm)).toEqual(['ansible_password', 'base', 'http_port']);
    expect(all.stdout).toContain('ansible_password: "********"');
    expect(all.stdout).not.toContain('geheim99');
    expect((await hlb(of('w2', '--show-secrets'))).stdout).toContain('ansible_password: "geheim99"');
  });

  it('prints the same as JSON', async () => {
    const { hlb } = await setup();
    const { stdout } = await hlb(of('w1', 'http_port', '--json'));
    expect(JSON.parse(stdout)).toMatchObject({
      http_port: {
        value: 9090,
        level: 'inventory-host',
        origin: 'host w1',
        place: { path: 'hosts.yml', line: 6 },
        shadows: [{ written: 8080 }, { written: 80 }],
      },
    });
  });

  it('knows what a playbook, its files and roles say, and at a task what that says', async () => {
    const { hlb } = await setupHlb({
      'hosts.yml': lines('web:', '  vars: { p: group, q: group }', '  hosts: { w1: , w2: }'),
      'site.yml': lines(
        '- hosts: other',
        '  tasks: [{ ping: }]',
        '- hosts: web',
        '  vars: { p: play, r: "{{ q }} of {{ inventory_hostname }}" }',
        '  vars_files: [more.yml]',
        '  roles: [one]',
        '  tasks:',
        '    - name: Here',
        '      ping:',
        '      vars: { p: task }',
        '- hosts: w1',
        '  tasks: [{ ping: }]',
      ),
      'more.yml': 'p: file\n',
      'roles/one/defaults/main.yml': 'p: default\nq: default\nd: default\n',
      'roles/one/vars/main.yml': 'p: role\n',
      'roles/one/tasks/main.yml': '- name: In the role\n  ping:\n',
    });
    const there = ['w1', '--playbook', 'site.yml'];
    const play = await hlb(of(...there, 'p'));
    expect(play.stdout).toBe(
      lines(
        'p: "role"',
        '  from role one, roles/one/vars/main.yml:1:4',
        '  over "file" from more.yml, more.yml:1:4',
        '  over "play" from play, site.yml:4:14',
        '  over "group" from group web, hosts.yml:2:14',
        '  over "default" from role one, roles/one/defaults/main.yml:1:4',
      ),
    );
    expect(play.stderr).toContain('warning cli/several-places: These are the variables at site.yml:3:3');
    const task = await hlb(of(...there, '--task', 'Here', 'p'));
    expect([task.code, task.stdout.split('\n')[0], task.stderr]).toEqual([0, 'p: "task"', '']);
    expect((await hlb(of(...there, 'r'))).stdout).toContain('r: "group of w1"\n');
    expect((await hlb(of(...there, 'd'))).stdout).toContain('d: "default"\n');
    expect((await hlb(of(...there, '--task', 'Heer', 'p'))).stderr).toContain('Did you mean "Here"?');
    expect((await hlb(of('w2', '--playbook', 'none.yml', 'p'))).stderr).toContain('There is no playbook "none.yml"');
  });

  it('says which tasks set what only a run can know', async () => {
    const { hlb } = await setupHlb({
      'hosts.yml': lines('web:', '  vars: { color: red }', '  hosts: { w1: }'),
      'site.yml': lines(
        '- hosts: web',
        '  tasks:',
        '    - name: Look',
        '      command: uptime',
        '      register: uptime',
        '    - name: Paint',
        '      set_fact:',
        '        color: "{{ uptime.stdout }}"',
        '    - include_tasks: more.yml',
        '    - name: By name',
        '      set_fact: { "{{ color }}": true }',
      ),
      'more.yml': lines('- name: Look again', '  ping:', '  register: uptime'),
    });
    const asked = (...args: readonly string[]) => hlb(of('w1', '--playbook', 'site.yml', ...args));
    expect(await asked('uptime')).toEqual({
      code: 0,
      stdout: lines(
        'uptime: known only while a play runs',
        '  registered, site.yml:5:17',
        '  registered, more.yml:3:13',
        '  perhaps set_fact of a computed name, site.yml:10:7',
      ),
      stderr: '',
    });
    expect((await asked('color')).stdout).toBe(
      lines(
        'color: "red"',
        '  from group web, hosts.yml:2:18',
        '  a run sets it anew:',
        '  set by set_fact, site.yml:8:9',
        '  perhaps set_fact of a computed name, site.yml:10:7',
      ),
    );
    expect(JSON.parse((await asked('uptime', '--json')).stdout)).toMatchObject({
      uptime: { whileRunning: [{ how: 'registered', place: { path: 'site.yml', line: 5 } }, {}, { perhaps: true }] },
    });
    expect((await hlb(of('w1', 'ansible_hostname'))).stdout).toBe(
      'ansible_hostname: a fact, which only the host knows; "hlb facts" asks it\n',
    );
    expect((await hlb(of('w1', 'uptime'))).code).toBe(5);
  });

  it('names what is near to a host or variable that is not there', async () => {
    const { hlb } = await setup();
    expect((await hlb(of('w9x'))).stderr).toContain('error cli/unknown-host: The inventory has no host "w9x"\n');
    const name = await hlb(of('w1', 'htp_port'));
    expect([name.code, name.stderr]).toEqual([5, expect.stringContaining('Did you mean "http_port"?')]);
  });
});
