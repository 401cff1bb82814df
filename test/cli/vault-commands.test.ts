import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HlbRig, lines, setupHlb } from '../rig/hlb.ts';

const secret = 'token: tops3cret\n';
const by = (...files: readonly string[]): readonly string[] => files.flatMap((file) => ['--vault-password-file', file]);

/** A folder with passwords, and `secrets.yml` encrypted under the first. */
async function setupVault(): Promise<HlbRig> {
  const rig = await setupHlb({ first: 'open sesame\n', second: 'another one\n', 'secrets.yml': secret });
  await rig.write('secrets.yml', secret, 0o640);
  const { code, stderr } = await rig.hlb(['vault', 'encrypt', 'secrets.yml', ...by('first')]);
  expect([code, stderr]).toEqual([0, 'Encrypted 1 file\n']);
  return rig;
}

/** An editor that runs a command on the file. */
function editor(rig: HlbRig, command: string): Promise<string> {
  return rig.write('editor', `#!/bin/sh\n${command}\n`, 0o755);
}

describe('hlb vault', () => {
  it('encrypts a file in place, keeps its mode, and decrypts it again', async () => {
    const { hlb, read, dir } = await setupVault();
    expect(await read('secrets.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n[0-9a-f\n]+$/);
    expect(statSync(join(dir, 'secrets.yml')).mode & 0o777).toBe(0o640);
    const { code, stderr } = await hlb(['vault', 'decrypt', 'secrets.yml', ...by('first')]);
    expect([code, stderr]).toEqual([0, 'Decrypted 1 file\n']);
    expect(await read('secrets.yml')).toBe(secret);
    expect(statSync(join(dir, 'secrets.yml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(dir).sort()).toEqual(['first', 'second', 'secrets.yml']);
  });

  it('prints what is in a file, and writes it elsewhere', async () => {
    const { hlb, read, dir } = await setupVault();
    const viewed = await hlb(['vault', 'view', 'secrets.yml', ...by('second', 'first')]);
    expect(viewed).toEqual({ code: 0, stdout: secret, stderr: '' });
    const piped = await hlb(['vault', 'decrypt', 'secrets.yml', '--output', '-', ...by('first')]);
    expect(piped).toEqual({ code: 0, stdout: secret, stderr: '' });
    await hlb(['vault', 'decrypt', 'secrets.yml', '--output', 'plain.yml', ...by('first')]);
    expect(await read('plain.yml')).toBe(secret);
    expect(statSync(join(dir, 'plain.yml')).mode & 0o777).toBe(0o600);
    expect(await read('secrets.yml')).toMatch(/^\$ANSIBLE_VAULT/);
  });

  it('changes nothing where one of several files is not what it needs, and names each', async () => {
    const { hlb, read, write } = await setupVault();
    await write('open.yml', 'a: 1\n');
    const decrypting = await hlb(['vault', 'decrypt', 'secrets.yml', 'open.yml', 'none.yml', ...by('first')]);
    expect(decrypting).toEqual({
      code: 5,
      stdout: '',
      stderr: lines(
        'error cli/not-a-vault: "open.yml" is not encrypted',
        '  help: "hlb vault encrypt open.yml" makes it one',
        '',
        'error cli/unreadable-file: "none.yml" cannot be read (ENOENT)',
        '',
        '2 errors',
      ),
    });
    expect(await read('secrets.yml')).toMatch(/^\$ANSIBLE_VAULT/);
    const encrypting = await hlb(['vault', 'encrypt', 'open.yml', 'secrets.yml', ...by('first')]);
    expect(encrypting.stderr).toContain('error cli/not-a-vault: "secrets.yml" is encrypted already\n');
    expect(await read('open.yml')).toBe('a: 1\n');
  });

  it.each(['view', 'decrypt', 'edit', 'rekey', 'encrypt'])(
    'asks for no password where %s has no file',
    async (command) => {
      const { hlb } = await setupVault();
      const { code, stderr } = await hlb(['vault', command, 'none.yml']);
      expect([code, stderr]).toEqual([
        5,
        lines('error cli/unreadable-file: "none.yml" cannot be read (ENOENT)', '', '1 error'),
      ]);
    },
  );

  it('says which passwords do not open a file, and shows none of them', async () => {
    const { hlb } = await setupVault();
    const one = await hlb(['vault', 'view', 'secrets.yml', ...by('second')]);
    expect(one.code).toBe(5);
    expect(one.stderr).toContain(
      'error cli/vault-locked: "secrets.yml" stays closed: The vault password does not open it\n',
    );
    const two = await hlb(['vault', 'view', 'secrets.yml', '--vault-id', 'x@second', ...by('second')]);
    expect(two.stderr).toContain('None of the 2 vault passwords opens it');
    expect(one.stderr + two.stderr).not.toContain('another one');
    const none = await hlb(['vault', 'view', 'secrets.yml']);
    expect(none.stderr).toContain(
      'error cli/no-terminal: hlb vault asks for a password, and there is no terminal to ask on\n',
    );
  });

  it('takes passwords from the environment, from programs, and from a client that is told the label', async () => {
    const { hlb, write } = await setupVault();
    for (const name of ['HLB_VAULT_PASSWORD_FILE', 'ANSIBLE_VAULT_PASSWORD_FILE'])
      expect((await hlb(['vault', 'view', 'secrets.yml'], { [name]: 'first' })).stdout).toBe(secret);
    expect(
      (await hlb(['vault', 'view', 'secrets.yml'], { ANSIBLE_VAULT_IDENTITY_LIST: 'a@second, b@first' })).stdout,
    ).toBe(secret);
    await write('keys-client.sh', '#!/bin/sh\n[ "$2" = prod ] || exit 2\necho "open sesame"\n', 0o755);
    const told = await hlb(['vault', 'view', 'secrets.yml', '--vault-id', 'prod@keys-client.sh']);
    expect(told.stdout).toBe(secret);
    const unknown = await hlb(['vault', 'view', 'secrets.yml', '--vault-id', 'dev@keys-client.sh']);
    expect(unknown.stderr).toContain(
      'error cli/vault-password: --vault-id names the program "keys-client.sh", and it has no password for the label "dev"\n',
    );
    await write('empty', '\n');
    expect((await hlb(['vault', 'view', 'secrets.yml', ...by('empty')])).stderr).toContain(
      'error cli/vault-password: --vault-password-file names "empty", which gives an empty password\n',
    );
  });

  it('takes a password file that is a vault itself', async () => {
    const { hlb } = await setupVault();
    await hlb(['vault', 'encrypt', 'second', ...by('first')]);
    const args = ['vault', 'encrypt-string', 'x', '--encrypt-vault-id', 'b', '--vault-id', 'a@first'];
    expect((await hlb([...args, '--vault-id', 'b@second'])).code).toBe(0);
    const alone = await hlb(['vault', 'view', 'secrets.yml', ...by('second')]);
    expect(alone.stderr).toContain('which is a vault itself: No vault password was given');
  });

  it('encrypts with the password that a label chooses, and asks which where there are several', async () => {
    const { hlb, write, read } = await setupVault();
    await write('open.yml', 'a: 1\n');
    const ids = ['--vault-id', 'dev@first', '--vault-id', 'prod@second'];
    const unclear = await hlb(['vault', 'encrypt', 'open.yml', ...ids]);
    expect([unclear.code, unclear.stderr]).toEqual([
      5,
      lines(
        'error cli/vault-id: 2 vault passwords were given, labelled "dev", "prod"',
        '  help: Say by --encrypt-vault-id which of them encrypts',
        '',
        '1 error',
      ),
    ]);
    const misspelled = await hlb(['vault', 'encrypt', 'open.yml', ...ids, '--encrypt-vault-id', 'prd']);
    expect(misspelled.stderr).toContain('Did you mean "prod"?');
    await hlb(['vault', 'encrypt', 'open.yml', ...ids, '--encrypt-vault-id', 'prod']);
    expect(await read('open.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
    expect((await hlb(['vault', 'view', 'open.yml', ...by('second')])).stdout).toBe('a: 1\n');
  });

  it('gives a file another password', async () => {
    const { hlb } = await setupVault();
    const rekeyed = await hlb(['vault', 'rekey', 'secrets.yml', ...by('first'), '--new-vault-password-file', 'second']);
    expect([rekeyed.code, rekeyed.stderr]).toEqual([0, 'Rekeyed 1 file\n']);
    expect((await hlb(['vault', 'view', 'secrets.yml', ...by('second')])).stdout).toBe(secret);
    expect((await hlb(['vault', 'view', 'secrets.yml', ...by('first')])).code).toBe(5);
  });

  it('edits a file in a folder that is gone afterwards, and keeps its label', async () => {
    const rig = await setupVault();
    await rig.hlb(['vault', 'rekey', 'secrets.yml', ...by('first'), '--new-vault-id', 'prod@first']);
    await editor(
      rig,
      'cp "$1" seen; stat -c %a "$(dirname "$1")" "$1" > modes; echo "$1" > where; echo "b: 2" >> "$1"',
    );
    const edited = await rig.hlb(['vault', 'edit', 'secrets.yml', ...by('first')], { EDITOR: './editor' });
    expect(edited).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await rig.read('seen')).toBe(secret);
    expect(await rig.read('modes')).toBe('700\n600\n');
    expect(await rig.read('where')).toMatch(/\.yml\n$/);
    expect(existsSync(join((await rig.read('where')).trim(), '..'))).toBe(false);
    expect(await rig.read('secrets.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/);
    expect((await rig.hlb(['vault', 'view', 'secrets.yml', ...by('first')])).stdout).toBe(`${secret}b: 2\n`);
  });

  it('leaves a file alone that the editor did not change, or whose editor failed', async () => {
    const rig = await setupVault();
    const before = await rig.read('secrets.yml');
    await editor(rig, 'true');
    const unchanged = await rig.hlb(['vault', 'edit', 'secrets.yml', ...by('first')], { EDITOR: './editor' });
    expect([unchanged.code, unchanged.stderr]).toEqual([0, '"secrets.yml" is unchanged\n']);
    await editor(rig, 'echo x >> "$1"; exit 3');
    const failed = await rig.hlb(['vault', 'edit', 'secrets.yml', ...by('first')], { EDITOR: './editor' });
    expect(failed.code).toBe(5);
    expect(failed.stderr).toContain(
      'error cli/editor: The editor "./editor" ended with exit code 3, so nothing was written\n',
    );
    expect(await rig.read('secrets.yml')).toBe(before);
  });

  it('creates a file in the editor, and only where none is', async () => {
    const rig = await setupVault();
    await editor(rig, 'echo "c: 3" > "$1"');
    const made = await rig.hlb(['vault', 'create', 'vars/new.yml', ...by('first')], { EDITOR: './editor' });
    expect(made).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await rig.hlb(['vault', 'view', 'vars/new.yml', ...by('first')])).stdout).toBe('c: 3\n');
    const again = await rig.hlb(['vault', 'create', 'vars/new.yml', ...by('first')], { EDITOR: './editor' });
    expect(again.stderr).toContain('error cli/unwritable-file: "vars/new.yml" is there already\n');
  });

  it('prints encrypted values that a file of variables can hold', async () => {
    const { hlb, write } = await setupVault();
    const made = await hlb(['vault', 'encrypt-string', 'tops3cret', '-n', 'token', ...by('first')]);
    expect(made.stdout).toMatch(/^token: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n( {10}[0-9a-f]+\n)+$/);
    await write('hosts', 'w1 ansible_connection=local\n');
    await write('host_vars/w1.yml', made.stdout);
    await write(
      'site.yml',
      '- hosts: w1\n  gather_facts: false\n  tasks:\n    - debug: { msg: "it is {{ token | length }} long" }\n',
    );
    const played = await hlb(['play', 'site.yml', '-i', 'hosts', ...by('first')]);
    expect(played.stdout).toContain('it is 9 long');
    const two = await hlb(['vault', 'encrypt_string', 'a', 'b', '--name', 'first', ...by('first')]);
    expect(two.stderr).toBe('# "first" from the command line\n# A text from the command line\n');
    expect(two.stdout.match(/!vault \|/g)).toHaveLength(2);
    const many = await hlb(['vault', 'encrypt-string', 'a', '-n', 'x', '-n', 'y', ...by('first')]);
    expect([many.code, many.stderr]).toEqual([
      5,
      'error: --name is given 2 times for 1 texts\n(--help shows what there is)\n',
    ]);
  });
});

describe('hlb vault on a terminal', () => {
  it('asks for a new password twice, and writes nothing where the two differ', async () => {
    const rig = await setupHlb({ 'a.yml': 'a: 1\n' });
    const type = async (first: string, second: string): Promise<string> => {
      const running = rig.onTerminal(['vault', 'encrypt', 'a.yml']);
      await running.said('New vault password:');
      running.child.stdin?.write(`${first}\r`);
      await running.said('Confirm new vault password:');
      running.child.stdin?.write(`${second}\r`);
      const { stdout } = await running.ended;
      return stdout;
    };
    expect(await type('one', 'two')).toContain('The two passwords differ');
    expect(await rig.read('a.yml')).toBe('a: 1\n');
    const shown = await type('one', 'one');
    expect(shown).toContain('Encrypted 1 file');
    expect(shown).not.toContain('one\r');
    await rig.write('pass', 'one\n');
    expect((await rig.hlb(['vault', 'view', 'a.yml', ...by('pass')])).stdout).toBe('a: 1\n');
  });
});
