import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { positionOf } from '../../../src/core/source.ts';
import { type LoadedInventory, type LoadOptions, loadInventory } from '../../../src/inventory/load.ts';

/** A folder with these files, gone after the test; a name that ends in `!` is executable. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-inventory-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name.replace(/!$/, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: name.endsWith('!') ? 0o755 : 0o644 });
    chmodSync(path, name.endsWith('!') ? 0o755 : 0o644);
  }
  return folder;
}

/** What is read from these files; the first one is the inventory where no sources are named. */
export function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<LoadedInventory> {
  const folder = folderWith(files);
  const { sources = [Object.keys(files)[0]?.replace(/!$/, '') ?? ''], playbookDirs = [] } = options;
  return loadInventory({
    runProgram: () => Promise.reject(new Error('no program was expected')),
    ...options,
    sources: sources.map((source) => (source.includes(',') ? source : join(folder, source))),
    playbookDirs: playbookDirs.map((name) => join(folder, name)),
  });
}

/** `code line:column message`, one each; the folder's name is left out. */
export function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, at }) => {
    const { line, column } = at === undefined ? { line: 0, column: 0 } : positionOf(at.source, at.start);
    return `${code} ${line}:${column} ${message.replaceAll(/"[^"]*hlb-inventory-[^"/]*\//g, '"')}`;
  });
}
