import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AnsibleCore, ansibleCore } from '../rig/ansible-core.ts';
import { type HlbRig, setupHlb } from '../rig/hlb.ts';

/** What ansible-vault writes hlb opens, and what hlb writes ansible-vault opens. */

let ansible: AnsibleCore;
beforeAll(async () => {
  ansible = await ansibleCore();
});

async function ansibleVault({ dir }: HlbRig, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(ansible.python, [ansible.bin('ansible-vault'), ...args], {
    cwd: dir,
    env: { PATH: process.env['PATH'], HOME: dir, ...ansible.env, EDITOR: './editor' },
  });
  return stdout;
}

async function hlbVault({ hlb }: HlbRig, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await hlb(['vault', ...args], { EDITOR: './editor' });
  expect([args, code, stderr]).toEqual([args, 0, expect.not.stringContaining('error')]);
  return stdout;
}

type Vault = (rig: HlbRig, args: readonly string[]) => Promise<string>;
const pairs: readonly (readonly [string, Vault, string, Vault])[] = [
  ['ansible-vault', ansibleVault, 'hlb', hlbVault],
  ['hlb', hlbVault, 'ansible-vault', ansibleVault],
];

const contents = {
  'nothing at all': Buffer.alloc(0),
  'a file of variables': Buffer.from('token: "geheim ü"\n'),
  'sixteen bytes': Buffer.from('0123456789abcdef'),
  'bytes of no text': randomBytes(5000),
};

function setup(): Promise<HlbRig> {
  return setupHlb({ pass: ' open sesame ü \n', other: 'another\n', 'secrets-client': '' });
}

for (const [writer, write, reader, read] of pairs) {
  describe(`what ${writer} has written`, () => {
    for (const [what, content] of Object.entries(contents)) {
      it(`${reader} opens, when it is ${what}`, async () => {
        const rig = await setup();
        const path = join(rig.dir, 'file');
        for (const id of [
          ['--vault-password-file', 'pass'],
          ['--vault-id', 'prod@pass'],
        ]) {
          writeFileSync(path, content);
          await write(rig, ['encrypt', 'file', ...id]);
          await read(rig, ['decrypt', 'file', '--vault-id', 'x@other', ...id]);
          expect(readFileSync(path).equals(content)).toBe(true);
        }
      });
    }

    it(`${reader} gives another password and label`, async () => {
      const rig = await setup();
      await rig.write('file', 'a: 1\n');
      await write(rig, ['encrypt', 'file', '--vault-id', 'old@pass']);
      await read(rig, ['rekey', 'file', '--vault-id', 'old@pass', '--new-vault-id', 'new@other']);
      expect((await rig.read('file')).split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;new');
      expect(await write(rig, ['view', 'file', '--vault-password-file', 'other'])).toContain('a: 1\n');
    });

    it(`${reader} edits, keeping the label`, async () => {
      const rig = await setup();
      await rig.write('editor', '#!/bin/sh\necho "b: 2" >> "$1"\n', 0o755);
      await rig.write('file', 'a: 1\n');
      await write(rig, ['encrypt', 'file', '--vault-id', 'prod@pass']);
      await read(rig, ['edit', 'file', '--vault-id', 'x@other', '--vault-id', 'prod@pass']);
      expect((await rig.read('file')).split('\n')[0]).toBe('$ANSIBLE_VAULT;1.2;AES256;prod');
      expect(await write(rig, ['view', 'file', '--vault-password-file', 'pass'])).toContain('a: 1\nb: 2\n');
    });

    it(`${reader} opens with a client program that is told the label`, async () => {
      const rig = await setup();
      await rig.write('keys-client.sh', '#!/bin/sh\n[ "$1 $2" = "--vault-id prod" ] || exit 2\necho secret\n', 0o755);
      await rig.write('file', 'a: 1\n');
      await write(rig, ['encrypt', 'file', '--vault-id', 'prod@keys-client.sh']);
      expect(await read(rig, ['view', 'file', '--vault-id', 'prod@keys-client.sh'])).toContain('a: 1\n');
    });

    it(`${reader} opens as a value in YAML`, async () => {
      const rig = await setup();
      const args = ['encrypt_string', 'tops3cret', '--name', 'token', '--vault-id', 'prod@pass'];
      const yaml = await write(rig, args);
      const shape = (text: string): string => text.replaceAll(/^( +)[0-9a-f]+$/gm, '$1X');
      expect(shape(yaml)).toBe(shape(await read(rig, args)));
      await rig.write('vault', yaml.split('\n').slice(1).join('\n').replaceAll(/^ +/gm, ''));
      expect(await read(rig, ['view', 'vault', '--vault-password-file', 'pass'])).toContain('tops3cret');
    });
  });
}
