import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { VaultInput } from '../option-values.ts';
import { problem } from '../problem.ts';
import { defaultId } from './cipher.ts';

/** Where a password comes from. */
export type PasswordSource =
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly path: string /** The option or variable. */;
      readonly by: string;
    }
  | { readonly kind: 'prompt'; readonly id: string; readonly by: string };

/**
 * In the order in which they are tried, which is Ansible's: the labelled ones, then files, then the question. The
 * environment stands before the command line among labels, and after it among files.
 */
export function passwordSources(
  { vaultId = [], vaultPasswordFile = [], askVaultPass }: VaultInput,
  env: NodeJS.ProcessEnv,
): Result<readonly PasswordSource[], Diagnostic> {
  const ids = [
    ...(env['ANSIBLE_VAULT_IDENTITY_LIST'] ?? '')
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .map((text) => labelled(text, 'ANSIBLE_VAULT_IDENTITY_LIST')),
    ...vaultId.map((text) => labelled(text, '--vault-id')),
  ];
  const files = vaultPasswordFile.map((path) => file(path, '--vault-password-file'));
  for (const name of ['HLB_VAULT_PASSWORD_FILE', 'ANSIBLE_VAULT_PASSWORD_FILE']) {
    const path = env[name] ?? '';
    if (path !== '') files.push(file(path, name));
  }
  const asked: readonly PasswordSource[] =
    askVaultPass === true ? [{ kind: 'prompt', id: defaultId, by: '--ask-vault-pass' }] : [];
  const sources = [...ids, ...files, ...asked];
  const wrong = sources.find(({ id }) => id.includes(';'));
  if (wrong === undefined) return ok(sources);
  return err(problem('cli/vault-id', `${wrong.by} has the label "${wrong.id}", and a label cannot hold ";"`));
}

/** `label@source`; without a label it is the source alone. */
export function labelled(text: string, by: string): PasswordSource {
  const at = text.indexOf('@');
  const label = at === -1 ? '' : text.slice(0, at);
  const source = text.slice(at + 1);
  const id = label === '' ? defaultId : label;
  return source === 'prompt' ? { kind: 'prompt', id, by } : { kind: 'file', id, path: source, by };
}

export function file(path: string, by: string): PasswordSource {
  return { kind: 'file', id: defaultId, path, by };
}
