import { identity } from '../ask.ts';
import type { Attributes } from '../change.ts';
import type { Facts } from '../facts.ts';
import { factOf } from '../facts.ts';
import type { FileFact } from '../observation.ts';
import { groupNamed, userNamed } from './names.ts';

export type Present = Extract<FileFact, { exists: true }>;
export type Absent = Extract<FileFact, { exists: false }>;
export type Dress = Pick<Present, 'mode' | 'uid' | 'gid' | 'owner' | 'group'>;

/** What something new in this place gets by itself; undefined where that cannot be known. */
export function freshDress(facts: Facts, old: Absent, mode: number): Dress | undefined {
  const self = factOf(facts, identity());
  if (self === undefined || old.parent === undefined) return undefined;
  const inherits = (old.parent.mode & 0o2000) !== 0;
  return {
    mode: mode & ~self.umask,
    uid: self.uid,
    owner: self.owner,
    gid: inherits ? old.parent.gid : self.gid,
    group: inherits ? old.parent.group : self.group,
  };
}

/** The attributes that a change names, put over what is there; undefined where a name's number is not known. */
export function dressed(facts: Facts, base: Dress, wanted: Attributes): Dress | undefined {
  const owner = wanted.owner === undefined ? { id: base.uid, name: base.owner } : userNamed(facts, wanted.owner);
  const group = wanted.group === undefined ? { id: base.gid, name: base.group } : groupNamed(facts, wanted.group);
  if (owner === undefined || group === undefined) return undefined;
  return {
    mode: wanted.mode ?? base.mode,
    uid: owner.id,
    owner: owner.name,
    gid: group.id,
    group: group.name,
  };
}

/** Root alone may give files away, and set any bit. */
export function mayDress(facts: Facts, base: Dress): boolean {
  const self = factOf(facts, identity());
  return self !== undefined && (self.uid === 0 || (self.uid === base.uid && self.gid === base.gid));
}

/** A fact of a planned change: what cannot be known is 0, and it says so. */
export function predicted(type: Present['type'], dress: Dress, size: number, rest: Partial<Present> = {}): Present {
  return {
    exists: true,
    type,
    ...dress,
    size,
    mtime: 0,
    atime: 0,
    ctime: 0,
    inode: 0,
    device: 0,
    links: 0,
    hashes: {},
    ...rest,
    predicted: true,
  };
}

/** The same file with other attributes or times. */
export function redressed(old: Present, dress: Dress): Present {
  return predicted(old.type, dress, old.size, {
    hashes: old.hashes,
    ...(old.content === undefined ? {} : { content: old.content }),
    ...(old.target === undefined ? {} : { target: old.target }),
    ...(old.place === undefined ? {} : { place: old.place }),
  });
}
