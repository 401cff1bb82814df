import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { file, group, user } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { Observation, UserFact } from '../host/observation.ts';
import { quote, quotePath } from '../host/quote.ts';
import { changeAccount, makeAccount, removeAccount } from '../module/account.ts';
import { accountName } from '../module/account-name.ts';
import { run, runShell } from '../module/change.ts';
import { type Context, defineModule, type Plan, type Seen } from '../module/define.ts';
import { bool, choice, float, int, list, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';
import { keyFields, keyPath, keyQueries, makeKey } from '../module/user-key.ts';

const params = z
  .strictObject({
    name: required(accountName(), 'Name of the user', { aliases: ['user'] }),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether there shall be such a user'),
    uid: optional(int({ min: 0 }), 'Number of the user'),
    non_unique: withDefault(bool(), false, 'Allow a number that another user has'),
    group: optional(text(), 'Primary group'),
    groups: optional(list(text()), 'Other groups; an empty list takes the user out of all of them'),
    append: withDefault(bool(), false, 'Only add `groups`, and leave the user in its others'),
    comment: optional(text(), 'Full name, or a remark'),
    home: optional(path(), 'Home directory'),
    create_home: withDefault(bool(), true, 'Make the home directory where it is missing', { aliases: ['createhome'] }),
    move_home: withDefault(bool(), false, 'Move what is in the old home to the new one'),
    skeleton: optional(path(), 'Directory whose files a new home gets'),
    umask: optional(text(), 'Umask for a new home'),
    shell: optional(path(), 'Login shell'),
    system: withDefault(bool(), false, 'A new user is one of the system'),
    password: optional(text(), 'Hash of the password, as crypt makes it; "!" or "*" for none', { secret: true }),
    update_password: withDefault(choice(['always', 'on_create']), 'always', 'When the password is set'),
    password_lock: optional(bool(), 'Lock the password, so that only keys open the account'),
    expires: optional(float(), 'When the account expires, seconds since the epoch; negative for never'),
    password_expire_min: optional(int(), 'Days that must pass between two changes of the password'),
    password_expire_max: optional(int(), 'Days after which the password must change; -1 for never'),
    password_expire_warn: optional(int(), 'Days before that on which the user is warned'),
    password_expire_account_disable: optional(int(), 'Days behind that after which the account is closed'),
    remove: withDefault(bool(), false, 'With "absent": remove the home directory too'),
    force: withDefault(bool(), false, 'With "absent": remove the user even though it is logged in'),
    generate_ssh_key: withDefault(bool(), false, 'Make an SSH key where there is none'),
    ssh_key_bits: optional(int({ min: 256 }), 'Size of a new key; what ssh-keygen says when left out'),
    ssh_key_type: withDefault(text(), 'rsa', 'Type of a new key'),
    ssh_key_file: optional(path(), 'Where the key lies, below the home directory; .ssh/id_TYPE when left out'),
    ssh_key_comment: optional(text(), 'Comment of a new key; "ansible-generated on HOST" when left out'),
    ssh_key_passphrase: optional(text(), 'Passphrase of a new key', { secret: true }),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.append && p.groups === undefined) issue('"append" needs "groups"', 'append');
    if (p.password !== undefined && /[:\n]/.test(p.password))
      issue('A hash has neither ":" nor a line end', 'password');
    if (p.comment?.includes(':') === true) issue('A comment cannot hold ":"', 'comment');
  });

type Params = z.output<typeof params>;
type Present = Extract<UserFact, { exists: true }>;

/** Where the home is, as far as is known: most users have it below /home. */
function homeOf(p: Params, fact: UserFact | undefined): string {
  return p.home ?? (fact?.exists === true ? fact.home : `/home/${p.name}`);
}

function groupQueries(p: Params): readonly Observation[] {
  const names = [...(p.group === undefined || /^\d+$/.test(p.group) ? [] : [p.group]), ...(p.groups ?? [])];
  return [...new Set([...names, p.name])].map(group);
}

function missingGroup(p: Params, seen: Seen): string | undefined {
  const names = [...(p.group === undefined || /^\d+$/.test(p.group) ? [] : [p.group]), ...(p.groups ?? [])];
  return names.find((name) => !seen(group(name)).exists);
}

function touches(p: Params, home: string): readonly string[] {
  return [`user:${p.name}`, ...[p.name, ...(p.groups ?? [])].map((name) => `group:${name}`), `file:${home}`];
}

/** `2030-12-31`; empty for never. */
function dateText(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  return seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** By chpasswd, as a process's arguments are public. */
function setPassword(p: Params, hash: string, home: string): Change {
  return runShell('chpasswd -e', {
    stdin: `${p.name}:${hash}\n`,
    touches: touches(p, home),
    summary: `set the password of ${p.name}`,
  });
}

function planNew(p: Params, seen: Seen, context: Context): Plan {
  const home = homeOf(p, undefined);
  const script = makeAccount({
    ...p,
    expires: dateText(p.expires),
    ownGroupExists: p.group === undefined && seen(group(p.name)).exists,
  });
  const hash = p.password === undefined ? undefined : `${p.password_lock === true ? '!' : ''}${p.password}`;
  return plan([
    runShell(script, { touches: touches(p, home), summary: `useradd ${p.name}` }),
    ...(hash === undefined ? [] : [setPassword(p, hash, home)]),
    ...passwordDays(p, undefined, home),
    ...(p.generate_ssh_key ? [makeKey(p, home, context)] : []),
  ]);
}

/** Days of the password that are not as asked; of a new user all that are asked for. */
function passwordDays(p: Params, fact: Present | undefined, home: string): readonly Change[] {
  const asked = [
    ['-m', p.password_expire_min, fact?.passwordDays?.min],
    ['-M', p.password_expire_max, fact?.passwordDays?.max],
    ['-W', p.password_expire_warn, fact?.passwordDays?.warn],
    ['-I', p.password_expire_account_disable, fact?.passwordDays?.inactive],
  ] as const;
  const words = asked.flatMap(([flag, wanted, is]) =>
    wanted === undefined || wanted === is ? [] : [flag, String(wanted)],
  );
  return words.length === 0 ? [] : [run(['chage', ...words, p.name], { touches: touches(p, home) })];
}

/** Supplementary groups, before and as they shall be. */
function groupChange(
  p: Params,
  fact: Present,
):
  | { readonly all: readonly string[]; readonly joins: readonly string[]; readonly leaves: readonly string[] }
  | undefined {
  if (p.groups === undefined) return undefined;
  const [primary, ...others] = fact.groups;
  const wanted = p.append ? [...new Set([...others, ...p.groups])] : p.groups;
  const joins = wanted.filter((name) => !others.includes(name) && name !== primary);
  const leaves = others.filter((name) => !wanted.includes(name));
  return joins.length === 0 && leaves.length === 0 ? undefined : { all: wanted, joins, leaves };
}

function planExisting(p: Params, fact: Present, seen: Seen, context: Context): Plan {
  const groups = groupChange(p, fact);
  const home = homeOf(p, fact);
  const hash = fact.passwordHash;
  const isLocked = hash?.startsWith('!') === true;
  const lock =
    p.password_lock !== undefined && hash !== undefined && p.password_lock !== isLocked ? p.password_lock : undefined;
  const expires = expiryChange(p, fact);
  const hasGroup = p.group === undefined || p.group === fact.groups[0] || p.group === String(fact.gid);
  const change = {
    ...(p.uid === undefined || p.uid === fact.uid ? {} : { uid: p.uid }),
    ...(hasGroup || p.group === undefined ? {} : { group: p.group }),
    ...(groups === undefined ? {} : { groups: groups.all }),
    ...(p.comment === undefined || p.comment === fact.comment ? {} : { comment: p.comment }),
    ...(p.home === undefined || p.home === fact.home ? {} : { home: p.home }),
    ...(p.shell === undefined || p.shell === fact.shell ? {} : { shell: p.shell }),
    ...(expires === undefined ? {} : { expires }),
  };
  const setsPassword = p.password !== undefined && p.update_password === 'always' && differs(p.password, hash);
  const locks = setsPassword || lock === undefined ? {} : { lock };
  const changes: Change[] = [];
  if (Object.keys({ ...change, ...locks }).length > 0) {
    const script = changeAccount({
      name: p.name,
      non_unique: p.non_unique,
      moveHome: p.move_home,
      joins: groups?.joins ?? [],
      leaves: groups?.leaves ?? [],
      ...change,
      ...locks,
    });
    changes.push(runShell(script, { touches: touches(p, home), summary: `usermod ${p.name}` }));
  }
  if (setsPassword) changes.push(setPassword(p, `${p.password_lock === true ? '!' : ''}${p.password}`, home));
  changes.push(...passwordDays(p, fact, home));
  const isMoving = p.home !== undefined && p.home !== fact.home && p.move_home;
  if (p.create_home && !isMoving && !seen(file(home)).exists) {
    changes.push(makeHome(p, home, fact));
  }
  if (p.generate_ssh_key && !seen(file(keyPath(p, home))).exists) changes.push(makeKey(p, home, context));
  return plan(changes, changes.length === 0 ? { why: 'the user is as asked' } : {});
}

/** The lock in front of a hash is not a part of it. */
function differs(wanted: string, hash: string | undefined): boolean {
  return hash === undefined || hash.replace(/^!+/, '') !== wanted.replace(/^!+/, '');
}

function expiryChange(p: Params, fact: Present): string | undefined {
  const wanted = dateText(p.expires);
  if (wanted === undefined) return undefined;
  const current = fact.expires === undefined || fact.expires < 0 ? '' : dateText(fact.expires * 86_400);
  return wanted === current ? undefined : wanted;
}

/** As useradd would have made it. */
function makeHome(p: Params, home: string, fact: Present): Change {
  const owner = `${p.uid ?? fact.uid}:${p.group ?? fact.gid}`;
  const script = `umask ${quote(p.umask ?? '022')}
h=${quotePath(home)} s=${quotePath(p.skeleton ?? '/etc/skel')}
mkdir -p -- "$h" || exit
[ ! -d "$s" ] || cp -R -P -- "$s"/. "$h"/ || exit
chown -R -- ${quote(owner)} "$h"`;
  return runShell(script, { touches: touches(p, home), summary: `make the home directory ${home}` });
}

/** Users of the host. */
export default defineModule({
  name: 'user',
  aliases: ['ansible.builtin.user', 'ansible.legacy.user'],
  summary: 'Makes, changes and removes users',
  examples: [
    'user:\n  name: deploy\n  groups: [sudo]\n  append: true\n  shell: /bin/bash',
    'user:\n  name: haproxy\n  system: true\n  create_home: false\n  shell: /usr/sbin/nologin',
  ],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Name of the user' }),
    state: z.string().meta({ description: 'The state that was asked for' }),
    uid: z.int().optional().meta({ description: 'Number of the user' }),
    group: z.union([z.int(), z.string()]).optional().meta({ description: 'Primary group' }),
    groups: z.string().optional().meta({ description: 'Other groups that were asked for, joined by commas' }),
    append: z.boolean().optional().meta({ description: 'Whether groups were only added' }),
    comment: z.string().optional().meta({ description: 'Full name, or a remark' }),
    home: z.string().optional().meta({ description: 'Home directory' }),
    shell: z.string().optional().meta({ description: 'Login shell' }),
    create_home: z.boolean().optional().meta({ description: 'Whether a home was made for a new user' }),
    move_home: z.boolean().optional().meta({ description: 'Whether the home moved' }),
    system: z.boolean().optional().meta({ description: 'Whether a new user is one of the system' }),
    remove: z.boolean().optional().meta({ description: 'Whether the home was removed' }),
    force: z.boolean().optional().meta({ description: 'Whether the user was removed though it was logged in' }),
    password: z.string().optional().meta({ description: 'NOT_LOGGING_PASSWORD, where one was given' }),
    ssh_key_file: z.string().optional().meta({ description: 'Path of the SSH key' }),
    ssh_public_key: z.string().optional().meta({ description: 'The public key' }),
  }),
  convergence: () => 'converges',
  observe: (p, seen) => {
    if (p.state === 'absent') return [user(p.name)];
    const home = homeOf(p, seen.maybe(user(p.name)));
    return [user(p.name), ...groupQueries(p), ...(p.create_home ? [file(home)] : []), ...keyQueries(p, home)];
  },
  plan: (p, seen, _inputs, context) => {
    const fact = seen(user(p.name));
    if (p.state === 'absent') {
      if (!fact.exists) return plan([], { why: 'there is no such user' });
      const script = removeAccount(p.name, p.remove, p.force);
      return plan([runShell(script, { touches: touches(p, fact.home), summary: `userdel ${p.name}` })]);
    }
    const missing = missingGroup(p, seen);
    if (missing !== undefined && !context.check) return refuse(`Group ${missing} does not exist`);
    return fact.exists ? planExisting(p, fact, seen, context) : planNew(p, seen, context);
  },
  result: (p, seen, _plan, done): JsonObject => {
    const fact = seen(user(p.name));
    if (p.state === 'absent') return { name: p.name, state: p.state, remove: p.remove, force: p.force };
    const [first] = done;
    const line =
      first?.status === 'done' && !fact.exists ? first.stdout.trim().split('\n').at(-1)?.split(':') : undefined;
    const made = line?.length === 7 ? line : undefined;
    const home = made?.[5] ?? homeOf(p, fact);
    const uid = p.uid ?? (fact.exists ? fact.uid : made === undefined ? undefined : Number(made[2]));
    const gid = fact.exists ? fact.gid : made === undefined ? undefined : Number(made[3]);
    const comment = p.comment ?? (fact.exists ? fact.comment : made?.[4]);
    const shell = p.shell ?? (fact.exists ? fact.shell : made?.[6]);
    const primary = p.group ?? gid;
    return {
      name: p.name,
      state: p.state,
      home,
      ...(uid === undefined ? {} : { uid }),
      ...(primary === undefined ? {} : { group: primary }),
      ...(comment === undefined ? {} : { comment }),
      ...(shell === undefined ? {} : { shell }),
      ...(p.groups === undefined || p.groups.length === 0 ? {} : { groups: p.groups.join(',') }),
      ...(fact.exists
        ? { append: p.append, move_home: p.move_home }
        : { create_home: p.create_home, system: p.system }),
      ...(p.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
      ...keyFields(p, home, seen, done),
    };
  },
  fuses: true,
});
