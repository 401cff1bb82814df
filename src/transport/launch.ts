import { randomBytes } from 'node:crypto';
import { quote } from '../host/quote.ts';
import type { Become } from '../host/session.ts';

/** How a program is started as some user, and what must happen until it answers. */
export interface Launch {
  /** For the login shell of whoever logs in: sh, bash, zsh, csh or fish. */
  readonly command: string;
  /** The line that the program's shell prints before anything may be sent. */
  readonly hello: string;
  readonly prompt?: Prompt;
}

/** A question on stderr that the password answers. */
export interface Prompt {
  /** Absent where none was given: the question then is a failure. */
  readonly password: string | undefined;
  /** stderr ends with it. */
  readonly pattern: RegExp;
}

/** What a session runs, for `launchOf`. */
export const shellProgram = 'exec /bin/sh';

/** `program` is shell text that ends in an `exec`; it runs as the user to become. */
export function launchOf(become: Become | undefined, program: string): Launch {
  const hello = `hlb-${randomBytes(12).toString('hex')}`;
  const words = `/bin/sh -c ${quote(`LC_ALL=C; export LC_ALL; echo ${hello}; ${program}`)}`;
  if (become === undefined) return { command: `exec ${words}`, hello };
  if (become.method === 'sudo') return sudo(become, words, hello);
  if (become.method === 'su') return su(become, words, hello);
  const doas = `${become.exe ?? 'doas'} ${become.flags ?? '-n'}`;
  return { hello, command: `exec ${doas} -u ${quote(become.user)} -- ${words}` };
}

/** The prompt is random, so that nothing else on the host can ask for the password. */
function sudo(become: Become, words: string, hello: string): Launch {
  const exe = become.exe ?? 'sudo';
  const user = quote(become.user);
  if (become.password === undefined) {
    // Without it sudo would ask, and wait.
    return { hello, command: `exec ${exe} ${become.flags ?? '-H'} -n -u ${user} -- ${words}` };
  }
  const question = `hlb-password-${randomBytes(12).toString('hex')}:`;
  const flags = (become.flags ?? '-H').replace(/(^|\s)-n(?=\s|$)/g, '$1');
  return {
    hello,
    command: `exec ${exe} ${flags} -S -p ${quote(question)} -u ${user} -- ${words}`,
    prompt: { password: become.password, pattern: new RegExp(`${question}$`) },
  };
}

/** su asks in its own words; they count only behind a random line that is printed right before it starts. */
function su(become: Become, words: string, hello: string): Launch {
  const command = `${become.exe ?? 'su'} ${become.flags ?? ''} ${quote(become.user)} -c ${quote(`exec ${words}`)}`;
  const before = `hlb-password-${randomBytes(12).toString('hex')}`;
  return {
    hello,
    command: `exec /bin/sh -c ${quote(`LC_ALL=C; export LC_ALL; echo ${before} >&2; exec ${command}`)}`,
    prompt: { password: become.password, pattern: new RegExp(`${before}\\r?\\n[^\\n]*: ?$`) },
  };
}
