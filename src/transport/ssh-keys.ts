import { readFile } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { err, ok, type Result } from '../core/result.ts';
import { codeOf, messageOf } from './failures.ts';
import type { Prompt } from './options.ts';

/** A private key, or why it cannot be used. */
export type KeyResult = Result<ParsedKey, string>;

export interface SshKeys {
  /** Reads a private key, asking for its passphrase where it needs one and none is given. Once a file. */
  readonly load: (path: string, passphrase: string | undefined) => Promise<KeyResult>;
  /** The public half, from `path.pub` where it is there. */
  readonly publicOf: (path: string) => Promise<Buffer | undefined>;
}

export function createSshKeys(prompt: Prompt | undefined): SshKeys {
  const keys = new Map<string, Promise<KeyResult>>();
  const publics = new Map<string, Promise<Buffer | undefined>>();

  const read = async (path: string, passphrase: string | undefined): Promise<KeyResult> => {
    const { default: ssh2 } = await import('ssh2');
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      return err(
        codeOf(error) === 'ENOENT' ? `"${path}" does not exist` : `Cannot read "${path}": ${messageOf(error)}`,
      );
    }
    const parse = (word: string | undefined): KeyResult => {
      const parsed = ssh2.utils.parseKey(text, word);
      if (parsed instanceof Error) return err(`Cannot use the key "${path}": ${parsed.message}`);
      const key = Array.isArray(parsed) ? parsed[0] : parsed;
      if (key === undefined || !key.isPrivateKey()) return err(`"${path}" holds no private key`);
      return ok(key);
    };
    const first = parse(passphrase);
    if (first.ok || passphrase !== undefined || !/encrypted|passphrase/i.test(first.error)) return first;
    if (prompt === undefined)
      return err(`The key "${path}" needs a passphrase; add it to ssh-agent, or set ansible_private_key_passphrase`);
    const word = await prompt({ text: `Passphrase for ${path}: `, echo: false });
    return word === undefined ? err(`The key "${path}" needs a passphrase, and none was given`) : parse(word);
  };

  return {
    load: (path, passphrase) => remember(keys, JSON.stringify([path, passphrase]), () => read(path, passphrase)),
    publicOf: (path) =>
      remember(publics, path, async () => {
        try {
          const [, base64] = (await readFile(`${path}.pub`, 'utf8')).trim().split(/\s+/);
          return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
        } catch {
          return undefined;
        }
      }),
  };
}

function remember<T>(into: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = into.get(key);
  if (known !== undefined) return known;
  const made = make();
  into.set(key, made);
  return made;
}
