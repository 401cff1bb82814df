import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';

export const isRoot = process.getuid?.() === 0;

export interface TemporaryUser extends AsyncDisposable {
  readonly name: string;
  readonly home: string;
}

export interface UserOptions {
  /** The account has none when absent, and can log in by key only. */
  readonly password?: string;
  /** @default /bin/sh */
  readonly shell?: string;
  /** A line of sudoers behind the user's name, such as `ALL=(ALL) NOPASSWD: ALL`. */
  readonly sudoers?: string;
}

/** A user of this machine, for as long as a test needs it. Root only. */
export function createUser(options: UserOptions = {}): TemporaryUser {
  const name = `hlb${randomBytes(4).toString('hex')}`;
  const password =
    options.password === undefined
      ? '*'
      : execFileSync('openssl', ['passwd', '-6', options.password], { encoding: 'utf8' }).trim();
  retry(() =>
    execFileSync('useradd', ['-m', '-s', options.shell ?? '/bin/sh', '-p', password, name], { stdio: 'pipe' }),
  );
  const sudoers = `/etc/sudoers.d/${name}`;
  if (options.sudoers !== undefined) writeFileSync(sudoers, `${name} ${options.sudoers}\n`, { mode: 0o440 });
  return {
    name,
    home: `/home/${name}`,
    [Symbol.asyncDispose]: async () => {
      rmSync(sudoers, { force: true });
      try {
        execFileSync('pkill', ['-KILL', '-u', name], { stdio: 'pipe' });
      } catch {
        // Nothing of it was running.
      }
      retry(() => execFileSync('userdel', ['-f', '-r', name], { stdio: 'pipe' }));
    },
  };
}

/** The password database takes one writer at a time. */
function retry(run: () => void): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      run();
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
