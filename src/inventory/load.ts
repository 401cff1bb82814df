import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import type { Decrypt } from '../vars/vault.ts';
import { newDraft } from './draft.ts';
import { readFile } from './file.ts';
import { readHostList } from './host-list.ts';
import type { Inventory } from './model.ts';
import { type RunProgram, readProgram } from './program.ts';
import type { Reading } from './reading.ts';
import { settle, spareOf } from './settle.ts';
import { type InventorySource, sourcesOf } from './sources.ts';
import { kindOf, startOf } from './text.ts';
import { type Known, readVarsFolders, type VarsColumn } from './vars-files.ts';

export interface LoadOptions {
  /** Each `-i`: a file, a folder of files, or a list of hosts with a comma in it. */
  readonly sources: readonly string[];
  /** Folders of the playbooks, whose group_vars/ and host_vars/ count after those beside the inventory. */
  readonly playbookDirs: readonly string[];
  readonly runProgram: RunProgram;
  /** Opens vaults; without it each one that is needed is a diagnostic. */
  readonly decrypt?: Decrypt;
  /** Told every text in a file that came out of a vault as a whole; what `!vault` opens is known to `decrypt`. */
  readonly onSecret?: (text: string) => void;
}

export interface LoadedInventory {
  readonly inventory: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads all sources into one inventory, as Ansible merges them: what comes later is stronger. All mistakes at once. */
export async function loadInventory(options: LoadOptions): Promise<LoadedInventory> {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const draft = newDraft();
  const places = new Map<string, Location>();
  const shared = { draft, report, places, decrypt: options.decrypt, onSecret: options.onSecret };
  for (const given of options.sources) {
    for (const source of sourcesOf(given, report)) {
      const file = source.kind === 'list' ? source.text : source.path;
      await readSource(source, { ...shared, file }, options.runProgram);
    }
  }
  const known: Known = { groups: new Set(draft.groups.keys()), hosts: new Set([...draft.hosts.keys(), 'localhost']) };
  for (const [name, at] of places) if (known.groups.has(name)) reportClash(name, at, report);
  if (draft.hosts.size === 0 && options.sources.length > 0 && diagnostics.length === 0)
    reportEmpty(options.sources, report);
  const columns = columnsOf(options, known, report);
  const folders = columns.map(({ playbook }) => playbook);
  const spare = spareOf(
    columns.map(({ column }) => column),
    folders,
  );
  const inventory = settle(draft, options.sources.map(shownSource), spare);
  return { inventory, diagnostics };
}

async function readSource(source: InventorySource, reading: Reading, run: RunProgram): Promise<void> {
  if (source.kind === 'list') readHostList(source.text, reading);
  else if (source.kind === 'program') await readProgram(source.path, run, reading);
  else readFile(source.path, reading);
}

/** Files beside each inventory, then beside each playbook; a folder that counts twice is read once. */
function columnsOf(
  options: LoadOptions,
  known: Known,
  report: (diagnostic: Diagnostic) => void,
): readonly { readonly column: VarsColumn; readonly playbook: string | undefined }[] {
  const read = new Map<string, VarsColumn>();
  const column = (folder: string, beside: 'inventory' | 'playbook'): VarsColumn => {
    const key = `${beside} ${folder}`;
    const again = [...read.keys()].some((other) => other.endsWith(` ${folder}`));
    const made =
      read.get(key) ?? readVarsFolders(folder, beside, known, { ...options, report: again ? () => {} : report });
    read.set(key, made);
    return made;
  };
  const inventoryDirs = options.sources.flatMap((source) => {
    const kind = kindOf(resolve(source));
    return kind === undefined ? [] : [kind === 'folder' ? resolve(source) : dirname(resolve(source))];
  });
  return [
    ...inventoryDirs.map((folder) => ({ column: column(folder, 'inventory'), playbook: undefined })),
    ...options.playbookDirs.map((folder) => ({
      column: column(resolve(folder), 'playbook'),
      playbook: resolve(folder),
    })),
  ];
}

function shownSource(source: string): string {
  return kindOf(resolve(source)) === undefined ? source : resolve(source);
}

function reportClash(name: string, at: Location, report: (diagnostic: Diagnostic) => void): void {
  report({
    code: 'inventory/name-clash',
    severity: 'warning',
    message: `"${name}" is both a host and a group`,
    at,
    help: 'Rename one of them: as a pattern the name means the host alone',
  });
}

function reportEmpty(sources: readonly string[], report: (diagnostic: Diagnostic) => void): void {
  report({
    code: 'inventory/no-hosts',
    severity: 'warning',
    message: `No host is in the inventory "${sources.join('", "')}"`,
    at: startOf(sources[0] ?? '-i'),
  });
}
