import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { problem } from '../problem.ts';
import type { Ask } from '../prompt.ts';
import { defaultId } from './cipher.ts';
import type { VaultPassword } from './open.ts';
import { readPasswordFile } from './password-file.ts';
import type { PasswordSource } from './sources.ts';

export interface PasswordReading {
  readonly ask: Ask;
  /** Told each password before anything else sees it. */
  readonly onSecret: (secret: string) => void;
  /** Passwords that are typed are new ones, and are asked for twice. */
  readonly isNew?: boolean;
}

/** Reads and asks for passwords, one after the other. */
export async function readVaultPasswords(
  sources: readonly PasswordSource[],
  { ask, onSecret, isNew = false }: PasswordReading,
): Promise<Result<readonly VaultPassword[], Diagnostic>> {
  const passwords: VaultPassword[] = [];
  for (const source of sources) {
    const read =
      source.kind === 'file'
        ? await readPasswordFile(source, passwords)
        : await typed(source.id, source.by, ask, isNew);
    if (!read.ok) return read;
    onSecret(read.value);
    passwords.push({ id: source.id, password: read.value });
  }
  return ok(passwords);
}

async function typed(id: string, by: string, ask: Ask, isNew: boolean): Promise<Result<string, Diagnostic>> {
  const whose = id === defaultId ? '' : ` (${id})`;
  const password = await ask(`${isNew ? 'New vault' : 'Vault'} password${whose}:`, false);
  if (password === undefined) {
    const message = `${by} asks for a password, and there is no terminal to ask on`;
    return err(problem('cli/no-terminal', message, 'Give --vault-password-file'));
  }
  if (password.trim() === '') return err(problem('cli/vault-password', 'A vault password cannot be empty'));
  if (!isNew) return ok(password.trim());
  const again = await ask(`Confirm new vault password${whose}:`, false);
  if (again === password) return ok(password.trim());
  return err(problem('cli/vault-password', 'The two passwords differ', 'Nothing was written; type it again'));
}
