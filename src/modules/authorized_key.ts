import { posix } from 'node:path';
import { z } from 'zod';
import { file, http, user } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery, HttpQuery, UserFact } from '../host/observation.ts';
import { bytesOf, textOf } from '../host/quote.ts';
import { accountName } from '../module/account-name.ts';
import { type AuthorizedKey, editKeys, parseKey } from '../module/authorized-keys.ts';
import { writeFile } from '../module/change.ts';
import { contentOf, hashOf } from '../module/content.ts';
import { type Context, defineModule, type Plan, type Seen } from '../module/define.ts';
import { bool, choice, filledText, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    user: required(accountName(), 'Whose file'),
    key: required(
      filledText('a public key or the URL of one'),
      'Public keys, one a line, or a URL that gives them: http, https, or file of the host',
    ),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the keys shall be there'),
    path: optional(path(), 'The file; .ssh/authorized_keys in the home of the user when left out'),
    manage_dir: withDefault(bool(), true, 'Make the directory of the file, and set who may read it'),
    key_options: optional(text(), 'Options in front of each key'),
    comment: optional(text(), 'Comment behind each key; its own when left out'),
    exclusive: withDefault(bool(), false, 'Remove all other keys'),
    follow: withDefault(bool(), false, 'Write through a symlink rather than replace it'),
    validate_certs: withDefault(bool(), true, 'Verify the certificate of the server that `key` names'),
  })
  .superRefine((p, context) => {
    if (/^(https?|file):\/\//.test(p.key)) return;
    for (const line of keyLines(p.key)) {
      if (parseKey(line) === undefined) {
        context.addIssue({ code: 'custom', message: `Invalid key specified: ${line.slice(0, 40)}`, path: ['key'] });
      }
    }
  });

type Params = z.output<typeof params>;

function keyLines(written: string): readonly string[] {
  return written
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const isUrl = (p: Params): boolean => /^https?:\/\//.test(p.key);
/** A file of the host that holds the keys. */
const sourceOf = (p: Params): string | undefined => /^file:\/\/[^/]*(\/.*)$/.exec(p.key)?.[1];
const urlQuery = (p: Params): HttpQuery => http(p.key, { verifyTls: p.validate_certs });

function filePath(p: Params, fact: UserFact | undefined): string {
  if (p.path !== undefined) return p.path;
  const home = fact?.exists === true ? fact.home : p.user === 'root' ? '/root' : `/home/${p.user}`;
  return posix.join(home, '.ssh', 'authorized_keys');
}

const fileQuery = (p: Pick<Params, 'follow'>, at: string): FileQuery =>
  file(at, { follow: p.follow, contentLimit: 4 * 1024 * 1024 });
const folderQuery = (at: string): FileQuery => file(posix.dirname(at), { follow: true });

function writtenKeys(p: Params, seen: Seen): string {
  const source = sourceOf(p);
  if (source === undefined) return isUrl(p) ? textOf(seen(urlQuery(p)).body) : p.key;
  const fact = seen(fileQuery({ follow: true }, source));
  return fact.exists && fact.content !== undefined ? textOf(fact.content) : '';
}

function keysOf(p: Params, seen: Seen): readonly AuthorizedKey[] {
  return keyLines(writtenKeys(p, seen))
    .flatMap((line) => parseKey(line) ?? [])
    .map((key) => ({ ...key, options: p.key_options ?? key.options, comment: p.comment ?? key.comment }));
}

function planKeys(p: Params, fact: Extract<UserFact, { exists: true }>, seen: Seen): Plan {
  const at = filePath(p, fact);
  const old = seen(fileQuery(p, at));
  if (old.exists && old.type === 'directory') return refuse(`Cannot write "${at}": it is a directory`);
  const before = old.exists && old.content !== undefined ? textOf(old.content) : '';
  const after = editKeys(before, { state: p.state, keys: keysOf(p, seen), exclusive: p.exclusive });
  const changes: Change[] = [];
  const owned = { owner: p.user, group: String(fact.gid) };
  const folder = seen(folderQuery(at));
  if (after !== before) {
    const path = posix.dirname(at);
    if (!folder.exists) {
      changes.push({ kind: 'make-directory', path, parents: true, ...(p.manage_dir ? { mode: 0o700, ...owned } : {}) });
    } else if (p.manage_dir && (folder.mode !== 0o700 || folder.uid !== fact.uid || folder.gid !== fact.gid)) {
      changes.push({ kind: 'set-attributes', path, recursive: false, follow: true, mode: 0o700, ...owned });
    }
    changes.push(
      writeFile(at, contentOf(bytesOf(after)), {
        mode: 0o600,
        ...owned,
        follow: p.follow,
        guard: old.exists
          ? { kind: 'file-hash', path: at, hash: 'sha256', value: hashOf('sha256', bytesOf(before)) }
          : { kind: 'absent', path: at },
      }),
    );
  }
  return plan(changes, changes.length === 0 ? { why: `the keys are ${p.state} already` } : {});
}

function missing(p: Params, context: Context): Plan {
  const reason = `Failed to lookup user ${p.user}`;
  return context.check ? plan([], { unknown: `${reason}; a task before this one may make it` }) : refuse(reason);
}

/** Keys that open an account. */
export default defineModule({
  name: 'authorized_key',
  aliases: ['ansible.posix.authorized_key'],
  summary: 'Keeps the SSH keys that open an account',
  examples: ["authorized_key:\n  user: deploy\n  key: \"{{ lookup('file', 'keys/deploy.pub') }}\"\n  exclusive: true"],
  params,
  returns: z.object({
    user: z.string().meta({ description: 'Whose file' }),
    key: z.string().meta({ description: 'The keys that were given' }),
    keyfile: z.string().optional().meta({ description: 'Path of the file' }),
    exclusive: z.boolean().meta({ description: 'Whether other keys were removed' }),
    state: z.string().meta({
      description: 'What a `path` that is named is then, "file" or "absent"; else the state that was asked for',
    }),
    path: z.string().nullable().meta({ description: 'The file that was asked for' }),
    key_options: z.string().nullable().meta({ description: 'Options that were asked for' }),
    comment: z.string().nullable().meta({ description: 'The comment that was asked for' }),
    manage_dir: z.boolean().meta({ description: 'Whether its directory was looked after' }),
    follow: z.boolean().meta({ description: 'Whether symlinks were followed' }),
    validate_certs: z.boolean().meta({ description: 'Whether certificates were verified' }),
  }),
  convergence: () => 'converges',
  observe: (p, seen) => {
    const at = filePath(p, seen.maybe(user(p.user)));
    const source = sourceOf(p);
    return [
      user(p.user),
      fileQuery(p, at),
      folderQuery(at),
      ...(isUrl(p) ? [urlQuery(p)] : []),
      ...(source === undefined ? [] : [fileQuery({ follow: true }, source)]),
    ];
  },
  plan: (p, seen, _inputs, context) => {
    const fact = seen(user(p.user));
    if (!fact.exists) return missing(p, context);
    if (isUrl(p) && seen(urlQuery(p)).status !== 200) return refuse(`Cannot fetch the keys at ${p.key}`);
    const source = sourceOf(p);
    if (source !== undefined && !seen(fileQuery({ follow: true }, source)).exists)
      return refuse(`Path to a key file not found: ${source}`);
    if (keysOf(p, seen).length === 0 && !p.exclusive) return refuse('Invalid key specified: there is none');
    return planKeys(p, fact, seen);
  },
  result: (p, seen, _plan, _done, _inputs, { check }) => {
    const at = filePath(p, seen.maybe(user(p.user)));
    const before = seen.maybe(fileQuery(p, at));
    const isThere = before?.exists === true || (p.state === 'present' && !check);
    return {
      user: p.user,
      key: p.key,
      keyfile: at,
      exclusive: p.exclusive,
      // Of a path that is named Ansible tells what it is.
      state: p.path === undefined ? p.state : isThere ? 'file' : 'absent',
      path: p.path ?? null,
      key_options: p.key_options ?? null,
      comment: p.comment ?? null,
      manage_dir: p.manage_dir,
      follow: p.follow,
      validate_certs: p.validate_certs,
    };
  },
  fuses: true,
});
