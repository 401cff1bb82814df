import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { must } from './run.ts';

/** Makes an ed25519 key without a passphrase where there is none yet; mode 0600. Gives the public half, one line. */
export async function ensureKey(path: string, comment: string): Promise<string> {
  if (!existsSync(`${path}.pub`)) {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
    chmodSync(path, 0o600);
  }
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

/** The key type and key of a public key file: what a line of known_hosts holds after the host. */
export function publicPart(line: string): string {
  return line.split(' ').slice(0, 2).join(' ');
}
