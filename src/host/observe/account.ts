import type { GroupQuery, UserFact, UserQuery } from '../observation.ts';
import { quote, quoteAll } from '../quote.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, together, utf8 } from './part.ts';

/**
 * Users and groups through the name service where the host has getent, otherwise from the files. Of the password
 * hashes only those asked for leave the host.
 */
export function observeAccounts(users: readonly UserQuery[], groups: readonly GroupQuery[]): readonly Part[] {
  if (users.length + groups.length === 0) return [];
  const names = users.map((query) => query.name);
  const groupNames = quoteAll(groups.map((query) => query.name));
  // A user's memberships take all groups; a single one may be known to the name service alone.
  const groupLookups = [
    ...(users.length > 0 ? ['getent group'] : []),
    ...(groups.length > 0 ? [`getent group ${groupNames}`] : []),
  ];
  const script = `g=; command -v getent >/dev/null && g=1
${users.length > 0 ? passwdScript(names) : ''}if [ "$g" ]; then ${groupLookups.join('; ')}; else cat /etc/group; fi`;
  return [together([...users, ...groups], asking(script), (done) => read(users, groups, done))];
}

function passwdScript(names: readonly string[]): string {
  return `if [ "$g" ]; then getent passwd ${quoteAll(names)}; else cat /etc/passwd; fi
echo .
[ ! -r /etc/shadow ] || grep -E ${quote(`^(${names.map(escaped).join('|')}):`)} /etc/shadow
echo .
`;
}

const escaped = (name: string): string => name.replace(/[.+*?^${}()|[\]\\]/g, String.raw`\$&`);

function read(users: readonly UserQuery[], groups: readonly GroupQuery[], done: Finished): readonly Answer[] {
  const sections = utf8(done.stdout).split(/^\.\n/m);
  const table = (section: string | undefined): readonly (readonly string[])[] =>
    (section ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':'));
  const group = table(sections.at(-1));
  const passwd = users.length === 0 ? [] : table(sections[0]);
  const shadow = users.length === 0 ? [] : table(sections[1]);
  return [
    ...users.map((observation) => ({ observation, fact: userFact(observation.name, passwd, shadow, group) })),
    ...groups.map((observation): Answer => {
      const row = group.find((one) => one[0] === observation.name);
      if (row === undefined) return { observation, fact: { exists: false } };
      return { observation, fact: { exists: true, gid: Number(row[2]), members: members(row) } };
    }),
  ];
}

type Table = readonly (readonly string[])[];

const members = (row: readonly string[]): readonly string[] => (row[3] ?? '').split(',').filter(Boolean);

function userFact(name: string, passwd: Table, shadow: Table, group: Table): UserFact {
  const row = passwd.find((one) => one[0] === name);
  if (row === undefined) return { exists: false };
  const [, , uid, gid = '', comment = '', home = '', shell = ''] = row;
  const primary = group.find((one) => one[2] === gid)?.[0] ?? gid;
  const others = group.filter((one) => members(one).includes(name)).map((one) => one[0] ?? '');
  const secret = shadow.find((one) => one[0] === name);
  return {
    exists: true,
    uid: Number(uid),
    gid: Number(gid),
    comment,
    home,
    shell,
    groups: [...new Set([primary, ...others])],
    ...(secret === undefined
      ? {}
      : {
          passwordHash: secret[1] ?? '',
          expires: days(secret[7]),
          passwordDays: {
            min: days(secret[3]),
            max: days(secret[4]),
            warn: days(secret[5]),
            inactive: days(secret[6]),
          },
        }),
  };
}

function days(written: string | undefined): number {
  return written === undefined || written === '' ? -1 : Number(written);
}
