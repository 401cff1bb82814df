import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folder, localHosts, runPlay } from '../../rig/run-play.ts';

describe('a plan whose rest is only known later', () => {
  it('asks as often as it must in each stage, and tells of what it saw there', async () => {
    const { dir, remove } = folder({
      'src/a': 'A\n',
      'src/sub/b': 'B\n',
      'site.yml': [
        '- hosts: all',
        '  gather_facts: false',
        '  tasks:',
        '    - name: unpack',
        '      unarchive: { src: a.tgz, dest: "{{ root }}", mode: "u=rwX,go=", list_files: true }',
        '    - name: again',
        '      unarchive: { src: a.tgz, dest: "{{ root }}", mode: "u=rwX,go=", list_files: true }',
        '',
      ].join('\n'),
    });
    onTestFinished(remove);
    execFileSync('tar', ['-C', join(dir, 'src'), '-czf', join(dir, 'a.tgz'), 'a', 'sub']);
    writeFileSync(join(dir, 'inventory'), localHosts(1, dir));
    const ran = await runPlay(dir);
    expect(ran.story).toEqual(['unpack: h1 changed', 'again: h1 ok']);
    const result = ran.results('unpack')[0]?.result;
    expect(result).toMatchObject({ files: ['a', 'sub/', 'sub/b'], handler: 'TgzArchive' });
    const root = join(dir, 'hosts', 'h1');
    expect(readFileSync(join(root, 'sub', 'b'), 'utf8')).toBe('B\n');
    expect((statSync(join(root, 'a')).mode & 0o777).toString(8)).toBe('600');
  });
});
