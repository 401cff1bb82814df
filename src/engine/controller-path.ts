import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ControllerPath } from '../expr/api.ts';

/** What the controller has at a path; who may not look sees nothing, and an empty path is nowhere. */
export async function lookAt(written: string, workingDirectory: string): Promise<ControllerPath> {
  // Not made normal: `no-such-folder/../file` is nowhere either.
  const path = written.startsWith('/') ? written : `${workingDirectory}/${written}`;
  const real = await realPath(path.split('/'));
  if (written === '') return { real, isLink: false };
  const [own, followed, above] = await Promise.all([
    lstat(path).catch(() => undefined),
    stat(path).catch(() => undefined),
    stat(`${path}/..`).catch(() => undefined),
  ]);
  const isLink = own?.isSymbolicLink() ?? false;
  return {
    real,
    isLink,
    ...(followed === undefined
      ? {}
      : {
          target: {
            type: followed.isFile() ? 'file' : followed.isDirectory() ? 'directory' : 'other',
            identity: `${followed.dev}:${followed.ino}`,
            isMount: !isLink && above !== undefined && (followed.dev !== above.dev || followed.ino === above.ino),
          },
        }),
  };
}

/** More links than Linux follows lead in a circle. */
const mostLinks = 40;

/** As Python resolves a path: links are followed wherever they are, and what is not there stays as written. */
async function realPath(parts: readonly string[]): Promise<string> {
  let links = 0;
  let path = '/';
  const left = [...parts].reverse();
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (part === '' || part === '.') continue;
    const next = part === '..' ? dirname(path) : join(path, part);
    const link = part === '..' || links === mostLinks ? undefined : await readlink(next).catch(() => undefined);
    if (link === undefined) {
      path = next;
      continue;
    }
    links += 1;
    if (link.startsWith('/')) path = '/';
    left.push(...link.split('/').reverse());
  }
  return path;
}
