import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Change, WriteFile } from '../../../src/host/change.ts';
import { contentOf } from '../../../src/host/content.ts';
import { apply } from '../../rig/apply.ts';
import { shellRig } from '../../rig/shells.ts';

const rig = shellRig();
const root = mkdtempSync(join(tmpdir(), 'hlb-apply-'));
afterAll(() => {
  rig.dispose();
  rmSync(root, { recursive: true, force: true });
});
const isRoot = process.getuid?.() === 0;
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
const modeOf = (path: string): number => lstatSync(path).mode & 0o7777;

function write(path: string, content: string | Uint8Array, rest: Partial<WriteFile> = {}): WriteFile {
  return { kind: 'write-file', path, content: contentOf(content), backup: false, follow: false, ...rest };
}

describe.each(rig.shells)('files changed through $name', (shell) => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(root, `${shell.name}-`));
  });
  const at = (name: string): string => join(folder, name);
  const one = async (change: Change, options = {}) => (await apply(shell, [change], options))[0];

  it('writes any bytes under any name, and leaves nothing else behind', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const contents = [
      '',
      'plain\n',
      "it's 100%\\n $HOME `x`\n",
      '-n',
      '\u00e4\u20ac\u{1f600}',
      all,
      Buffer.concat(Array(40).fill(all)),
    ];
    for (const name of ['f', 'a b', "q'", 'new\nline', '-dash']) {
      for (const content of contents) {
        expect(await one(write(at(name), content))).toMatchObject({ status: 'done', code: 0 });
        expect(readFileSync(at(name)).equals(Buffer.from(content))).toBe(true);
      }
    }
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('gives a new file the mode asked for, or 0666 without the umask', async () => {
    for (const mode of [0o644, 0o600, 0o755, 0o4711, 0o444, 0o000, 0o1666]) {
      await one(write(at(`m${mode}`), 'x', { mode }));
      expect(modeOf(at(`m${mode}`))).toBe(mode);
    }
    await one(write(at('default'), 'x'));
    expect(modeOf(at('default'))).toBe(0o666 & ~process.umask());
  });

  it('keeps the attributes of the old file that are not named', async () => {
    writeFileSync(at('f'), 'old');
    chmodSync(at('f'), 0o640);
    if (isRoot) chownSync(at('f'), 12, 34);
    await one(write(at('f'), 'new'));
    expect(modeOf(at('f'))).toBe(0o640);
    if (isRoot) expect([statSync(at('f')).uid, statSync(at('f')).gid]).toEqual([12, 34]);
    await one(write(at('f'), 'newer', { mode: 0o604 }));
    expect([modeOf(at('f')), readFileSync(at('f'), 'utf8')]).toEqual([0o604, 'newer']);
    if (isRoot) expect([statSync(at('f')).uid, statSync(at('f')).gid]).toEqual([12, 34]);
  });

  it.runIf(isRoot)('sets owner and group by name or number', async () => {
    await one(write(at('f'), 'x', { owner: '12', group: '34', mode: 0o4755 }));
    expect([statSync(at('f')).uid, statSync(at('f')).gid, modeOf(at('f'))]).toEqual([12, 34, 0o4755]);
    await one(write(at('f'), 'y', { group: '0' }));
    expect([statSync(at('f')).uid, statSync(at('f')).gid, modeOf(at('f'))]).toEqual([12, 0, 0o4755]);
  });

  it('replaces a symlink, or writes through it', async () => {
    writeFileSync(at('target'), 'old');
    symlinkSync('target', at('link'));
    await one(write(at('link'), 'through', { follow: true }));
    expect([readlinkSync(at('link')), readFileSync(at('target'), 'utf8')]).toEqual(['target', 'through']);
    await one(write(at('link'), 'instead'));
    expect([lstatSync(at('link')).isFile(), readFileSync(at('target'), 'utf8')]).toEqual([true, 'through']);
    mkdirSync(at('dir'));
    symlinkSync('dir', at('dirlink'));
    await one(write(at('dirlink'), 'instead'));
    expect([lstatSync(at('dirlink')).isFile(), readdirSync(at('dir'))]).toEqual([true, []]);
  });

  it('follows links to nowhere, and gives up on those that lead below themselves or in a circle', async () => {
    symlinkSync('here', at('dangling'));
    expect(await one(write(at('dangling'), 'x', { follow: true }))).toMatchObject({ status: 'done' });
    expect([readlinkSync(at('dangling')), readFileSync(at('here'), 'utf8')]).toEqual(['here', 'x']);
    symlinkSync('loop/x', at('loop'));
    symlinkSync('two', at('one'));
    symlinkSync('one', at('two'));
    for (const name of ['loop', 'one']) {
      expect(await one(write(at(name), 'x', { follow: true }))).toMatchObject({ status: 'failed' });
    }
  });

  it('refuses a directory, a missing parent and a content that the validator refuses', async () => {
    mkdirSync(at('dir'));
    expect(await one(write(at('dir'), 'x'))).toMatchObject({
      status: 'failed',
      stderr: `Cannot write "${at('dir')}": it is a directory\n`,
    });
    expect(await one(write(at('no/f'), 'x'))).toMatchObject({
      status: 'failed',
      stderr: `Cannot write "${at('no/f')}": "${at('no')}" is no directory\n`,
    });
    writeFileSync(at('f'), 'good');
    const bad = await one(write(at('f'), 'bad', { validate: ['grep', '-q', 'good', '%s'] }));
    expect(bad).toMatchObject({
      status: 'failed',
      reason: 'validate',
      code: 1,
      stderr: 'The new content was refused by grep -q good %s\n',
    });
    expect(readFileSync(at('f'), 'utf8')).toBe('good');
    expect(await one(write(at('f'), 'very good', { validate: ['grep', '-q', 'good', '%s'] }))).toMatchObject({
      status: 'done',
    });
    expect(readdirSync(folder).sort()).toEqual(['dir', 'f']);
  });

  it('keeps a copy of the old file under the name that Ansible gives it', async () => {
    expect(await one(write(at('f'), 'first', { backup: true }))).not.toHaveProperty('backup');
    const second = await one(write(at('f'), 'second', { backup: true }));
    const backup = second?.status === 'done' ? (second.backup ?? '') : '';
    expect(backup).toMatch(/\/f\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
    expect([readFileSync(backup, 'utf8'), readFileSync(at('f'), 'utf8')]).toEqual(['first', 'second']);
  });

  it('does nothing where the guard does not hold, nor anything after it', async () => {
    writeFileSync(at('f'), 'now');
    const guarded = (value: string): WriteFile =>
      write(at('f'), 'mine', { guard: { kind: 'file-hash', path: at('f'), hash: 'sha1', value } });
    const outcomes = await apply(shell, [guarded(sha1('then')), write(at('g'), 'x')]);
    expect(outcomes).toEqual([
      { status: 'stale', message: `${at('f')} was changed after it was looked at` },
      { status: 'skipped' },
    ]);
    expect(await one(guarded('absent'))).toMatchObject({ status: 'stale' });
    expect(await one(write(at('h'), 'x', { guard: { kind: 'absent', path: at('f') } }))).toMatchObject({
      status: 'stale',
    });
    expect([readFileSync(at('f'), 'utf8'), existsSync(at('g')), existsSync(at('h'))]).toEqual(['now', false, false]);
    expect(await one(guarded(sha1('now')))).toMatchObject({ status: 'done' });
  });

  it('takes big contents from where they were uploaded, whole ones only', async () => {
    writeFileSync(at('.upload'), 'big');
    const handle = (text: string): WriteFile => ({
      ...write(at('f'), ''),
      content: {
        kind: 'handle',
        sha256: createHash('sha256').update(text).digest('hex'),
        size: 3,
        localPath: '/nowhere',
      },
    });
    const options = { uploaded: () => at('.upload') };
    expect(await one(handle('big'), options)).toMatchObject({ status: 'done' });
    expect(readFileSync(at('f'), 'utf8')).toBe('big');
    expect(await one(handle('bigger'), options)).toMatchObject({
      status: 'failed',
      stderr: `The uploaded content of "${at('f')}" did not arrive whole\n`,
    });
    expect(readdirSync(folder).sort()).toEqual(['.upload', 'f']);
  });

  it('makes directories with their parents', async () => {
    const make = (path: string, mode?: number): Change => ({
      kind: 'make-directory',
      path,
      parents: true,
      ...(mode === undefined ? {} : { mode }),
    });
    expect(await one(make(at('a/b/c'), 0o2750))).toMatchObject({ status: 'done' });
    expect(['a', 'a/b', 'a/b/c'].map((name) => modeOf(at(name)))).toEqual([0o2750, 0o2750, 0o2750]);
    expect(await one(make(at('a/b/c/d'), 0o755))).toMatchObject({ status: 'done' });
    expect(modeOf(at('a/b/c/d'))).toBe(0o755);
    await one(make(at('plain')));
    expect(modeOf(at('plain'))).toBe(0o777 & ~process.umask());
    expect(await one({ kind: 'make-directory', path: at('x/y'), parents: false })).toMatchObject({ status: 'failed' });
  });

  it('sets attributes, recursively and by letters', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/f'), 'x');
    chmodSync(at('d/f'), 0o600);
    await one({ kind: 'set-attributes', path: at('d'), recursive: true, symbolicMode: 'u=rwX,go=rX', follow: false });
    expect([modeOf(at('d')), modeOf(at('d/f'))]).toEqual([0o755, 0o644]);
    await one({ kind: 'set-attributes', path: at('d'), recursive: false, mode: 0o2700, follow: false });
    await one({ kind: 'set-attributes', path: at('d'), recursive: false, mode: 0o700, follow: false });
    expect(modeOf(at('d'))).toBe(0o700);
    expect(
      await one({ kind: 'set-attributes', path: at('no'), recursive: false, mode: 0o700, follow: false }),
    ).toMatchObject({
      status: 'failed',
      stderr: `"${at('no')}" does not exist\n`,
    });
  });

  it('makes links, and replaces what may be replaced', async () => {
    const link = (path: string, target: string, rest = {}): Change => ({
      kind: 'make-link',
      path,
      target,
      hard: false,
      force: true,
      ...rest,
    });
    await one(link(at('l'), 'some where'));
    expect(readlinkSync(at('l'))).toBe('some where');
    mkdirSync(at('dir'));
    await one(link(at('l'), 'dir'));
    await one(link(at('l'), '-other'));
    expect(readlinkSync(at('l'))).toBe('-other');
    writeFileSync(at('f'), 'x');
    expect(await one(link(at('f'), 'dir', { force: false }))).toMatchObject({ status: 'failed' });
    await one(link(at('f'), 'dir'));
    expect(readlinkSync(at('f'))).toBe('dir');
    mkdirSync(at('empty'));
    await one(link(at('empty'), 'dir'));
    expect(readlinkSync(at('empty'))).toBe('dir');
    mkdirSync(at('full'));
    writeFileSync(at('full/x'), '');
    expect(await one(link(at('full'), 'dir'))).toMatchObject({ status: 'failed' });
    await one(link(at('hard'), at('full/x'), { hard: true }));
    expect(statSync(at('hard')).ino).toBe(statSync(at('full/x')).ino);
    expect(readdirSync(folder).filter((name) => name.includes('hlb'))).toEqual([]);
  });

  it('removes, renames, copies and touches', async () => {
    mkdirSync(at('d/e'), { recursive: true });
    writeFileSync(at('d/e/f'), 'deep');
    expect(await one({ kind: 'remove', path: at('no'), recursive: true })).toMatchObject({
      status: 'done',
      noop: true,
    });
    expect(await one({ kind: 'remove', path: at('d'), recursive: false })).toMatchObject({ status: 'failed' });
    await one({ kind: 'copy-path', from: at('d'), to: at('copy'), recursive: true, backup: false });
    await one({ kind: 'copy-path', from: at('d'), to: at('copy'), recursive: true, backup: false });
    expect(readFileSync(at('copy/e/f'), 'utf8')).toBe('deep');
    await one({ kind: 'copy-path', from: at('d/e/f'), to: at('f'), recursive: false, backup: false, mode: 0o600 });
    expect([readFileSync(at('f'), 'utf8'), modeOf(at('f'))]).toEqual(['deep', 0o600]);
    expect(await one({ kind: 'remove', path: at('d'), recursive: true })).toMatchObject({ status: 'done' });
    await one({ kind: 'rename', from: at('f'), to: at('g') });
    expect([existsSync(at('d')), existsSync(at('f')), existsSync(at('g'))]).toEqual([false, false, true]);
    await one({ kind: 'touch', path: at('t'), mtime: 1_000_000_001, atime: 'preserve', mode: 0o640 });
    expect([statSync(at('t')).mtimeMs, modeOf(at('t'))]).toEqual([1_000_000_001_000, 0o640]);
    await one({ kind: 'touch', path: at('t'), mtime: 'now', atime: 1_000_000_002 });
    expect(statSync(at('t')).atimeMs).toBe(1_000_000_002_000);
    expect(Math.abs(statSync(at('t')).mtimeMs - Date.now())).toBeLessThan(60_000);
    for (const path of ['/', '/.', '//', '..']) {
      expect(await one({ kind: 'remove', path, recursive: true })).toMatchObject({ status: 'failed' });
    }
  });
});
