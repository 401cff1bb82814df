import { quoteAll } from '../host/quote.ts';

/**
 * Commands that change accounts, as one shell text each: shadow's tools where they are, busybox's where they are not.
 */

/** What a new account shall be like. */
export interface NewAccount {
  readonly name: string;
  readonly uid: number | undefined;
  readonly non_unique: boolean;
  readonly group: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly comment: string | undefined;
  readonly home: string | undefined;
  readonly shell: string | undefined;
  readonly system: boolean;
  readonly create_home: boolean;
  readonly skeleton: string | undefined;
  readonly umask: string | undefined;
  /** `2030-12-31`, or empty for never. */
  readonly expires: string | undefined;
  /** A group that already bears the account's name becomes its primary one. */
  readonly ownGroupExists: boolean;
}

const option = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [flag, value];

/** Prints the account's line of /etc/passwd at the end. */
export function makeAccount(account: NewAccount): string {
  const { name, groups = [] } = account;
  const useradd = [
    'useradd',
    ...option('-u', account.uid?.toString()),
    ...(account.uid !== undefined && account.non_unique ? ['-o'] : []),
    ...(account.group !== undefined ? ['-g', account.group] : account.ownGroupExists ? ['-N'] : []),
    ...(account.group === undefined && account.ownGroupExists ? ['-g', name] : []),
    ...(groups.length > 0 ? ['-G', groups.join(',')] : []),
    ...option('-c', account.comment),
    ...option('-d', account.home),
    ...option('-s', account.shell),
    ...option('-e', account.expires),
    ...(account.create_home ? ['-m'] : ['-M']),
    ...(account.create_home ? option('-k', account.skeleton) : []),
    ...(account.create_home && account.umask !== undefined ? ['-K', `UMASK=${account.umask}`] : []),
    ...(account.system ? ['-r'] : []),
    name,
  ];
  const adduser = [
    'adduser',
    '-D',
    ...option('-u', account.uid?.toString()),
    ...option('-G', account.group ?? (account.ownGroupExists ? name : undefined)),
    ...option('-g', account.comment),
    ...option('-h', account.home),
    ...option('-s', account.shell),
    ...(account.create_home ? option('-k', account.skeleton) : ['-H']),
    ...(account.system ? ['-S'] : []),
    name,
  ];
  const join = groups.map((group) => ` && ${quoteAll(['addgroup', name, group])}`).join('');
  return `${either('useradd', quoteAll(useradd), `${quoteAll(adduser)}${join}`)}
grep ${quoteAll([`^${name}:`])} /etc/passwd || getent passwd ${quoteAll([name])} || :`;
}

/** How an account shall differ from what it is. */
export interface AccountChange {
  readonly name: string;
  readonly uid?: number;
  readonly non_unique: boolean;
  readonly group?: string;
  /** All supplementary groups that it shall have from now on. */
  readonly groups?: readonly string[];
  /** Groups that it gains. */
  readonly joins: readonly string[];
  readonly leaves: readonly string[];
  readonly comment?: string;
  readonly home?: string;
  readonly moveHome: boolean;
  readonly shell?: string;
  readonly expires?: string;
  readonly lock?: boolean;
}

export function changeAccount(change: AccountChange): string {
  const { name } = change;
  const usermod = [
    'usermod',
    ...option('-u', change.uid?.toString()),
    ...(change.uid !== undefined && change.non_unique ? ['-o'] : []),
    ...option('-g', change.group),
    ...option('-G', change.groups?.join(',')),
    ...option('-c', change.comment),
    ...option('-d', change.home),
    ...(change.home !== undefined && change.moveHome ? ['-m'] : []),
    ...option('-s', change.shell),
    ...option('-e', change.expires),
    ...(change.lock === undefined ? [] : [change.lock ? '-L' : '-U']),
    name,
  ];
  const { uid, group, comment, home, shell, expires } = change;
  const isMore = [uid, group, comment, home, shell, expires].some((one) => one !== undefined);
  const busybox = [
    ...change.joins.map((one) => quoteAll(['addgroup', name, one])),
    ...change.leaves.map((one) => quoteAll(['delgroup', name, one])),
    ...(change.lock === undefined ? [] : [quoteAll(['passwd', change.lock ? '-l' : '-u', name])]),
  ];
  const missing = `{ echo 'usermod is not installed on this host; install the package shadow' >&2; exit 127; }`;
  return either('usermod', quoteAll(usermod), isMore ? missing : busybox.join(' && '));
}

export function removeAccount(name: string, remove: boolean, force: boolean): string {
  const userdel = ['userdel', ...(force ? ['-f'] : []), ...(remove ? ['-r'] : []), name];
  return either('userdel', quoteAll(userdel), quoteAll(['deluser', ...(remove ? ['--remove-home'] : []), name]));
}

export function makeGroup(name: string, gid: number | undefined, system: boolean, nonUnique: boolean): string {
  const number = option('-g', gid?.toString());
  const groupadd = [
    'groupadd',
    ...number,
    ...(gid !== undefined && nonUnique ? ['-o'] : []),
    ...(system ? ['-r'] : []),
    name,
  ];
  return `${either('groupadd', quoteAll(groupadd), quoteAll(['addgroup', ...number, ...(system ? ['-S'] : []), name]))}
grep ${quoteAll([`^${name}:`])} /etc/group || :`;
}

export function removeGroup(name: string, force: boolean): string {
  return either('groupdel', quoteAll(['groupdel', ...(force ? ['-f'] : []), name]), quoteAll(['delgroup', name]));
}

function either(tool: string, command: string, otherwise: string): string {
  return `if command -v ${tool} >/dev/null 2>&1; then ${command} || exit; else ${otherwise === '' ? ':' : otherwise} || exit; fi`;
}
