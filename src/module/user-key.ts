import { posix } from 'node:path';
import type { JsonObject } from '../core/value.ts';
import { file } from '../host/ask.ts';
import type { ChangeOutcome, Run } from '../host/change.ts';
import type { FileQuery, Observation } from '../host/observation.ts';
import { quote, quoteAll, textOf } from '../host/quote.ts';
import { runShell } from './change.ts';
import type { Context, Seen } from './define.ts';

/** The SSH key that `user` makes for an account. */
export interface KeyWish {
  readonly name: string;
  readonly generate_ssh_key: boolean;
  readonly ssh_key_bits: number | undefined;
  readonly ssh_key_type: string;
  readonly ssh_key_file: string | undefined;
  readonly ssh_key_comment: string | undefined;
  readonly ssh_key_passphrase: string | undefined;
}

export function keyPath(wish: KeyWish, home: string): string {
  return posix.resolve(home, wish.ssh_key_file ?? `.ssh/id_${wish.ssh_key_type}`);
}

const publicQuery = (wish: KeyWish, home: string): FileQuery =>
  file(`${keyPath(wish, home)}.pub`, { contentLimit: 64 * 1024 });

export function keyQueries(wish: KeyWish, home: string): readonly Observation[] {
  return wish.generate_ssh_key ? [file(keyPath(wish, home)), publicQuery(wish, home)] : [];
}

/** Prints the public key. Made with the right owner from the start: by the account itself where su can. */
export function makeKey(wish: KeyWish, home: string, context: Context): Run {
  const path = keyPath(wish, home);
  const comment = wish.ssh_key_comment ?? `ansible-generated on ${context.host}`;
  const bits = wish.ssh_key_bits === undefined ? [] : ['-b', String(wish.ssh_key_bits)];
  const keygen = quoteAll(['ssh-keygen', '-q', '-t', wish.ssh_key_type, ...bits, '-C', comment, '-f', path]);
  const script = `umask 077
IFS= read -r passphrase || :
d=${quote(posix.dirname(path))}
[ -d "$d" ] || { mkdir -p -- "$d" && chown ${quote(wish.name)}: -- "$d"; } || exit
${keygen} -N "$passphrase" || exit
chown ${quote(wish.name)}: -- ${quote(path)} ${quote(`${path}.pub`)} || exit
cat -- ${quote(`${path}.pub`)}`;
  return runShell(script, {
    stdin: `${wish.ssh_key_passphrase ?? ''}\n`,
    creates: path,
    touches: [`file:${posix.dirname(path)}`],
    summary: `ssh-keygen for ${wish.name}`,
  });
}

export function keyFields(wish: KeyWish, home: string, seen: Seen, done: readonly ChangeOutcome[]): JsonObject {
  if (!wish.generate_ssh_key) return {};
  const fact = seen.maybe(publicQuery(wish, home));
  const printed = done.flatMap((one) =>
    one.status === 'done' ? (/^(ssh-|ecdsa-|sk-)\S+ .*$/m.exec(one.stdout)?.[0] ?? []) : [],
  );
  const known = fact?.exists === true && fact.content !== undefined ? textOf(fact.content).trim() : printed.at(-1);
  return { ssh_key_file: keyPath(wish, home), ...(known === undefined ? {} : { ssh_public_key: known }) };
}
