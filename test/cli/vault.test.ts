import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

/** "topsecret ü" under the password "open sesame", made by ansible-vault. */
const vault = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '34353734353038653266636334383366306261303364633935323465653534363131373763626532',
  '6638366538663564346139343563643633343637633365380a373662343634383739623131666236',
  '38356231386539373466333963316335376337623439343362383866656565636237353233333230',
  '6164666533323134380a316637663837643064373631613336313631303833336666653161333531',
  '3732',
];

const files = {
  'site.yml': lines(
    '- hosts: w1',
    '  gather_facts: false',
    '  tasks:',
    '    - debug:',
    '        msg: "it is {{ token | trim }}, of {{ token | length }} characters"',
  ),
  hosts: 'w1 ansible_connection=local\n',
  'host_vars/w1.yml': lines('token: !vault |', ...vault.map((line) => `  ${line}`)),
};

describe('a vault', () => {
  it('is opened by a password file or program, and what is in it is never shown', async () => {
    const { hlb, write } = await setupHlb({ ...files, wrong: 'sesame\n', right: 'open sesame\n' });
    await write('program', '#!/bin/sh\necho open sesame\n', 0o755);
    for (const passwords of [['right'], ['wrong', 'right'], ['./program']]) {
      const options = passwords.flatMap((path) => ['--vault-password-file', path]);
      const { code, stdout, stderr } = await hlb(['play', 'site.yml', '-i', 'hosts', ...options]);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('ok: [w1] => it is ********, of 12 characters\n');
    }
  });

  it('of variables that stays closed is told as such, and not what its names would be', async () => {
    const { hlb } = await setupHlb({
      ...files,
      'all.yml': lines(...vault),
      'site.yml': lines('- hosts: w1', '  vars_files: [all.yml]', '  tasks:', '    - debug: { msg: "{{ of_all }}" }'),
    });
    const { code, stdout } = await hlb(['check', 'site.yml', '-i', 'w1,']);
    expect(code).toBe(5);
    expect(stdout).toContain(
      'all.yml:1:1 error vars/vault-locked: "all.yml" is encrypted: no vault password was given',
    );
    expect(stdout).not.toContain('of_all');
  });

  it('that stays closed is a mistake with a remedy', async () => {
    const { hlb } = await setupHlb({ ...files, wrong: 'sesame\n' });
    const closed = await hlb(['check', 'site.yml', '-i', 'hosts']);
    expect(closed.code).toBe(5);
    expect(closed.stdout).toContain(
      'error vars/vault-locked: This value is encrypted, and no vault password was given\n',
    );
    const wrong = await hlb(['check', 'site.yml', '-i', 'hosts', '--vault-password-file', 'wrong']);
    expect(wrong.stdout).toContain('error vars/vault-locked: The vault password does not open it\n');
    const missing = await hlb(['check', 'site.yml', '-i', 'hosts', '--vault-password-file', 'none']);
    expect(missing.stdout).toContain(
      'error cli/unreadable-file: --vault-password-file names "none", which cannot be read\n',
    );
  });
});
