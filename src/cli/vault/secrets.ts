import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { VaultInput } from '../option-values.ts';
import { problem } from '../problem.ts';
import { createAsk } from '../prompt.ts';
import type { System } from '../system.ts';
import { defaultId } from './cipher.ts';
import type { VaultPassword } from './open.ts';
import type { VaultOptions } from './options.ts';
import { readVaultPasswords } from './passwords.ts';
import { type PasswordSource, passwordSources } from './sources.ts';

/** The passwords of `hlb vault`; where nothing names one it is asked for. */
export async function vaultPasswords(
  options: VaultInput,
  system: System,
  isNew: boolean,
): Promise<Result<readonly VaultPassword[], Diagnostic>> {
  const sources = passwordSources(options, system.env);
  if (!sources.ok) return sources;
  return readSources(sources.value, system, isNew);
}

export function readSources(
  sources: readonly PasswordSource[],
  system: System,
  isNew: boolean,
): Promise<Result<readonly VaultPassword[], Diagnostic>> {
  const asked: readonly PasswordSource[] = [{ kind: 'prompt', id: defaultId, by: 'hlb vault' }];
  return readVaultPasswords(sources.length === 0 ? asked : sources, {
    ask: createAsk(system),
    // What these commands print on purpose is the secret, and nothing else holds it.
    onSecret: () => {},
    isNew,
  });
}

/** The password to encrypt with. */
export async function encryptingPassword(
  options: VaultOptions,
  system: System,
): Promise<Result<VaultPassword, Diagnostic>> {
  const passwords = await vaultPasswords(options, system, true);
  if (!passwords.ok) return passwords;
  const wanted = options.encryptVaultId ?? system.env['ANSIBLE_VAULT_ENCRYPT_IDENTITY'] ?? '';
  const ids = [...new Set(passwords.value.map(({ id }) => id))];
  const found = passwords.value.find(({ id }) => wanted === '' || id === wanted);
  if (wanted === '' && passwords.value.length > 1) {
    const message = `${passwords.value.length} vault passwords were given, labelled ${quoted(ids)}`;
    return err(problem('cli/vault-id', message, 'Say by --encrypt-vault-id which of them encrypts'));
  }
  if (found !== undefined) return ok(found);
  const message = `--encrypt-vault-id names "${wanted}", and the passwords are labelled ${quoted(ids)}`;
  return err(problem('cli/vault-id', message, didYouMean(wanted, ids)));
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `"${id}"`).join(', ');
}
