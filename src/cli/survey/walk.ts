import { closeSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Files } from '../../playbook/files.ts';
import { localFiles } from '../files.ts';

/** Folders that belong to other tools. */
const foreign = new Set([
  '.git',
  '.hg',
  '.svn',
  '.tox',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.vagrant',
  '.terraform',
]);

/** No playbook is longer; what is, is data. */
const longest = 2 * 1024 * 1024;

/** Every file below a folder, in the order of the names. Each folder once and by its own name, whatever links lead to it. */
export function filesBelow(root: string): readonly string[] {
  const visited = new Set<string>();
  const found: string[] = [];
  const top = attempt(() => realpathSync(root)) ?? root;
  const visit = (folder: string): void => {
    const real = attempt(() => realpathSync(folder));
    if (real === undefined || visited.has(real)) return;
    visited.add(real);
    for (const name of attempt(() => readdirSync(folder).sort()) ?? []) {
      const path = folder === '.' ? name : join(folder, name);
      const stat = attempt(() => statSync(path));
      if (stat?.isDirectory() === true) {
        const isElsewhereInTree = attempt(() => realpathSync(path))?.startsWith(`${top}/`) === true && isLink(path);
        if (!foreign.has(name) && !isElsewhereInTree) visit(path);
      } else if (stat?.isFile() === true) found.push(path);
    }
  };
  visit(root);
  return found;
}

function isLink(path: string): boolean {
  return attempt(() => lstatSync(path))?.isSymbolicLink() === true;
}

/** The machine's files as a survey may read them: what is no text, too long or closed to us is not there. */
export const surveyedFiles: Files = {
  exists: localFiles.exists,
  list: (path) => attempt(() => localFiles.list(path)) ?? [],
  readFile: (path) =>
    attempt(() =>
      (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > longest ? undefined : localFiles.readFile(path),
    ),
};

/** Files that are inventories by their name or folder. Programs are not run to see. */
export function inventoriesAmong(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const folders = path.split('/').slice(0, -1);
    if (
      folders.some((one) =>
        /^(group_vars|host_vars|roles|files|templates|tasks|vars|library|plugins|\w+_plugins)$/.test(one),
      )
    )
      return false;
    const name = basename(path);
    const isNamed = /^(hosts|inventory)([-_.]\w+)*$/.test(name) && /^[^.]+(\.(ini|ya?ml|cfg))?$/.test(name);
    const isInFolder = folders.some((one) => /^inventor(y|ies)$/.test(one)) && /\.(ini|ya?ml)$/.test(name);
    return (isNamed || isInFolder) && !isProgram(path);
  });
}

function isProgram(path: string): boolean {
  const stat = attempt(() => statSync(path));
  return stat !== undefined && (stat.mode & 0o111) !== 0 && attempt(() => startOf(path)) === '#!';
}

function startOf(path: string): string {
  const buffer = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return buffer.toString('latin1');
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
