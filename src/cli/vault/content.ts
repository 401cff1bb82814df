import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isVaultText } from '../../vars/vault.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import { type Opened, openWith, type VaultPassword } from './open.ts';

/** Stands for stdin among inputs and for stdout among outputs. */
export const standardStream = '-';

export function shownName(name: string): string {
  return name === standardStream ? 'stdin' : `"${name}"`;
}

/** The bytes of a file, or of stdin. */
export async function readContent(name: string, system: System): Promise<Result<Buffer, Diagnostic>> {
  try {
    return ok(name === standardStream ? await readAll(system) : readFileSync(name));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return err(problem('cli/unreadable-file', `${shownName(name)} cannot be read${why}`));
  }
}

async function readAll({ input }: System): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What is wrong with the files, told before a password is asked for. Stdin is read once, when its turn comes. */
export async function wrongFiles(
  names: readonly string[],
  read: (name: string) => Promise<Result<unknown, Diagnostic>>,
): Promise<readonly Diagnostic[]> {
  const found = await Promise.all(names.filter((name) => name !== standardStream).map(read));
  return found.flatMap((one) => (one.ok ? [] : [one.error]));
}

/** What is to be encrypted. */
export async function readPlain(name: string, system: System): Promise<Result<Buffer, Diagnostic>> {
  const read = await readContent(name, system);
  if (!read.ok || !isVaultText(read.value.toString('latin1'))) return read;
  const help = '"hlb vault rekey" gives it another password';
  return err(problem('cli/not-a-vault', `${shownName(name)} is encrypted already`, help));
}

export async function readVaultText(name: string, system: System): Promise<Result<string, Diagnostic>> {
  const read = await readContent(name, system);
  if (!read.ok) return read;
  const text = read.value.toString('latin1');
  if (isVaultText(text)) return ok(text);
  const help = name === standardStream ? undefined : `"hlb vault encrypt ${name}" makes it one`;
  return err(problem('cli/not-a-vault', `${shownName(name)} is not encrypted`, help));
}

/** The text of a vault and what is in it. */
export interface OpenedContent extends Opened {
  readonly name: string;
  readonly text: string;
}

export async function readVault(
  name: string,
  passwords: readonly VaultPassword[],
  system: System,
): Promise<Result<OpenedContent, Diagnostic>> {
  const read = await readVaultText(name, system);
  if (!read.ok) return read;
  const text = read.value;
  const opened = openWith(text, passwords);
  if (opened.ok) return ok({ ...opened.value, name, text });
  return err(problem('cli/vault-locked', `${shownName(name)} stays closed: ${opened.error}`));
}

/** All values, or all that is wrong. */
export function all<T>(results: readonly Result<T, Diagnostic>[]): Result<readonly T[], readonly Diagnostic[]> {
  const wrong = results.flatMap((one) => (one.ok ? [] : [one.error]));
  return wrong.length > 0 ? err(wrong) : ok(results.flatMap((one) => (one.ok ? [one.value] : [])));
}
