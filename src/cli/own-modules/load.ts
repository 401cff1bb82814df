import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Location } from '../../core/source.ts';
import type { Module } from '../../module/define.ts';
import { builtinModules } from '../../modules/registry.ts';
import type { Files } from '../../playbook/files.ts';
import type { CliCode } from '../codes.ts';
import type { ImportFile } from '../system.ts';
import { placeOf } from './error-place.ts';
import { findOwnModules, type OwnFile } from './find.ts';
import { isModule, problemOf } from './validate.ts';

export interface OwnModules {
  readonly modules: readonly Module[];
  /** Names of those that cannot be used. */
  readonly broken: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the modules that lie beside playbooks, in `modules/` or `library/`. They are code, and run as such. */
export async function loadOwnModules(
  playbookDirs: readonly string[],
  files: Pick<Files, 'list' | 'readFile'>,
  importFile: ImportFile,
): Promise<OwnModules> {
  const found = findOwnModules(playbookDirs, files.list);
  if (found.length === 0) return { modules: [], broken: [], diagnostics: [] };
  register(new URL('own-module-hooks.js', import.meta.url));
  const taken = new Map<string, string>(
    builtinModules.flatMap((one) =>
      [one.name, ...(one.aliases ?? [])].map((name) => [name, 'it is built in'] as const),
    ),
  );
  const modules: Module[] = [];
  const broken: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of found) {
    const loaded = await loadOne(file, taken, files, importFile);
    if ('code' in loaded) {
      diagnostics.push(loaded);
      broken.push(file.name);
    } else {
      modules.push(loaded);
      for (const name of [loaded.name, ...(loaded.aliases ?? [])]) taken.set(name, file.path);
    }
  }
  return { modules, broken, diagnostics };
}

async function loadOne(
  { name, path }: OwnFile,
  taken: ReadonlyMap<string, string>,
  { readFile }: Pick<Files, 'readFile'>,
  importFile: ImportFile,
): Promise<Module | Diagnostic> {
  const text = readFile(path) ?? '';
  const problem = (code: CliCode, message: string, help: string, at?: Location): Diagnostic => ({
    code,
    severity: 'error',
    message,
    at: at ?? { source: { path, text }, start: 0, end: (text.split('\n')[0] ?? '').length },
    help,
  });
  let exported: unknown;
  try {
    const imported = await importFile(pathToFileURL(resolve(path)).href);
    exported =
      typeof imported === 'object' && imported !== null && 'default' in imported ? imported.default : undefined;
  } catch (error) {
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const help = 'Modules import "hlb/module", "zod" and their own files; see docs/guide/writing-a-module.md';
    return problem(
      'cli/module-unreadable',
      `Module "${name}" does not load: ${message.replace(/^Error transforming [^:]*: /, '')}`,
      help,
      placeOf(error, path, text),
    );
  }
  if (!isModule(exported)) {
    const why = exported === undefined ? 'it has no default export' : problemOf(exported);
    const help = 'Write "export default defineModule({ … })"';
    return problem('cli/module-invalid', `"${path}" exports no module: ${why}`, help);
  }
  if (exported.name !== name) {
    const help = `Call the file "${exported.name}" or the module "${name}", so that a search finds it`;
    return problem('cli/module-invalid', `The file is called "${name}", and its module "${exported.name}"`, help);
  }
  const other = [name, ...(exported.aliases ?? [])].find((one) => taken.has(one));
  if (other === undefined) return exported;
  const help = 'Names mean the same in every playbook; give it one of its own';
  return problem('cli/module-taken', `The name "${other}" is taken: ${taken.get(other)}`, help);
}
