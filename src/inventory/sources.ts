import { accessSync, constants, readdirSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { beginningOf, kindOf, reasonOf, shownPath, startOf } from './text.ts';

/** Where hosts come from: an `-i` as it was given, taken apart. */
export type InventorySource =
  | { readonly kind: 'list'; readonly text: string }
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string };

/** What an `-i` stands for; a folder is all files in it, in the order of their names, and so on down. */
export function sourcesOf(given: string, report: (diagnostic: Diagnostic) => void): readonly InventorySource[] {
  const path = resolve(given);
  const kind = kindOf(path);
  if (kind === 'file') return [fileSource(path)];
  if (kind === 'folder') return inFolder(path, report);
  if (given.includes(',')) return [{ kind: 'list', text: given }];
  report({
    code: 'inventory/not-found',
    severity: 'error',
    message: `The inventory "${shownPath(path)}" is not there`,
    at: { source: { path: '-i', text: given }, start: 0, end: given.length },
    help: didYouMean(basename(path), neighbours(path)) ?? 'A list of hosts has a comma in it, such as "host1,"',
  });
  return [];
}

/** Backups, notes and what is no inventory, as Ansible has it. */
const ignored =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.cfg|\.retry)$/;

function inFolder(path: string, report: (diagnostic: Diagnostic) => void): readonly InventorySource[] {
  return listFolder(path, report).flatMap((name) => {
    if (ignored.test(name)) return [];
    const below = join(path, name);
    return kindOf(below) === 'folder' ? inFolder(below, report) : [fileSource(below)];
  });
}

/** The names in a folder, in Python's order. */
export function listFolder(path: string, report: (diagnostic: Diagnostic) => void): readonly string[] {
  try {
    return readdirSync(path).sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    const message = `Cannot read the folder "${shownPath(path)}": ${reasonOf(error)}`;
    report({ code: 'inventory/unreadable', severity: 'error', message, at: startOf(path) });
    return [];
  }
}

/** A program says `#!`, or is none of a text; one that only has the permission to run is a text all the same. */
function fileSource(path: string): InventorySource {
  const start = beginningOf(path, 512);
  const isProgram = start.subarray(0, 2).toString('latin1') === '#!' || start.includes(0);
  return { kind: isProgram && isExecutable(path) ? 'program' : 'file', path };
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function neighbours(path: string): readonly string[] {
  return kindOf(dirname(path)) === 'folder' ? readdirSync(dirname(path)) : [];
}

/** By name: Ansible reads YAML where the name says so or says nothing. */
export function mayBeYaml(path: string): boolean {
  return ['', '.yml', '.yaml', '.json'].includes(extname(path));
}
