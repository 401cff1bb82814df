import { accessSync, constants } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { isVaultText } from '../../vars/vault.ts';
import { localFiles } from '../files.ts';
import { problem } from '../problem.ts';
import { runOnTerminal } from '../run-on-terminal.ts';
import { defaultId } from './cipher.ts';
import { openWith, type VaultPassword } from './open.ts';

export interface PasswordFile {
  readonly path: string;
  /** The label that it is for. */
  readonly id: string;
  /** The option or variable that names it. */
  readonly by: string;
}

/**
 * The content of a file (which may be a vault itself, that a password before it opens), or what a program prints; one
 * whose name ends with `-client` is told the label, as Ansible does.
 */
export async function readPasswordFile(
  { path, id, by }: PasswordFile,
  before: readonly VaultPassword[],
): Promise<Result<string, Diagnostic>> {
  const full = resolve(path);
  const text = localFiles.readFile(full);
  if (text === undefined) return err(problem('cli/unreadable-file', `${by} names "${path}", which cannot be read`));
  const password = isExecutable(full)
    ? await printed(full, { path, id, by })
    : plain(text.trim(), { path, by }, before);
  if (!password.ok || password.value !== '') return password;
  return err(problem('cli/vault-password', `${by} names "${path}", which gives an empty password`));
}

function plain(
  text: string,
  { path, by }: Pick<PasswordFile, 'path' | 'by'>,
  before: readonly VaultPassword[],
): Result<string, Diagnostic> {
  if (!isVaultText(text)) return ok(text);
  const opened = openWith(text, before);
  if (opened.ok) return ok(opened.value.content.toString('utf8').trim());
  return err(
    problem(
      'cli/vault-password',
      `${by} names "${path}", which is a vault itself: ${opened.error}`,
      'Give the password that opens it before it',
    ),
  );
}

async function printed(full: string, { path, id, by }: PasswordFile): Promise<Result<string, Diagnostic>> {
  const isClient = basename(full, extname(full)).endsWith('-client');
  const result = await runOnTerminal(full, isClient ? ['--vault-id', id] : [], { catches: true }).catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (typeof result === 'string') {
    const help = 'If it is no program, take its executable bit away';
    return err(
      problem('cli/vault-password', `${by} names the program "${path}", which does not start: ${result}`, help),
    );
  }
  if (result.code === 0) return ok(result.stdout.replace(/^[\r\n]+|[\r\n]+$/g, ''));
  const what = isClient && id !== defaultId ? ` for the label "${id}"` : '';
  const why = isClient && result.code === 2 ? 'it has no password' : `it ended with exit code ${result.code}`;
  return err(problem('cli/vault-password', `${by} names the program "${path}", and ${why}${what}`));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
