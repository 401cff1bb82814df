import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

const hosts = lines('[web]', 'w1 ansible_connection=local', 'w2 ansible_connection=local');

/** Times differ from run to run; how many round trips a play costs is pinned elsewhere. */
const steady = (text: string): string =>
  text
    .replaceAll(/\d+(\.\d)? s\b/g, 'N s')
    .replaceAll(/round-trips=\d+/g, 'round-trips=N')
    .replaceAll(/\d+ (round trips|a host)/g, 'N $1');

const site = lines(
  '- name: Write files',
  '  hosts: web',
  '  gather_facts: false',
  '  tasks:',
  '    - name: Write',
  '      copy:',
  '        dest: "{{ folder }}/{{ inventory_hostname }}"',
  '        content: "one\\n"',
  '      tags: write',
  '    - name: Tell',
  '      debug:',
  '        msg: "this is {{ inventory_hostname }}"',
);

describe('hlb play', () => {
  it('runs a playbook, tells it, and changes nothing the second time', async () => {
    const { dir, hlb, read } = await setupHlb({ 'site.yml': site, hosts });
    const args = ['play', 'site.yml', '-i', 'hosts', '-l', 'w1', '-e', `folder=${dir}`];
    const first = await hlb([...args, '--diff']);
    expect(first.stderr).toBe('');
    expect(steady(first.stdout)).toBe(
      lines(
        '',
        'PLAY [Write files]  1 host  site.yml:1:3',
        '',
        'TASK [Write]  site.yml:5:7',
        'changed: [w1]',
        `--- ${dir}/w1`,
        `+++ ${dir}/w1`,
        '@@ -0,0 +1 @@',
        '+one',
        '',
        'TASK [Tell]  site.yml:10:7',
        'ok: [w1] => this is w1',
        '',
        'RECAP',
        'w1 : ok=2  changed=1  unreachable=0  failed=0  skipped=0  rescued=0  ignored=0  round-trips=N',
        '',
        '1 host, 2 tasks, 1 changed, N s, N round trips (at most N a host)',
      ),
    );
    expect(first.code).toBe(0);
    expect(await read('w1')).toBe('one\n');
    const second = await hlb(args);
    expect(second.stdout).toContain('ok: [w1]\n');
    expect(second.stdout).toContain('changed=0');
  });

  it('tells with --check --exit-code whether changes are due', async () => {
    const { dir, hlb } = await setupHlb({ 'site.yml': site, hosts });
    const args = ['play', 'site.yml', '-i', 'hosts', '-e', `folder=${dir}`];
    const due = await hlb([...args, '--check', '--exit-code']);
    expect(due.code).toBe(10);
    expect(due.stdout).toContain('RECAP (check mode: nothing was changed)\n');
    expect((await hlb([...args, '--check'])).code).toBe(0);
    expect((await hlb(args)).code).toBe(0);
    expect((await hlb([...args, '--check', '--exit-code'])).code).toBe(0);
  });

  it('shows a failure with the line of the playbook, and ends with 2; an unreachable host with 4', async () => {
    const { hlb } = await setupHlb({
      'fail.yml': lines(
        '- hosts: web',
        '  gather_facts: false',
        '  tasks:',
        '    - name: Fail',
        '      command: sh -c "echo oops >&2; exit 3"',
      ),
      hosts: 'w1 ansible_connection=local\n[web]\nw1\n',
      gone: '[web]\nw1 ansible_host=127.0.0.1 ansible_port=1\n',
    });
    const failed = await hlb(['play', 'fail.yml', '-i', 'hosts']);
    expect(failed.code).toBe(2);
    expect(failed.stdout).toContain(
      lines(
        'failed: [w1]',
        '  Exit code 3: run sh -c "echo oops >&2; exit 3"',
        '  fail.yml:4:7',
        '        - name: Fail',
        '          ~~~~~~~~~~',
        '  stderr:',
        '    oops',
      ),
    );
    const gone = await hlb(['play', 'fail.yml', '-i', 'gone', '--timeout', '2']);
    expect(gone.code).toBe(4);
    expect(gone.stdout).toContain('unreachable: [w1]\n');
    expect(gone.stdout).toMatch(/w1 : ok=0 {2}changed=0 {2}unreachable=1/);
  });

  it('lists hosts, tasks and tags without running anything', async () => {
    const { hlb } = await setupHlb({ 'site.yml': site, hosts });
    expect(
      await hlb(['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '--list-hosts', '--list-tasks', '--list-tags']),
    ).toEqual({
      code: 0,
      stderr: '',
      stdout: lines(
        '',
        'playbook: site.yml',
        '',
        '  play #1 (web): Write files',
        '    hosts (2):',
        '      w1',
        '      w2',
        '    tasks:',
        '      Write\tTAGS: [write]',
        '      Tell\tTAGS: []',
        '    TASK TAGS: [write]',
      ),
    });
    const some = await hlb([
      'play',
      'site.yml',
      '-i',
      'hosts',
      '-e',
      'folder=/x',
      '--list-tasks',
      '--skip-tags',
      'write',
    ]);
    expect(some.stdout).not.toContain('Write\t');
    expect(await hlb(['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '--syntax-check'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('begins with a task, and says which were meant where there is none of the name', async () => {
    const { hlb } = await setupHlb({ 'site.yml': site, hosts });
    const args = ['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '-l', 'w1'];
    const later = await hlb([...args, '--start-at-task', 'Tell']);
    expect([later.code, later.stdout.includes('TASK [Write]')]).toEqual([0, false]);
    expect(await hlb([...args, '--start-at-task', 'Tel'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines('error cli/unknown-task: No task is named "Tel"', '  help: Did you mean "Tell"?', '', '1 error'),
    });
  });

  it('refuses a limit that leaves less than was asked for', async () => {
    const { hlb } = await setupHlb({ 'site.yml': site, hosts });
    expect(await hlb(['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '-l', 'w1:w22'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines(
        '--limit:1:1 error inventory/no-match: No host or group matches "w22"',
        '  w1:w22',
        '  ~~~~~~',
        '  help: Did you mean "w2"?',
        '',
        '1 error',
      ),
    });
  });

  it('writes events as JSON, and a JUnit report', async () => {
    const { dir, hlb, read } = await setupHlb({ 'site.yml': site, hosts });
    const args = ['play', 'site.yml', '-i', 'hosts', '-e', `folder=${dir}`, '--json', '--junit', 'report.xml'];
    const { code, stdout, stderr } = await hlb(args);
    expect([code, stderr]).toEqual([0, '']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'run-start', playbooks: ['site.yml'] });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'task-start',
        name: 'Write',
        place: { path: 'site.yml', line: 5, column: 7, endLine: 9, endColumn: 18 },
      }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'run-end', exitCode: 0 });
    expect(await read('report.xml')).toContain('<testsuite name="Write files"');
  });

  it('asks for no password where nobody can answer, and shows none that it was given', async () => {
    const { hlb, dir, write } = await setupHlb({ 'site.yml': site, hosts, secret: 'hunter2-hunter2\n' });
    expect(await hlb(['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '-K'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines(
        'error cli/no-terminal: -K asks for a password, and there is no terminal to ask on',
        '  help: Give --become-password-file',
        '',
        '1 error',
      ),
    });
    await write(
      'say.yml',
      lines(
        '- hosts: w1',
        '  gather_facts: false',
        '  tasks:',
        '    - debug: {msg: "it is {{ say }}"}',
        '    - copy: {dest: "{{ folder }}/x", content: "{{ say }}"}',
        '    - command: sh -c "echo {{ say | b64encode }}; echo {{ say }} >&2; exit 1"',
      ),
    );
    const says = ['-e', 'say=hunter2-hunter2', '-e', `folder=${dir}`];
    const told = await hlb([
      'play',
      'say.yml',
      '-i',
      'hosts',
      '-D',
      '-vv',
      '--become-password-file',
      'secret',
      ...says,
    ]);
    expect(told.code).toBe(2);
    expect(told.stdout).toContain('ok: [w1] => {"msg":"it is ********"');
    expect(told.stdout + told.stderr).not.toMatch(/hunter2|aHVudGVy/);
    expect(
      (await hlb(['play', 'site.yml', '-i', 'hosts', '-e', 'folder=/x', '--become-password-file', 'no'])).stderr,
    ).toBe(lines('error cli/unreadable-file: --become-password-file names "no", which is not there', '', '1 error'));
  });

  it('ends the run when nobody reads on', async () => {
    const { start } = await setupHlb({
      'long.yml': lines('- hosts: all', '  gather_facts: false', '  tasks:', '    - command: sleep 300'),
    });
    const running = start(['play', 'long.yml', '-i', 'w1,', '--connection', 'local']);
    running.child.stdout?.destroy();
    expect((await running.ended).code).toBe(130);
  });

  it('ends what runs on the hosts on Ctrl-C, and itself with 130', async () => {
    const { start, dir, read } = await setupHlb({
      'long.yml': lines(
        '- hosts: all',
        '  gather_facts: false',
        '  tasks:',
        '    - command: sh -c "echo $$ > {{ folder }}/pid; exec sleep 300"',
      ),
    });
    const running = start(['play', 'long.yml', '-i', 'w1,', '--connection', 'local', '-e', `folder=${dir}`]);
    const pid = await pidIn(() => read('pid'));
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([130, '\nInterrupted: ending what runs on the hosts; once more to leave at once\n']);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

async function pidIn(read: () => Promise<string>): Promise<number> {
  for (;;) {
    const text = await read().catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
