import { basename, extname, join } from 'node:path';
import type { Files } from '../../playbook/files.ts';

/** Where modules lie beside a playbook; the second is Ansible's word. */
const folders = ['modules', 'library'];
const extensions = ['.ts', '.mts', '.js', '.mjs'];

export interface OwnFile {
  /** The file's name without its extension: what playbooks call the module. */
  readonly name: string;
  readonly path: string;
}

/** The module files beside playbooks. Tests, declarations and files that begin with "_" (what modules share) are none. */
export function findOwnModules(playbookDirs: readonly string[], list: Files['list']): readonly OwnFile[] {
  return playbookDirs
    .flatMap((dir) => folders.map((folder) => join(dir, folder)))
    .flatMap((folder) => list(folder).map((file) => ({ folder, file })))
    .filter(({ file }) => extensions.includes(extname(file)) && !/^_|\.(test|spec|d)\.m?[jt]s$/.test(file))
    .map(({ folder, file }) => ({ name: basename(file, extname(file)), path: join(folder, file) }));
}
