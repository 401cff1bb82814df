import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;

const site = lines(
  '- name: Work',
  '  hosts: all',
  '  gather_facts: false',
  '  tasks:',
  '    - name: Quick',
  '      command: "true"',
  '    - name: Slow',
  '      command: sleep 0.6',
  '    - name: Broken',
  '      command: sh -c "echo oops >&2; exit 3"',
);

// util-linux has it; elsewhere there is no way to give a test a terminal.
describe.skipIf(!hasScript)(`on a terminal${hasScript ? '' : ' (skipped: no "script" command)'}`, () => {
  it('one row a task is drawn, and failures in full', async () => {
    const { onTerminal } = await setupHlb({ 'site.yml': site });
    const { code, stdout } = await onTerminal(['play', 'site.yml', '-i', 'h1,h2,h3,', '--connection', 'local']).ended;
    expect(code).toBe(2);
    // What stays when all frames are wiped: the text without escape sequences, frame lines apart.
    const kept = stdout
      .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
      .replaceAll('\r', '')
      .split('\n')
      .filter((line) => !/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(line));
    expect(kept.filter((line) => line.startsWith('● '))).toEqual(['● Quick  3 changed', '● Slow  3 changed']);
    expect(kept).toContain('✖ Broken  3 failed');
    expect(kept.filter((line) => line.startsWith('failed: ['))).toHaveLength(3);
    expect(kept).toContain('    oops');
    expect(kept.some((line) => line.startsWith('h1 : ok=2'))).toBe(true);
    // Each frame wipes the one before it.
    const seconds = Number(/ ([\d.]+) s,/.exec(stdout)?.[1]);
    const frames = stdout.split('\u001b[G').length;
    expect(frames).toBeGreaterThan(3);
    expect(frames).toBeLessThan(10 * (seconds + 1));
  });

  it('a password is asked for and not echoed, while nothing is drawn over the question', async () => {
    const { onTerminal } = await setupHlb({ 'site.yml': site });
    const running = onTerminal(['play', 'site.yml', '-i', 'h1,', '--connection', 'local', '-K', '-t', 'none']);
    await running.said('BECOME password:');
    running.child.stdin?.write('hunter2-hunter2\n');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('hunter2');
  });
});
