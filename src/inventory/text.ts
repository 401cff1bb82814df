import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location, Source } from '../core/source.ts';
import { type Decrypt, isVaultText } from '../vars/vault.ts';
import type { InventoryCode } from './codes.ts';

/** A path as a person would name it: relative to the working directory where it is below it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short === '' ? '.' : short.startsWith('..') ? resolve(path) : short;
}

/** The beginning of a file that is not about any line of it. */
export function startOf(path: string): Location {
  return { source: { path: shownPath(path), text: '' }, start: 0, end: 0 };
}

export interface FileText {
  readonly source: Source;
  /** It came out of a vault. */
  readonly isSecret: boolean;
}

/** The text of a file, opened where it is a vault. */
export function readText(
  path: string,
  decrypt: Decrypt | undefined,
  report: (diagnostic: Diagnostic) => void,
): FileText | undefined {
  const fail = (code: InventoryCode, message: string, help?: string): undefined => {
    report({ code, severity: 'error', message, at: startOf(path), ...(help !== undefined && { help }) });
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return fail('inventory/unreadable', `Cannot read "${shownPath(path)}": ${reasonOf(error)}`);
  }
  if (!isVaultText(text)) return { source: { path: shownPath(path), text }, isSecret: false };
  const opened = decrypt?.(text, startOf(path));
  if (opened?.ok === true) return { source: { path: shownPath(path), text: opened.value }, isSecret: true };
  const why = opened === undefined ? 'no vault password was given' : opened.error;
  return fail(
    'inventory/encrypted',
    `"${shownPath(path)}" is encrypted: ${why}`,
    'Give the password with --vault-password-file or --ask-vault-pass',
  );
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What cannot be looked at, such as a link to itself, counts as a file, so that reading it says why. */
export function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : stat.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

/** How a file begins, without reading the rest. */
export function beginningOf(path: string, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  try {
    const file = openSync(path, 'r');
    const count = readSync(file, buffer, 0, bytes, 0);
    closeSync(file);
    return buffer.subarray(0, count);
  } catch {
    return Buffer.alloc(0);
  }
}
