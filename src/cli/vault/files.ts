import { randomBytes } from 'node:crypto';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { counted } from '../../report/counted.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import { sealVault } from './cipher.ts';
import { all, readPlain, readVault, readVaultText, standardStream, wrongFiles } from './content.ts';
import { endCommand } from './end-command.ts';
import type { VaultPassword } from './open.ts';
import type { RekeyOptions, VaultOptions } from './options.ts';
import { encryptingPassword, readSources, vaultPasswords } from './secrets.ts';
import { file, labelled } from './sources.ts';
import { type Written, writeContents } from './write-content.ts';

/** Files are written only when all of them could be read and understood. */

/** `hlb vault encrypt`. */
export async function encrypt(names: readonly string[], options: VaultOptions, system: System): Promise<number> {
  const wrong = await wrongFiles(names, (name) => readPlain(name, system));
  if (wrong.length > 0) return endCommand(wrong, options, system);
  const password = await encryptingPassword(options, system);
  if (!password.ok) return endCommand([password.error], options, system);
  const inputs = names.length === 0 ? [standardStream] : names;
  const sealed = await each(inputs, async (name) => {
    const read = await readPlain(name, system);
    return read.ok ? ok({ name, content: seal(read.value, password.value) }) : read;
  });
  return finish(sealed, { options, wipes: true, did: 'Encrypted' }, system);
}

/** `hlb vault decrypt`. */
export async function decrypt(names: readonly string[], options: VaultOptions, system: System): Promise<number> {
  const opened = await openAll(names.length === 0 ? [standardStream] : names, options, system);
  return finish(opened, { options, wipes: false, did: 'Decrypted' }, system);
}

/** `hlb vault view`: what is in the files, on stdout. */
export async function view(names: readonly string[], options: VaultOptions, system: System): Promise<number> {
  const opened = await openAll(names, options, system);
  return finish(opened, { options: { ...options, output: standardStream }, wipes: false, did: '' }, system);
}

/** `hlb vault rekey`. */
export async function rekey(names: readonly string[], options: RekeyOptions, system: System): Promise<number> {
  const opened = await openAll(names, options, system);
  if (!opened.ok) return endCommand(opened.error, options, system);
  const fresh = await newPassword(options, system);
  if (!fresh.ok) return endCommand([fresh.error], options, system);
  const sealed = opened.value.map(({ name, content }) => ({ name, content: seal(Buffer.from(content), fresh.value) }));
  return finish(ok(sealed), { options, wipes: false, did: 'Rekeyed' }, system);
}

export function seal(content: Uint8Array, { id, password }: VaultPassword): string {
  return sealVault(content, { id, password, salt: randomBytes(32) });
}

async function newPassword(
  { newVaultId, newVaultPasswordFile }: RekeyOptions,
  system: System,
): Promise<Result<VaultPassword, Diagnostic>> {
  const sources = [
    ...(newVaultId === undefined ? [] : [labelled(newVaultId, '--new-vault-id')]),
    ...(newVaultPasswordFile === undefined ? [] : [file(newVaultPasswordFile, '--new-vault-password-file')]),
  ];
  const read = await readSources(sources, system, true);
  if (!read.ok) return read;
  const [password] = read.value;
  return password === undefined ? err(problem('cli/vault-password', 'No new password was given')) : ok(password);
}

type Contents = Result<readonly Written[], readonly Diagnostic[]>;

async function openAll(names: readonly string[], options: VaultOptions, system: System): Promise<Contents> {
  const wrong = await wrongFiles(names, (name) => readVaultText(name, system));
  if (wrong.length > 0) return err(wrong);
  const passwords = await vaultPasswords(options, system, false);
  if (!passwords.ok) return err([passwords.error]);
  return each(names, (name) => readVault(name, passwords.value, system));
}

async function each(
  names: readonly string[],
  make: (name: string) => Promise<Result<Written, Diagnostic>>,
): Promise<Contents> {
  const results: Result<Written, Diagnostic>[] = [];
  for (const name of names) results.push(await make(name));
  return all(results);
}

interface Finish {
  readonly options: VaultOptions;
  readonly wipes: boolean;
  /** Said of files that were written. */
  readonly did: string;
}

function finish(contents: Contents, { options, wipes, did }: Finish, system: System): number {
  if (!contents.ok) return endCommand(contents.error, options, system);
  const wrong = writeContents(contents.value, { output: options.output, wipes }, system);
  const toFiles = contents.value.filter(({ name }) => (options.output ?? name) !== standardStream).length;
  if (wrong.length === 0 && toFiles > 0) system.err.write(`${did} ${counted(toFiles, 'file')}\n`);
  return endCommand(wrong, options, system);
}
