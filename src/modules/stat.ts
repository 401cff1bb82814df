import { posix } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { command, file, identity, user } from '../host/ask.ts';
import type { CommandFact, CommandQuery, FileQuery, Observation } from '../host/observation.ts';
import type { PresentFile } from '../module/attributes.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { bool, choice, path, required, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { statFields } from '../module/stat-fields.ts';
import { statReturns } from '../module/stat-returns.ts';

const params = z.strictObject({
  path: required(path(), 'Path on the host', { aliases: ['dest', 'name'] }),
  follow: withDefault(bool(), false, 'Look at what a symlink points at'),
  get_checksum: withDefault(bool(), true, 'Hash the content of a regular file'),
  checksum_algorithm: withDefault(choice(['sha1', 'md5', 'sha256', 'sha512']), 'sha1', 'How to hash it', {
    aliases: ['checksum', 'checksum_algo'],
  }),
  get_mime: withDefault(
    bool(),
    false,
    'Ask the `file` program for `mimetype` and `charset`. Ansible does so unasked; it costs a process a file',
    { aliases: ['mime', 'mime_type', 'mime-type'] },
  ),
  get_attributes: withDefault(
    bool(),
    false,
    'Ask `lsattr` for `attr_flags`. Ansible does so unasked; it costs a process a file',
    { aliases: ['attr', 'attributes'] },
  ),
});

type Params = z.output<typeof params>;

function queryOf(p: Params): FileQuery {
  return file(p.path, { follow: p.follow, hashes: p.get_checksum ? [p.checksum_algorithm] : [], exact: true });
}

const mimeQuery = (p: Params): CommandQuery =>
  command(['file', ...(p.follow ? ['-L'] : ['-h']), '--brief', '--mime-type', '--mime-encoding', p.path]);
const flagsQuery = (p: Params): CommandQuery => command(['lsattr', '-d', p.path]);

function statOf(p: Params, fact: PresentFile, seen: Seen): JsonObject {
  const { target } = fact;
  const checksum = fact.hashes[p.checksum_algorithm];
  return {
    exists: true,
    path: p.path,
    ...statFields(fact),
    ...accessOf(p, seen),
    ...(target === undefined ? {} : { lnk_target: target, lnk_source: posix.resolve(posix.dirname(p.path), target) }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

/** Access goes through a symlink. */
const targetQuery = (p: Params): FileQuery => file(p.path, { follow: true });

/** Root may do nearly everything; of others the groups count. */
function othersQuery(seen: Seen): readonly Observation[] {
  const self = seen.maybe(identity());
  return self === undefined || self.uid === 0 ? [] : [user(self.owner)];
}

/** What the play's user may do with it, by its permission bits. */
function accessOf(p: Params, seen: Seen): JsonObject {
  const target = seen(targetQuery(p));
  if (!target.exists) return { readable: false, writeable: false, executable: false };
  const { mode } = target;
  const self = seen(identity());
  if (self.uid === 0) {
    return { readable: true, writeable: true, executable: target.type === 'directory' || (mode & 0o111) !== 0 };
  }
  const account = seen.maybe(user(self.owner));
  const groups = account?.exists === true ? account.groups : [];
  const isOfGroup = self.gid === target.gid || groups.includes(target.group);
  const shift = self.uid === target.uid ? 6 : isOfGroup ? 3 : 0;
  const may = (bit: number): boolean => ((mode >> shift) & bit) !== 0;
  return { readable: may(4), writeable: may(2), executable: may(1) };
}

function mimeFields(fact: CommandFact | undefined): JsonObject {
  if (fact === undefined) return {};
  const [mimetype = 'unknown', charset = 'unknown'] = fact.code === 0 ? fact.stdout.trim().split('; charset=') : [];
  return { mimetype, charset };
}

function flagFields(fact: CommandFact | undefined): JsonObject {
  if (fact === undefined) return {};
  const [flags = ''] = fact.code === 0 ? fact.stdout.trim().split(/\s+/) : [];
  return { attr_flags: flags.replaceAll('-', '') };
}

/** What is at a path. */
export default defineModule({
  name: 'stat',
  aliases: ['ansible.builtin.stat', 'ansible.legacy.stat'],
  summary: 'Tells what is at a path of the host',
  examples: ['stat:\n  path: /etc/kubernetes/admin.conf\nregister: admin_conf'],
  params,
  returns: z.object({ stat: statReturns.meta({ description: 'What is there' }) }),
  convergence: () => 'reads',
  observe: (p, seen) => [
    queryOf(p),
    targetQuery(p),
    identity(),
    ...othersQuery(seen),
    ...(p.get_mime ? [mimeQuery(p)] : []),
    ...(p.get_attributes ? [flagsQuery(p)] : []),
  ],
  plan: () => plan([], { why: 'looking changes nothing' }),
  result: (p, seen) => {
    const fact = seen(queryOf(p));
    if (!fact.exists) return { stat: { exists: false } };
    return {
      stat: {
        ...statOf(p, fact, seen),
        ...mimeFields(p.get_mime ? seen(mimeQuery(p)) : undefined),
        ...flagFields(p.get_attributes ? seen(flagsQuery(p)) : undefined),
      },
    };
  },
  fuses: true,
});
