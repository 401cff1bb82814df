import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { KeptPassword, PasswordRequest } from '../../engine/options.ts';

const saltSigns = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The passwords of a run, as Ansible's lookup keeps them in files of the controller: read where there is a file, made and
 * written where there is none. A run that is to change nothing keeps what it made to itself.
 */
export function createPasswords(): (request: PasswordRequest) => KeptPassword {
  const made = new Map<string, KeptPassword>();
  return ({ path, length, alphabet, initial, salted, write }) => {
    const draw = (signs: string, count: number): string =>
      Array.from({ length: count }, () => signs[randomInt(signs.length)] ?? '').join('');
    const keeps = path !== '/dev/null';
    const before = keeps ? (existsSync(path) ? parse(readFileSync(path, 'utf8')) : made.get(path)) : undefined;
    const text = before?.text ?? initial ?? draw(alphabet, length);
    const salt = before?.salt ?? (salted ? draw(saltSigns, 16) : undefined);
    const password: KeptPassword = { text, ...(salt === undefined ? {} : { salt }) };
    if (!keeps) return password;
    const isNew = !existsSync(path);
    if (write && (isNew || before?.salt !== salt)) {
      makeFolder(dirname(path));
      try {
        // Another run may have made one meanwhile: then that is the password.
        writeFileSync(path, lineOf(password), { mode: 0o600, flag: isNew ? 'wx' : 'w' });
      } catch (error) {
        if (!isNew || !existsSync(path)) throw error;
        return parse(readFileSync(path, 'utf8'));
      }
      chmodSync(path, 0o600);
    }
    made.set(path, password);
    return password;
  };
}

function lineOf({ text, salt }: KeptPassword): string {
  return `${text}${salt === undefined ? '' : ` salt=${salt}`}\n`;
}

/** One after the other: below /proc Node's own way of making all of them never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** `password salt=…`, as Ansible writes it. */
function parse(content: string): KeptPassword {
  const [, text = '', salt] = /^(.*?)(?: salt=(\S+))?(?: ident=\S+)?$/s.exec(content.trimEnd()) ?? [];
  return { text, ...(salt === undefined ? {} : { salt }) };
}
