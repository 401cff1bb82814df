import { err, ok, type Result } from '../../core/result.ts';
import { openVault, vaultIdOf } from './cipher.ts';

export interface VaultPassword {
  /** The label of `label@source`. */
  readonly id: string;
  readonly password: string;
}

/** What is in a vault, and the password that opened it. */
export interface Opened {
  readonly content: Buffer;
  readonly by: VaultPassword;
}

/** Passwords with the label of the vault are tried first, then all others: a label is a hint, as in Ansible. */
export function openWith(text: string, passwords: readonly VaultPassword[]): Result<Opened, string> {
  const id = vaultIdOf(text);
  const inOrder = [...passwords.filter((one) => one.id === id), ...passwords.filter((one) => one.id !== id)];
  for (const by of inOrder) {
    const result = openVault(text, by.password);
    if (result.ok) return ok({ content: result.value, by });
    if (result.error === 'not-a-vault') return err('The text of the vault is damaged');
  }
  if (passwords.length === 0) return err('No vault password was given');
  return err(
    passwords.length === 1
      ? 'The vault password does not open it'
      : `None of the ${passwords.length} vault passwords opens it`,
  );
}
