import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { setupHlb } from '../rig/hlb.ts';

/** A cache of its own, and a command that needs both files of the bundle. */
async function setup() {
  const cache = mkdtempSync(join(tmpdir(), 'hlb-code-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const { hlb } = await setupHlb();
  const dir = join(cache, 'hlb', 'code');
  const files = (): readonly string[] => readdirSync(dir).map((name) => join(dir, name));
  return {
    cache,
    dir,
    files,
    explain: async () => {
      const { code, stderr } = await hlb(['explain', 'yaml/duplicate-key'], { XDG_CACHE_HOME: cache });
      return [code, stderr];
    },
    version: () => hlb(['--version'], { XDG_CACHE_HOME: cache }),
    work: () => files().find((path) => path.endsWith('-explain-work')) ?? '',
  };
}

describe('the compiled code of a command', () => {
  it('is kept for the next run, for its user alone', async () => {
    const { explain, files, dir } = await setup();
    expect(await explain()).toEqual([0, '']);
    const written = (): readonly number[] => files().map((path) => statSync(path).mtimeMs);
    const before = written();
    expect(before.length).toBe(2);
    expect([dir, ...files()].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600, 0o600]);
    expect(await explain()).toEqual([0, '']);
    expect(written()).toEqual(before);
  });

  it('is kept for each command, and what is a month old is removed, but nothing that is not of hlb', async () => {
    const { explain, version, files, dir } = await setup();
    await version();
    const old = ['0123456789abcdef-v20.0.0-x64-play-work', '0123456789abcdef-v20.0.0-x64-play-work.7', 'notes.txt'];
    for (const name of old) {
      writeFileSync(join(dir, name), 'of somebody');
      utimesSync(join(dir, name), 1, 1);
    }
    await explain();
    const kept = files().map((path) => path.slice(dir.length + 1).replace(/^[0-9a-f]{16}-v[\d.]+-\w+-/, ''));
    expect(kept.sort()).toEqual(['explain-main', 'explain-work', 'hlb-main', 'notes.txt']);
  });

  const spoils: (readonly [string, (path: string) => void])[] = [
    ['broken', (path) => writeFileSync(path, 'no code')],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
    ['damaged', (path) => writeFileSync(path, readFileSync(path).fill(0, 5000, 9000))],
    ['writable by others', (path) => chmodSync(path, 0o666)],
    [
      'a link',
      (path) => {
        writeFileSync(`${path}-elsewhere`, readFileSync(path));
        rmSync(path);
        symlinkSync(`${path}-elsewhere`, path);
      },
    ],
  ];
  // Only root can give a file away.
  if (process.getuid?.() === 0) spoils.push(['of somebody else', (path) => chownSync(path, 65534, 65534)]);
  it.each(spoils)('is made again where it is %s', async (_how, spoil) => {
    const { explain, work } = await setup();
    await explain();
    const size = statSync(work()).size;
    spoil(work());
    expect(await explain()).toEqual([0, '']);
    const { uid, mode, size: again } = statSync(work());
    expect([uid, mode & 0o777, again > size / 2]).toEqual([process.getuid?.(), 0o600, true]);
  });

  it('is not looked for in a folder that is a link or that others may write', async () => {
    const { cache, dir, version } = await setup();
    const elsewhere = join(cache, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(cache, 'hlb'));
    writeFileSync(join(elsewhere, 'a.conf'), '');
    symlinkSync(elsewhere, dir);
    expect((await version()).code).toBe(0);
    expect(readdirSync(elsewhere)).toEqual(['a.conf']);
    rmSync(dir);
    mkdirSync(dir);
    chmodSync(dir, 0o777);
    expect((await version()).code).toBe(0);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('makes no home for who has none, and is kept behind a link to one', async () => {
    const { hlb, dir } = await setupHlb();
    const none = join(dir, 'none');
    expect((await hlb(['--version'], { HOME: none, XDG_CACHE_HOME: '' })).code).toBe(0);
    expect(existsSync(none)).toBe(false);
    const link = join(dir, 'link');
    mkdirSync(join(dir, 'home'));
    symlinkSync(join(dir, 'home'), link);
    expect((await hlb(['--version'], { HOME: link, XDG_CACHE_HOME: '' })).code).toBe(0);
    expect(existsSync(join(dir, 'home', '.cache', 'hlb', 'code'))).toBe(true);
  });

  it('is done without where nothing can be written', async () => {
    const { hlb } = await setupHlb();
    expect((await hlb(['--version'], { XDG_CACHE_HOME: '/dev/null' })).code).toBe(0);
    expect(existsSync('/dev/null/hlb')).toBe(false);
  });
});
