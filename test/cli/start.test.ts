import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bin, lines, setupHlb } from '../rig/hlb.ts';

describe('hlb', () => {
  it('tells its version', async () => {
    const { hlb } = await setupHlb();
    const { code, stdout } = await hlb(['--version']);
    expect([code, /^\d+\.\d+\.\d+\n$/.test(stdout)]).toEqual([0, true]);
  });

  it('starts in less than 150 ms', () => {
    // On one processor alone that is processor time, which other processes of the machine do not add to.
    const times = Array.from({ length: 5 }, () => {
      const script = 'TIMEFORMAT="%U %S"; time "$0" "$1" --version';
      const { stderr } = spawnSync('bash', ['-c', script, process.execPath, bin], { encoding: 'utf8' });
      const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
      return (user + system) * 1000;
    });
    expect(Math.min(...times)).toBeLessThan(150);
  });

  it('says on a misspelt command or option what was meant, with exit code 5', async () => {
    const { hlb } = await setupHlb();
    expect(await hlb(['chek'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines("error: unknown command 'chek'", '(Did you mean check?)', '(--help shows what there is)'),
    });
    expect(await hlb(['play', 'site.yml', '--frks', '3'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines("error: unknown option '--frks'", '(Did you mean --forks?)', '(--help shows what there is)'),
    });
    const forks = await hlb(['play', 'site.yml', '--forks', 'many']);
    expect(forks.code).toBe(5);
    expect(forks.stderr).toContain(
      "error: option '-f, --forks <count>' argument 'many' is invalid. Expected a whole number from 1.\n",
    );
  });

  it('has a help for each command that fits a terminal', async () => {
    const { hlb } = await setupHlb();
    for (const command of [
      [],
      ['play'],
      ['check'],
      ['inventory'],
      ['lab'],
      ['lab', 'up'],
      ['lab', 'exec'],
      ['explain'],
    ]) {
      const { code, stdout, stderr } = await hlb([...command, '--help']);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: ${['hlb', ...command].join(' ')} `));
      // The table of first steps is to be copied, not wrapped.
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(command.length === 0 ? 90 : 80);
    }
  });

  it('takes the name of a lab before and behind the host', async () => {
    const { hlb } = await setupHlb();
    for (const args of [
      ['--name', 'nowhere', 'w1'],
      ['w1', '--name', 'nowhere'],
      ['w1', '--name=nowhere', '--'],
    ]) {
      const { code, stderr } = await hlb(['lab', 'exec', ...args, 'id']);
      expect([code, stderr.includes('"nowhere"')]).toEqual([5, true]);
    }
  });

  it('ends quietly when nobody reads on', async () => {
    const rig = await setupHlb();
    const running = rig.start(['explain']);
    running.child.stdout?.destroy();
    expect((await running.ended).stderr).toBe('');
  });
});

describe('hlb explain', () => {
  it('says what a code means', async () => {
    const { hlb } = await setupHlb();
    expect(await hlb(['explain', 'yaml/duplicate-key'])).toEqual({
      code: 0,
      stderr: '',
      stdout: lines(
        'yaml/duplicate-key: A key stands twice in one mapping',
        '',
        'Only one of the two values can count, and which one is easy to get wrong when',
        'reading. Remove one, or rename it.',
      ),
    });
  });

  it.each(['duplicate-keys', 'yaml/duplicat-key', 'duplicate-key'])('asks what was meant by "%s"', async (code) => {
    const { hlb } = await setupHlb();
    expect(await hlb(['explain', code])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines(
        `error cli/unknown-code: No diagnostic has the code "${code}"`,
        '  help: Did you mean "yaml/duplicate-key"?',
        '',
        '1 error',
      ),
    });
  });

  it('lists all codes', async () => {
    const { hlb } = await setupHlb();
    const { code, stdout } = await hlb(['explain']);
    expect(code).toBe(0);
    const codes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '');
    expect(codes).toEqual([...codes].sort());
    for (const layer of ['cli', 'expr', 'inventory', 'lab', 'playbook', 'vars', 'yaml']) {
      expect(codes.some((one) => one.startsWith(`${layer}/`))).toBe(true);
    }
  });
});
