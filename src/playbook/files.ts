import { dirname, join, normalize } from 'node:path';

/** The controller's files, read synchronously and handed in. Paths as the person named them, relative to the working directory. */
export interface Files {
  /** The text of a file; `undefined` where there is no such file. */
  readonly readFile: (path: string) => string | undefined;
  /** A file or a folder. */
  readonly exists: (path: string) => boolean;
  /** Names in a folder; empty where there is none. */
  readonly list: (path: string) => readonly string[];
}

/** `path` as seen from the folder `from`. */
export function resolvePath(from: string, path: string): string {
  return path.startsWith('/') ? normalize(path) : normalize(join(from, path));
}

/** The folder of a file; `.` for a bare name. */
export function folderOf(path: string): string {
  return dirname(path);
}

/** The first of these that is there. */
export function firstThatExists(files: Files, candidates: readonly string[]): string | undefined {
  return candidates.find((path) => files.exists(path));
}
