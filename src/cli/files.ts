import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Files } from '../playbook/files.ts';

/** The controller's files for the layers that read playbooks. A folder has no text. */
export const localFiles: Files = {
  readFile: (path) => (isFile(path) ? readFileSync(path, 'utf8') : undefined),
  exists: existsSync,
  list: (path) => (existsSync(path) && !isFile(path) ? readdirSync(path).sort() : []),
};

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
