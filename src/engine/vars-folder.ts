import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { compilePythonRegex } from '../core/python-regex.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/value.ts';
import type { VarsFolder, VarsInput } from '../module/need.ts';
import type { RunOptions } from './options.ts';
import { readVars } from './vars-file.ts';

/** The variables of all files of a folder, in the order of their names, folders after files. */
export async function readVarsFolder(
  path: string,
  folder: VarsFolder,
  readFile: RunOptions['readFile'],
): Promise<Result<VarsInput, string>> {
  const files = await filesBelow(path, folder, 1);
  if (!files.ok) return files;
  let vars: JsonObject = {};
  for (const file of files.value) {
    const read = readVars(file, readFile);
    if (!read.ok) return read;
    vars = folder.merge ? merged(vars, read.value) : { ...vars, ...read.value };
  }
  return ok({ path, files: files.value, vars });
}

async function filesBelow(path: string, folder: VarsFolder, depth: number): Promise<Result<readonly string[], string>> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries.filter((one) => !one.isDirectory())) {
    const full = join(path, entry.name);
    const taken = takes(full, folder);
    if (!taken.ok) return taken;
    if (taken.value) files.push(full);
  }
  if (folder.depth !== 0 && depth >= folder.depth) return ok(files);
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const below = await filesBelow(join(path, entry.name), folder, depth + 1);
    if (!below.ok) return below;
    files.push(...below.value);
  }
  return ok(files);
}

function takes(path: string, folder: VarsFolder): Result<boolean, string> {
  const name = basename(path);
  const matches = (pattern: string): boolean => {
    const regex = compilePythonRegex(pattern);
    return regex.ok && regex.value.test(name);
  };
  if (folder.ignoreFiles.some((pattern) => matches(`(?:${pattern})$`))) return ok(false);
  if (folder.filesMatching !== undefined && !matches(folder.filesMatching)) return ok(false);
  if (folder.extensions.includes(extname(name).slice(1))) return ok(true);
  if (folder.ignoreUnknown) return ok(false);
  return err(`"${path}" has none of the extensions ${folder.extensions.map((one) => `"${one}"`).join(', ')}`);
}

/** Mappings are merged all the way down; anything else is replaced. */
function merged(before: JsonObject, after: JsonObject): JsonObject {
  const entries = Object.entries(after).map(([name, value]): [string, Json] => {
    const old = before[name];
    const both = old !== undefined && isJsonObject(old) && isJsonObject(value);
    return [name, both ? merged(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}
