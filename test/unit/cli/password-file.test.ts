import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createPasswords } from '../../../src/cli/play/password-file.ts';

const root = mkdtempSync(join(tmpdir(), 'hlb-passwords-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const asked = { length: 12, alphabet: 'ab', salted: false, write: true };
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('A password in a file', () => {
  it('is made once, written for its owner alone, and read by the next run', () => {
    const path = join(root, 'deep/er/pw');
    const made = createPasswords()({ ...asked, path });
    expect(made.text).toMatch(/^[ab]{12}$/);
    expect(readFileSync(path, 'utf8')).toBe(`${made.text}\n`);
    expect([modeOf(path), modeOf(join(root, 'deep'))]).toEqual([0o600, 0o700]);
    expect(createPasswords()({ ...asked, path, length: 3 })).toEqual(made);
  });

  it('gets a salt when it is first to be hashed, and keeps it', () => {
    const path = join(root, 'salted');
    writeFileSync(path, 'known\n');
    const salted = createPasswords()({ ...asked, path, salted: true });
    expect(salted).toEqual({ text: 'known', salt: expect.stringMatching(/^[./0-9A-Za-z]{16}$/) });
    expect(readFileSync(path, 'utf8')).toBe(`known salt=${salted.salt}\n`);
    expect(createPasswords()({ ...asked, path })).toEqual(salted);
  });

  it('is kept in mind and not written where nothing is to change', () => {
    const path = join(root, 'dry/pw');
    const passwords = createPasswords();
    const made = passwords({ ...asked, path, write: false });
    expect(passwords({ ...asked, path, write: false })).toEqual(made);
    expect(existsSync(join(root, 'dry'))).toBe(false);
    expect(passwords({ ...asked, path })).toEqual(made);
    expect(existsSync(path)).toBe(true);
  });

  it('is another one each time for /dev/null', () => {
    const passwords = createPasswords();
    const alphabet = 'abcdefghijklmnopqrstuvwxyz';
    const of = (): string => passwords({ ...asked, alphabet, path: '/dev/null' }).text;
    expect(of()).not.toBe(of());
  });
});
