import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Redactor } from '../../core/redact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Decrypt } from '../../vars/vault.ts';
import type { VaultInput } from '../option-values.ts';
import { createAsk } from '../prompt.ts';
import type { System } from '../system.ts';
import { openWith } from './open.ts';
import { readVaultPasswords } from './passwords.ts';
import { passwordSources } from './sources.ts';

/**
 * What opens vaults with the passwords that options and environment give; absent without one. Everything that comes out
 * of a vault is registered with the redactor.
 */
export async function createDecrypt(
  options: VaultInput,
  system: System,
  redactor: Redactor,
): Promise<Result<Decrypt | undefined, Diagnostic>> {
  const sources = passwordSources(options, system.env);
  if (!sources.ok) return sources;
  const read = await readVaultPasswords(sources.value, { ask: createAsk(system), onSecret: redactor.register });
  if (!read.ok) return read;
  const passwords = read.value;
  if (passwords.length === 0) return ok(undefined);
  // A file of variables is read for each play that names it, and each opening takes milliseconds on purpose.
  const known = new Map<string, Result<string, string>>();
  return ok((text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const opened = openWith(text, passwords);
    const result = opened.ok ? ok(opened.value.content.toString('utf8')) : err(opened.error);
    known.set(text, result);
    if (result.ok) redactor.register(result.value);
    return result;
  });
}
