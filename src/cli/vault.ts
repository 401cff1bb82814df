import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Redactor } from '../core/redact.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Decrypt } from '../vars/vault.ts';
import { localFiles } from './files.ts';
import type { InventoryInput } from './option-values.ts';
import { problem } from './problem.ts';
import type { Ask } from './prompt.ts';
import { runProgram } from './run-program.ts';
import { openVault } from './vault-cipher.ts';

/**
 * What opens vaults with the passwords that the options give; absent without one. Everything that comes out of a vault
 * is registered with the redactor.
 */
export async function createDecrypt(
  options: InventoryInput,
  ask: Ask,
  redactor: Redactor,
): Promise<Result<Decrypt | undefined, Diagnostic>> {
  const passwords: string[] = [];
  for (const path of options.vaultPasswordFile ?? []) {
    const password = await passwordIn(path);
    if (!password.ok) return password;
    passwords.push(password.value);
  }
  if (options.askVaultPass === true) {
    const password = await ask('Vault password:', false);
    if (password === undefined) {
      const message = '--ask-vault-pass asks for a password, and there is no terminal to ask on';
      return err(problem('cli/no-terminal', message, 'Give --vault-password-file'));
    }
    passwords.push(password);
  }
  for (const password of passwords) redactor.register(password);
  if (passwords.length === 0) return ok(undefined);
  // A file of variables is read for each play that names it, and each opening takes milliseconds on purpose.
  const opened = new Map<string, Result<string, string>>();
  return ok((text) => {
    const known = opened.get(text) ?? openWithAny(text, passwords);
    opened.set(text, known);
    if (known.ok) redactor.register(known.value);
    return known;
  });
}

function openWithAny(text: string, passwords: readonly string[]): Result<string, string> {
  for (const password of passwords) {
    const result = openVault(text, password);
    if (result.ok) return result;
    if (result.error === 'not-a-vault') return err('The text of the vault is damaged');
  }
  return err(
    passwords.length === 1
      ? 'The vault password does not open it'
      : `None of the ${passwords.length} vault passwords opens it`,
  );
}

/** The content of a file, or what a program prints. */
async function passwordIn(path: string): Promise<Result<string, Diagnostic>> {
  const text = isExecutable(path) ? await printedBy(path) : localFiles.readFile(path);
  if (text !== undefined) return ok(text.trim());
  return err(problem('cli/unreadable-file', `--vault-password-file names "${path}", which cannot be read`));
}

async function printedBy(path: string): Promise<string | undefined> {
  const result = await runProgram(resolve(path), []).catch(() => undefined);
  return result?.code === 0 ? result.stdout : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return localFiles.readFile(path) !== undefined;
  } catch {
    return false;
  }
}
