import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Redactor } from '../../core/redact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { localFiles } from '../files.ts';
import { problem } from '../problem.ts';
import type { Ask } from '../prompt.ts';

/** How passwords are given. */
export interface PasswordOptions {
  readonly askPass?: true;
  readonly askBecomePass?: true;
  readonly becomePasswordFile?: string;
}

export interface Passwords {
  readonly login?: string;
  readonly become?: string;
}

/** Asks for or reads the passwords that options name, and registers them before anything else sees them. */
export async function readPasswords(
  options: PasswordOptions,
  ask: Ask,
  redactor: Redactor,
): Promise<Result<Passwords, Diagnostic>> {
  const { askPass, askBecomePass, becomePasswordFile } = options;
  let login: string | undefined;
  let become: string | undefined;
  if (askPass === true) {
    login = await ask('SSH password:', false);
    if (login === undefined) return err(nobody('-k'));
  }
  if (becomePasswordFile !== undefined) {
    const text = localFiles.readFile(becomePasswordFile);
    if (text === undefined) {
      return err(
        problem('cli/unreadable-file', `--become-password-file names "${becomePasswordFile}", which is not there`),
      );
    }
    become = text.replace(/\r?\n$/, '');
  } else if (askBecomePass === true) {
    const hint = login === undefined ? '' : ' [the same as the SSH password]';
    become = await ask(`BECOME password${hint}:`, false);
    if (become === undefined) return err(nobody('-K'));
    if (become === '' && login !== undefined) become = login;
  }
  for (const secret of [login, become]) if (secret !== undefined) redactor.register(secret);
  return ok({ ...(login === undefined ? {} : { login }), ...(become === undefined ? {} : { become }) });
}

function nobody(option: string): Diagnostic {
  const help = option === '-K' ? 'Give --become-password-file' : 'Use a key, or an agent that holds one';
  return problem('cli/no-terminal', `${option} asks for a password, and there is no terminal to ask on`, help);
}
