import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPasswords } from '../../../src/cli/play/password-file.ts';

const asked = { length: 12, alphabet: 'ab', salted: false, write: true };

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'hlb-password-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

describe('a password that is kept in a file', () => {
  it('is made once, with the folders above it, for its user alone', () => {
    const path = join(folder(), 'a', 'b', 'secret');
    const { text } = createPasswords()({ ...asked, path });
    expect(text).toMatch(/^[ab]{12}$/);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([`${text}\n`, 0o600]);
    expect(createPasswords()({ ...asked, path }).text).toBe(text);
  });

  it('fails where it cannot be kept, and does not look for ever', () => {
    const dir = folder();
    writeFileSync(join(dir, 'file'), '');
    for (const path of ['/proc/nope/deeper/x', dir, join(dir, 'file', 'x')])
      expect(() => createPasswords()({ ...asked, path })).toThrow(/ENOENT|EISDIR|ENOTDIR|EEXIST|EACCES/);
  });
});
