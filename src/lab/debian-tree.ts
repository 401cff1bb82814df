import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { mirrorLine, sourcesFor } from './apt-sources.ts';
import { run } from './run.ts';

/**
 * Unpacks packages of a Debian suite, with what they need and without running any of their scripts, calls `use` with
 * the directory and removes it. Gives undefined where the suite cannot be reached.
 */
export async function withDebianTree<T>(
  cache: string,
  suite: string,
  packages: readonly string[],
  use: (root: string) => Promise<T>,
): Promise<T | undefined> {
  const root = mkdtempSync(join(cache, `${suite}.`));
  try {
    const own = sourcesFor(suite);
    const line = mirrorLine(suite);
    const mirrors = own.length > 0 ? own : line === undefined ? [] : [line];
    const include = `--include=${packages.join(',')}`;
    const unpacked = await run('mmdebstrap', [
      '--variant=extract',
      '--mode=root',
      '--quiet',
      include,
      suite,
      root,
      ...mirrors,
    ]);
    if (unpacked.code !== 0) return undefined;
    // Merged /usr is made by a package's script, which has not run.
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
      if (!existsSync(join(root, name)) && existsSync(join(root, 'usr', name)))
        symlinkSync(`usr/${name}`, join(root, name));
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
