import { describe, expect, it } from 'vitest';
import { setupHlb } from '../rig/hlb.ts';

const files = { hosts: '[web]\nw1\nw2\n[all:vars]\nansible_connection=local\n' };

describe('hlb run', () => {
  it('runs a command on every host of a pattern and shows what it printed', async () => {
    const { hlb } = await setupHlb(files);
    const { code, stdout, stderr } = await hlb([
      'run',
      'web:!w2',
      '-i',
      'hosts',
      '-a',
      'echo {{ inventory_hostname }}',
    ]);
    expect([code, stdout, stderr]).toEqual([0, 'w1 | CHANGED | rc=0 >>\nw1\n', '']);
  });

  it('takes arguments as words, and as a mapping in YAML or JSON', async () => {
    const { hlb, read } = await setupHlb(files);
    const words = await hlb([
      'run',
      'w1',
      '-i',
      'hosts',
      '-m',
      'copy',
      '-a',
      'content=a dest={{ lookup("env", "HOME") }}/a',
    ]);
    expect(words.stdout).toMatch(/^w1 \| CHANGED => \{\n/);
    expect(words.code).toBe(0);
    const yaml = ['run', 'w1', '-i', 'hosts', '-m', 'ansible.builtin.copy', '-a'];
    const mapping = await hlb([...yaml, '{content: "b c\\n", dest: "{{ lookup(\'env\', \'HOME\') }}/b"}']);
    expect(mapping.code).toBe(0);
    expect([await read('a'), await read('b')]).toEqual(['a', 'b c\n']);
    const again = await hlb([...yaml, '{"content": "b c\\n", "dest": "{{ lookup(\'env\', \'HOME\') }}/b"}']);
    expect(again.stdout).toMatch(/^w1 \| SUCCESS => \{\n/);
  });

  it('changes nothing in check mode, and says by its exit code that changes are due', async () => {
    const { hlb, read } = await setupHlb({ ...files, motd: 'old\n' });
    const args = ['-m', 'copy', '-a', '{content: "new\\n", dest: "{{ lookup(\'env\', \'HOME\') }}/motd"}'];
    const { code, stdout } = await hlb(['run', 'w1', '-i', 'hosts', ...args, '--check', '--exit-code', '--diff']);
    expect(code).toBe(10);
    expect(stdout).toContain('w1 | CHANGED');
    expect(stdout).toContain('+new');
    expect(await read('motd')).toBe('old\n');
  });

  it('finds mistakes before it connects, at their place on the command line', async () => {
    const { hlb } = await setupHlb(files);
    const { code, stdout, stderr } = await hlb(['run', 'w1', '-i', 'hosts', '-m', 'copy', '-a', 'contents=a dest=/a']);
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain('args/unknown-parameter');
    expect(stderr).toContain('(command line):4:');
    expect(stderr).toContain('Did you mean "content"?');
    const module = await hlb(['run', 'w1', '-i', 'hosts', '-m', 'coppy']);
    expect(module.stderr).toContain('Did you mean "copy"?');
    const host = await hlb(['run', 'w3', '-i', 'hosts']);
    expect(host.code).not.toBe(1);
  });

  it('tells failures by its exit code, with what the command said', async () => {
    const { hlb } = await setupHlb(files);
    const failed = await hlb(['run', 'w1', '-i', 'hosts', '-m', 'shell', '-a', 'echo so; echo why >&2; exit 3']);
    expect([failed.code, failed.stdout]).toEqual([2, 'w1 | FAILED! | rc=3 >>\nso\nwhy\n']);
  });
});

describe('hlb ping', () => {
  it('asks all hosts unless a pattern says otherwise', async () => {
    const { hlb } = await setupHlb(files);
    const { code, stdout } = await hlb(['ping', '-i', 'hosts']);
    expect(code).toBe(0);
    expect(stdout.match(/^w[12] \| SUCCESS/gm)?.toSorted()).toEqual(['w1 | SUCCESS', 'w2 | SUCCESS']);
    expect(stdout).toContain('"ping": "pong"');
  });

  it('tells which hosts are not reached', async () => {
    const { hlb } = await setupHlb({
      hosts: 'gone ansible_host=127.0.0.1 ansible_port=1\nhere ansible_connection=local\n',
    });
    const { code, stdout } = await hlb(['ping', '-i', 'hosts', '--timeout', '2']);
    expect(code).toBe(4);
    expect(stdout).toContain('gone | UNREACHABLE!');
    expect(stdout).toContain('here | SUCCESS');
  });
});

describe('hlb facts', () => {
  it('prints the facts of hosts as JSON, filtered by name', async () => {
    const { hlb } = await setupHlb(files);
    const { code, stdout } = await hlb(['facts', 'w1', '-i', 'hosts', '--filter', 'ansible_system,ansible_kernel']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ w1: { ansible_system: 'Linux', ansible_kernel: expect.any(String) } });
  });
});
