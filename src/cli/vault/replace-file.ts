import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file in one step, or makes one that only its owner may read. Mode, owner and symbolic links stay. With
 * `wipes` the old bytes are overwritten as well, unless another name still shows them.
 */
export function replaceFile(
  path: string,
  content: Uint8Array | string,
  { wipes = false }: { readonly wipes?: boolean } = {},
): void {
  const before = statSync(path, { throwIfNoEntry: false });
  const target = before === undefined ? path : realpathSync(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  const old = wipes && before?.nlink === 1 ? openSync(target, 'r+') : undefined;
  try {
    writeNew(temporary, content, before);
    renameSync(temporary, target);
    if (old !== undefined) overwrite(old);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    if (old !== undefined) closeSync(old);
  }
}

function writeNew(path: string, content: Uint8Array | string, like: Stats | undefined): void {
  const handle = openSync(path, 'wx', 0o600);
  try {
    writeWhole(handle, Buffer.from(content));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (like === undefined) return;
  const { uid, gid } = statSync(path);
  if (uid !== like.uid || gid !== like.gid) chownSync(path, like.uid, like.gid);
  chmodSync(path, like.mode & 0o7777);
}

/** Overwrites a file and takes its name away. */
export function wipeFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    overwrite(handle);
  } finally {
    closeSync(handle);
  }
  rmSync(path);
}

function overwrite(handle: number): void {
  writeWhole(handle, randomBytes(fstatSync(handle).size));
  fsyncSync(handle);
}

/** From its beginning. */
function writeWhole(handle: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at, at);
}
