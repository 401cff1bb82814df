import { statSync } from 'node:fs';
import { basename, dirname, normalize } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { loadInventory } from '../inventory/load.ts';
import type { LoadOptions } from '../playbook/loading.ts';
import { surveyFiles } from '../playbook/survey/survey.ts';
import { type Unit, unitOf } from '../playbook/survey/unit.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { createModules } from './modules.ts';
import type { OutputOptions } from './option-values.ts';
import { collectionsPaths, rolesPaths } from './roles-paths.ts';
import { surveyJson } from './survey/json.ts';
import { surveyText } from './survey/text.ts';
import { filesBelow, inventoriesAmong, surveyedFiles } from './survey/walk.ts';
import type { System } from './system.ts';

/** `hlb check --explain-unsupported DIR`: what of an Ansible tree hlb would run as it is, and why not the rest. */
export async function explainUnsupported(folder: string, options: OutputOptions, system: System): Promise<number> {
  const { out } = system;
  const root = normalize(folder).replace(/(?<=.)\/$/, '');
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const problem: Diagnostic = { code: 'cli/no-folder', severity: 'error', message: `There is no folder "${folder}"` };
    writeDiagnostics([problem], { output: out, format: options.format, color: options.color && out.color });
    return exitCodes.badInput;
  }
  const paths = filesBelow(root);
  const place = { folder: root, home: system.home, env: system.env, readFile: surveyedFiles.readFile };
  const loadOptions: LoadOptions = {
    ...surveyedFiles,
    registry: createModules(),
    extraVarNames: [],
    rolesPaths: rolesPathsIn(root, paths, system),
    collectionsPaths: [...collectionsPaths(place), `${root}/collections`, root],
  };
  const { units, beside } = surveyFiles(paths, loadOptions);
  const inventories: Unit[] = [];
  for (const path of inventoriesAmong(paths)) inventories.push(await inventoryUnit(path));
  const survey = { units: [...units, ...inventories], beside };
  out.write(options.format === 'json' ? surveyJson(survey) : surveyText(survey));
  return survey.units.every(({ verdict }) => verdict === 'unchanged' || verdict === 'conditional')
    ? exitCodes.ok
    : exitCodes.badInput;
}

/** A tree may hold several folders that Ansible is run in, each with its ansible.cfg. */
function rolesPathsIn(root: string, paths: readonly string[], { home, env }: System): readonly string[] {
  const { readFile } = surveyedFiles;
  const folders = [root, ...paths.filter((path) => basename(path) === 'ansible.cfg').map(dirname)];
  return [...new Set(folders.flatMap((folder) => [...rolesPaths({ folder, home, env, readFile }), `${folder}/roles`]))];
}

async function inventoryUnit(path: string): Promise<Unit> {
  const { diagnostics } = await loadInventory({
    sources: [path],
    playbookDirs: [],
    runProgram: () => Promise.reject(new Error('A survey runs no programs')),
  });
  return unitOf('inventory', path, diagnostics);
}
