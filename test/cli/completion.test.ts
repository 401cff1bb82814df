import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setupHlb } from '../rig/hlb.ts';

/** What bash offers behind some words, the last of which is being written. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { hlb, dir } = await setupHlb();
  writeFileSync(join(dir, 'completion.bash'), (await hlb(['completion', 'bash'])).stdout);
  const script = `. ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hlb; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'hlb', ...words], { cwd: dir, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('hlb completion bash', () => {
  it('offers commands, and those below them', async () => {
    expect(await offered('pl')).toEqual(['play', 'plan']);
    expect(await offered('vault', 'enc')).toEqual(['encrypt', 'encrypt-string']);
    expect(await offered('vault', 'encrypt', 'enc')).toEqual([]);
  });

  it('offers the options of the command that stands there', async () => {
    expect(await offered('vars', '--ta')).toEqual(['--task']);
    expect(await offered('play', '--ta')).toEqual(['--tags']);
    expect(await offered('check', 'site.yml', '--explain')).toEqual(['--explain-unsupported']);
  });

  it('offers the values of an option or argument where they are known, and leaves others to files', async () => {
    expect(await offered('check', '--format', 'j')).toEqual(['json']);
    expect(await offered('run', '-m', 'apt_')).toEqual(['apt_key', 'apt_repository']);
    expect(await offered('explain', 'yaml/duplicate')).toEqual(['yaml/duplicate-key']);
    expect(await offered('doc', 'systemd_d')).toEqual(['systemd_dropin']);
    expect(await offered('completion', 'z')).toEqual(['zsh']);
    expect(await offered('play', '-i', '')).toEqual([]);
  });
});

/** Asks for what may stand behind `hlb vault enc`. */
const inShell: Readonly<Record<string, string>> = {
  fish: 'source completion; complete -C "hlb vault enc"',
  zsh: `compdef() {}; _files() {}; _describe() { print -rl -- \${(P)@[-1]}; }; . ./completion
    words=(hlb vault enc) CURRENT=3 PREFIX=enc; _hlb`,
};

describe.each(['zsh', 'fish'])('hlb completion %s', (shell) => {
  it('has each command and option, and what it is for', async () => {
    const { hlb } = await setupHlb();
    const { code, stdout } = await hlb(['completion', shell]);
    expect(code).toBe(0);
    for (const part of [
      'explain-unsupported',
      'encrypt-string',
      'apt_repository',
      'yaml/duplicate-key',
      'print this help',
    ])
      expect(stdout).toContain(part);
  });

  const isThere = spawnSync(shell, ['-c', 'true']).status === 0;
  it.skipIf(!isThere)(`offers words in ${shell}${isThere ? '' : ' (skipped: it is not installed)'}`, async () => {
    const { hlb, dir } = await setupHlb();
    writeFileSync(join(dir, 'completion'), (await hlb(['completion', shell])).stdout);
    const { stdout, stderr } = spawnSync(shell, ['-c', inShell[shell] ?? ''], { cwd: dir, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.split('\n').map((line) => /^[\w-]+/.exec(line)?.[0])).toEqual(
      expect.arrayContaining(['encrypt', 'encrypt-string']),
    );
  });
});

it('no other shell is known', async () => {
  const { hlb } = await setupHlb();
  const { code, stderr } = await hlb(['completion', 'csh']);
  expect([code, stderr]).toEqual([5, expect.stringContaining('Allowed choices are bash, zsh, fish')]);
});
