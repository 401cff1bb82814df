import { posix } from 'node:path';
import { file } from '../host/ask.ts';
import type { FileQuery, Observation } from '../host/observation.ts';
import type { Seen } from './define.ts';

/** What must be known of a file that may be written. */
export function targetQuery(path: string, follow: boolean): FileQuery {
  return file(path, { follow, hashes: ['sha256'] });
}

/** Where a file goes: below `dest` where that ends with a slash or is a directory, else to `dest` itself. */
export interface Destination {
  readonly dest: string;
  /** The source's own name; absent where `dest` can only be the file. */
  readonly name: string | undefined;
  readonly follow: boolean;
}

function goesBelow(to: Destination, seen: Seen): boolean {
  if (to.name === undefined) return false;
  if (to.dest.endsWith('/')) return true;
  const fact = seen.maybe(targetQuery(to.dest, to.follow));
  if (fact?.exists !== true) return false;
  if (fact.type !== 'link') return fact.type === 'directory';
  const target = seen.maybe(file(to.dest, { follow: true }));
  return target?.exists === true && target.type === 'directory';
}

/** The path of the file itself, as far as is known. */
export function destinationPath(to: Destination, seen: Seen): string {
  return goesBelow(to, seen) ? posix.join(to.dest, to.name ?? '') : to.dest;
}

/** For `observe`: names more once it is known that `dest` is a directory. */
export function destinationQueries(to: Destination, seen: Seen): readonly Observation[] {
  const direct = targetQuery(to.dest, to.follow);
  const path = destinationPath(to, seen);
  if (to.name !== undefined && to.dest.endsWith('/')) return [targetQuery(path, to.follow)];
  const fact = seen.maybe(direct);
  return [
    direct,
    ...(fact?.exists === true && fact.type === 'link' ? [file(to.dest, { follow: true })] : []),
    ...(path === to.dest ? [] : [targetQuery(path, to.follow)]),
  ];
}
