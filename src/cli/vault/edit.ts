import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isVaultText } from '../../vars/vault.ts';
import { problem } from '../problem.ts';
import { runOnTerminal } from '../run-on-terminal.ts';
import type { System } from '../system.ts';
import { vaultIdOf } from './cipher.ts';
import { readVault, readVaultText, wrongFiles } from './content.ts';
import { endCommand } from './end-command.ts';
import { seal } from './files.ts';
import type { VaultOptions } from './options.ts';
import { wipeFile } from './replace-file.ts';
import { encryptingPassword, vaultPasswords } from './secrets.ts';
import { writeContents } from './write-content.ts';

/** `hlb vault edit`: the file is written only where its content changed, under the password and label that it had. */
export async function edit(names: readonly string[], options: VaultOptions, system: System): Promise<number> {
  const wrong = await wrongFiles(names, (name) => readVaultText(name, system));
  if (wrong.length > 0) return endCommand(wrong, options, system);
  const passwords = await vaultPasswords(options, system, false);
  if (!passwords.ok) return endCommand([passwords.error], options, system);
  for (const name of names) {
    const opened = await readVault(name, passwords.value, system);
    if (!opened.ok) return endCommand([opened.error], options, system);
    const { content, text, by } = opened.value;
    const edited = await editContent(content, name, system);
    if (!edited.ok) return endCommand([edited.error], options, system);
    if (edited.value.equals(content)) {
      system.err.write(`"${name}" is unchanged\n`);
      continue;
    }
    const sealed = seal(edited.value, { id: vaultIdOf(text), password: by.password });
    const unwritten = writeContents([{ name, content: sealed }], { output: undefined, wipes: false }, system);
    if (unwritten.length > 0) return endCommand(unwritten, options, system);
  }
  return exitCodes.ok;
}

/** `hlb vault create`: a new file, that only its owner may read. */
export async function create(name: string, options: VaultOptions, system: System): Promise<number> {
  if (existsSync(name))
    return endCommand(
      [problem('cli/unwritable-file', `"${name}" is there already`, `Write "hlb vault edit ${name}"`)],
      options,
      system,
    );
  const password = await encryptingPassword(options, system);
  if (!password.ok) return endCommand([password.error], options, system);
  const edited = await editContent(Buffer.alloc(0), name, system);
  if (!edited.ok) return endCommand([edited.error], options, system);
  mkdirSync(dirname(name), { recursive: true });
  const written = { name, content: seal(edited.value, password.value) };
  return endCommand(writeContents([written], { output: undefined, wipes: false }, system), options, system);
}

/** What an editor makes of it, in a folder that nobody else can enter and that is wiped in any case. */
async function editContent(content: Buffer, name: string, system: System): Promise<Result<Buffer, Diagnostic>> {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-vault-'));
  const path = join(folder, `edit${extname(name)}`);
  // The editor hears Ctrl-C itself; what ends hlb must not leave the text behind.
  system.onSignal('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    system.onSignal(signal, () => {
      wipeFolder(folder);
      system.exit(exitCodes.interrupted);
    });
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return await editFile(path, system);
  } finally {
    wipeFolder(folder);
  }
}

async function editFile(path: string, { env }: System): Promise<Result<Buffer, Diagnostic>> {
  const editor = [env['EDITOR'], env['VISUAL']].find((one) => one !== undefined && one.trim() !== '') ?? 'vi';
  // An editor may have arguments of its own, as in EDITOR="code --wait".
  const { code } = await runOnTerminal('/bin/sh', ['-c', `${editor} "$@"`, editor, path]);
  if (code !== 0) {
    const message = `The editor "${editor}" ended with exit code ${code}, so nothing was written`;
    return err(problem('cli/editor', message, code === 127 ? 'Set EDITOR to a program that is there' : undefined));
  }
  const edited = readFileSync(path);
  return isVaultText(edited.toString('latin1'))
    ? err(problem('cli/not-a-vault', 'The edited text is a vault itself, so nothing was written'))
    : ok(edited);
}

/** Editors leave copies beside the file. */
function wipeFolder(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) wipeFile(path);
  }
  rmSync(folder, { recursive: true, force: true });
}
