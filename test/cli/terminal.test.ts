import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
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

it.skipIf(!hasScript)(`draws one row a task on a terminal${hasScript ? '' : ' (skipped: no "script")'}`, async () => {
  const { onTerminal } = await setupHlb({ 'site.yml': site });
  const { code, stdout } = await onTerminal(['play', 'site.yml', '-i', 'h1,h2,h3,', '--connection', 'local']);
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
  // At most ten frames a second, also while tasks end.
  const frames = stdout.split('\u001b[?25l').length - 1 + (stdout.match(/\u001b\[G/g)?.length ?? 0);
  expect(frames).toBeGreaterThan(3);
  expect(frames).toBeLessThan(60);
});
