import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { setupHlb } from '../rig/hlb.ts';

/** A cache of its own, and the version told with it. */
async function setup() {
  const cache = mkdtempSync(join(tmpdir(), 'hlb-code-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const { hlb } = await setupHlb();
  const dir = join(cache, 'hlb', 'code');
  return {
    dir,
    run: async (...args: readonly string[]) => {
      const { code, stderr } = await hlb(args, { XDG_CACHE_HOME: cache });
      return [code, stderr];
    },
    kept: () => readdirSync(dir).map((name) => join(dir, name)),
  };
}

describe('the compiled code of a command', () => {
  it('is kept for the next run, for its user alone', async () => {
    const { run, kept, dir } = await setup();
    expect(await run('explain', 'yaml/duplicate-key')).toEqual([0, '']);
    const [path = ''] = kept();
    expect([statSync(dir).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
    const written = statSync(path).mtimeMs;
    expect(await run('explain', 'yaml/duplicate-key')).toEqual([0, '']);
    expect(kept().map((one) => statSync(one).mtimeMs)).toEqual([written]);
  });

  it('is kept for each command, and removed with the version that it was made from', async () => {
    const { run, kept, dir } = await setup();
    await run('--version');
    writeFileSync(join(dir, '0123456789abcdef-v20.0.0-x64-play'), 'of an older hlb');
    await run('explain');
    expect(kept().map((path) => path.split('-').at(-1))).toEqual(['explain', 'hlb']);
  });

  const spoils: (readonly [string, (path: string) => void])[] = [
    ['broken', (path) => writeFileSync(path, 'no code')],
    ['cut short', (path) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
    ['writable by others', (path) => chmodSync(path, 0o666)],
  ];
  // Only root can give a file away.
  if (process.getuid?.() === 0) spoils.push(['of somebody else', (path) => chownSync(path, 65534, 65534)]);
  it.each(spoils)('is made again where it is %s', async (_how, spoil) => {
    const { run, kept } = await setup();
    await run('explain');
    const [path = ''] = kept();
    const size = statSync(path).size;
    spoil(path);
    expect(await run('explain', 'yaml/duplicate-key')).toEqual([0, '']);
    const { uid, mode, size: again } = statSync(path);
    expect([uid, mode & 0o777, again > size / 2]).toEqual([process.getuid?.(), 0o600, true]);
  });

  it('is done without where nothing can be written', async () => {
    const { hlb } = await setupHlb();
    expect((await hlb(['--version'], { XDG_CACHE_HOME: '/dev/null' })).code).toBe(0);
  });
});
