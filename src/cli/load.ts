import { dirname } from 'node:path';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import type { Redactor } from '../core/redact.ts';
import { builtinGuards } from '../guards/registry.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../inventory/model.ts';
import { createGuardRegistry } from '../module/guard.ts';
import type { Files } from '../playbook/files.ts';
import { playbookFolders } from '../playbook/folders.ts';
import { loadPlaybooks } from '../playbook/load.ts';
import type { LoadOptions } from '../playbook/loading.ts';
import type { Playbook } from '../playbook/tree.ts';
import type { Variables } from '../vars/term.ts';
import { readExtraVars } from './extra-vars.ts';
import { localFiles } from './files.ts';
import { inventorySources } from './inventory-sources.ts';
import { createModules } from './modules.ts';
import type { InputOptions } from './option-values.ts';
import { loadOwnModules } from './own-modules/load.ts';
import { collectionsPaths, rolesPaths } from './roles-paths.ts';
import { runProgram } from './run-program.ts';
import type { System } from './system.ts';
import { createDecrypt } from './vault/decrypt.ts';
import { openedFiles } from './vault/opened-files.ts';

/** Everything that was read, and everything that is wrong with it. */
export interface Input {
  readonly inventory: Inventory;
  /** For what changes it while a play runs; what is wrong with it then is left out. */
  readonly readInventory: () => Promise<Inventory>;
  /** Whether one was named; else it holds nothing. */
  readonly hasInventory: boolean;
  readonly playbooks: readonly Playbook[];
  readonly extraVars: Variables;
  /** For what is read while a play runs. */
  readonly loadOptions: LoadOptions;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads inventory, extra variables and playbooks, all of them even where one has mistakes. `texts` are files of no disk. */
export async function loadInput(
  paths: readonly string[],
  options: InputOptions,
  system: System,
  redactor: Redactor,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<Input> {
  const sources = inventorySources(options, system);
  const vault = await createDecrypt(options, system, redactor);
  const decrypt = vault.ok ? vault.value : undefined;
  const files = openedFiles(withTexts(localFiles, texts), decrypt, redactor);
  const read = () =>
    loadInventory({
      sources,
      playbookDirs: playbookFolders(paths, files),
      runProgram,
      ...(decrypt === undefined ? {} : { decrypt, onSecret: redactor.register }),
    });
  const loaded = await read();
  const own = await loadOwnModules([...new Set(paths.map(dirname))], localFiles, system.importFile);
  const extra = readExtraVars(options.extraVars ?? [], files.readFile);
  const place = { folder: '.', home: system.home, env: system.env, readFile: files.readFile };
  const loadOptions: LoadOptions = {
    ...files,
    decrypt,
    env: (name) => system.env[name],
    registry: createModules(own.modules),
    brokenModules: own.broken,
    guards: createGuardRegistry(builtinGuards),
    extraVarNames: [...extra.variables.keys()],
    extraVars: extra.variables,
    rolesPaths: rolesPaths(place),
    collectionsPaths: collectionsPaths(place),
    // What half of an inventory does not have is no mistake of the playbook.
    ...(sources.length === 0 || hasErrors(loaded.diagnostics) ? {} : { inventory: loaded.inventory }),
  };
  const { playbooks, diagnostics } = loadPlaybooks(paths, loadOptions);
  return {
    inventory: loaded.inventory,
    readInventory: async () => (await read()).inventory,
    hasInventory: sources.length > 0,
    playbooks,
    extraVars: extra.variables,
    loadOptions,
    diagnostics: [
      ...(vault.ok ? [] : [vault.error]),
      ...loaded.diagnostics,
      ...extra.diagnostics,
      ...own.diagnostics,
      ...diagnostics,
    ],
  };
}

function withTexts(files: Files, texts: ReadonlyMap<string, string>): Files {
  return {
    ...files,
    readFile: (path) => texts.get(path) ?? files.readFile(path),
    exists: (path) => texts.has(path) || files.exists(path),
  };
}
