import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtinGuards } from '../../../src/guards/registry.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { createGuardRegistry } from '../../../src/module/guard.ts';
import type { Files } from '../../../src/playbook/files.ts';
import { loadPlaybooks } from '../../../src/playbook/load.ts';
import { registry } from './harness.ts';

/** Files of a folder, named relative to it. */
export function filesIn(folder: string): Files {
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
  const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
  return {
    readFile: (path) => (isFile(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined),
    exists: (path) => existsSync(join(folder, path)),
    list: (path) => (isFolder(join(folder, path)) ? readdirSync(join(folder, path)).sort() : []),
  };
}

/** Loads `site.yml` of a folder with the inventory of a file, as it lies on disk. */
export async function loadFolder(folder: string, hosts: string) {
  const { inventory, diagnostics } = await loadInventory({
    sources: [hosts],
    playbookDirs: [folder],
    runProgram: () => Promise.reject(new Error('No inventory here is a program')),
  });
  const loaded = loadPlaybooks(['site.yml'], {
    ...filesIn(folder),
    registry,
    inventory,
    extraVarNames: [],
    rolesPaths: [],
    guards: createGuardRegistry(builtinGuards),
  });
  return { ...loaded, inventory, diagnostics: [...diagnostics, ...loaded.diagnostics] };
}
