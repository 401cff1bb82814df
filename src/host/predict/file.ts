import { createHash } from 'node:crypto';
import { identity } from '../ask.ts';
import type {
  Attributes,
  Content,
  MakeDirectory,
  MakeLink,
  Remove,
  SetAttributes,
  Touch,
  WriteFile,
} from '../change.ts';
import type { Facts } from '../facts.ts';
import { factOf, isAnswered } from '../facts.ts';
import type { FileFact, FileQuery, HashName } from '../observation.ts';
import { normalPath, parentOf } from '../path.ts';
import { bytesOf } from '../quote.ts';
import type { Absent, Dress, Present } from './attributes.ts';
import { dressed, freshDress, mayDress, predicted, redressed } from './attributes.ts';

/**
 * What becomes of one file fact; undefined where it cannot be known. A change that would fail may predict anything:
 * what follows it is never applied.
 */
export type FileRule = (query: FileQuery, old: FileFact) => FileFact | undefined;

export interface PathEffect {
  readonly path: string;
  /** Of the path itself. */
  readonly same: FileRule;
  /** Of what lies below it. */
  readonly below: FileRule;
  /** Whether a name may appear or vanish, so that globs and listings change. */
  readonly relists: boolean;
}

const unchanged: FileRule = (_, old) => old;
const unknown: FileRule = () => undefined;

/** `known` is what the facts say of the path as it is, links not followed; undefined where they say nothing. */
export function writeFileEffect(facts: Facts, change: WriteFile, known: FileFact | undefined): PathEffect {
  return {
    path: change.path,
    relists: known?.exists !== true,
    below: known === undefined || (known.exists && known.type !== 'file') ? unknown : unchanged,
    same: (query, old) => {
      if (query.exact === true || (!old.exists && old.parentMissing)) return undefined;
      if (old.exists && old.type === 'link') return change.follow ? old : undefined;
      if (old.exists && old.type !== 'file') return undefined;
      const base = old.exists ? old : freshDress(facts, old, 0o666);
      if (base === undefined || !mayDress(facts, base)) return undefined;
      const dress = dressed(facts, base, change);
      const content = contentFacts(query, change.content);
      return dress === undefined || content === undefined ? undefined : predicted('file', dress, content.size, content);
    },
  };
}

/** Of big contents only the sha256 is at hand. */
function contentFacts(query: FileQuery, content: Content): Pick<Present, 'size' | 'hashes' | 'content'> | undefined {
  if (content.kind === 'handle') {
    const isEnough = query.hashes.every((hash) => hash === 'sha256') && query.contentLimit < content.size;
    const hashes = query.hashes.length === 0 ? {} : { sha256: content.sha256 };
    return isEnough ? { size: content.size, hashes } : undefined;
  }
  const { bytes } = content;
  const size = bytes.length;
  const hashes: Partial<Record<HashName, string>> = Object.fromEntries(
    query.hashes.map((hash) => [hash, createHash(hash).update(bytes).digest('hex')]),
  );
  return { size, hashes, ...(query.contentLimit > 0 && size <= query.contentLimit ? { content: bytes } : {}) };
}

/** The path, and before it the parents that may have to be made. */
export function directoriesOf(change: MakeDirectory): readonly string[] {
  const path = normalPath(change.path);
  return change.parents ? lineage(path) : [path];
}

function lineage(path: string): readonly string[] {
  const parent = parentOf(path);
  return parent === '/' || parent === '.' || /^~[^/]*$/.test(parent) ? [path] : [...lineage(parent), path];
}

/** One of the directories of `directoriesOf`. */
export function directoryEffect(facts: Facts, change: MakeDirectory, path: string): PathEffect {
  const own = plainFact(facts, path);
  const isLast = path === normalPath(change.path);
  const same: FileRule = (query, old) => {
    if (!old.exists) {
      const dress = query.exact === true ? undefined : newDirectory(facts, change, old);
      return dress === undefined ? undefined : predicted('directory', dress, 0);
    }
    if (old.type === 'link') return old;
    if (old.type !== 'directory') return undefined;
    if (!isLast || (change.mode ?? change.owner ?? change.group) === undefined) return old;
    const dress = query.exact === true || !mayDress(facts, old) ? undefined : dressed(facts, old, change);
    return dress === undefined ? undefined : redressed(old, dress);
  };
  const heirs = heirsOf(facts, change, same);
  return {
    path,
    relists: own?.exists !== true,
    same,
    below: (query, old) => {
      if (own?.exists === true) return isLast ? heirs(query, old) : old;
      if (old.exists || !old.parentMissing) return old;
      const isChild = parentOf(normalPath(query.path)) === path;
      const dress = newDirectory(facts, change, own ?? old);
      const inherited = dress === undefined ? undefined : { mode: dress.mode, gid: dress.gid, group: dress.group };
      // Whether this directory was there already is not known for what lies deeper, where nobody asked.
      const isCertain =
        own !== undefined || isChild || (inherited !== undefined && inheritsAlike(inherited, old.parent));
      return {
        exists: false,
        parentMissing: !isChild,
        ...(inherited === undefined || !isCertain ? {} : { parent: inherited }),
      };
    },
  };
}

/** Where parents are made too, each level inherits from the one above: known where one level more makes no difference. */
function newDirectory(facts: Facts, change: MakeDirectory, old: Absent): Dress | undefined {
  const first = oneDirectory(facts, change, old);
  if (first === undefined || !old.parentMissing) return first;
  const second = oneDirectory(facts, change, { ...old, parent: first });
  return second !== undefined && inheritsAlike(first, second) ? first : undefined;
}

function oneDirectory(facts: Facts, change: MakeDirectory, old: Absent): Dress | undefined {
  const fresh = freshDress(facts, old, 0o777);
  if (fresh === undefined) return undefined;
  const inherited = (old.parent?.mode ?? 0) & 0o2000;
  return dressed(facts, { ...fresh, mode: fresh.mode | inherited }, change);
}

function inheritsAlike(one: NonNullable<Absent['parent']>, other: Absent['parent']): boolean {
  return other !== undefined && one.gid === other.gid && ((one.mode ^ other.mode) & 0o2000) === 0;
}

/** What is known of a path, links not followed where anybody asked that. */
export function plainFact(facts: Facts, path: string): FileFact | undefined {
  const wanted = normalPath(path);
  let followed: FileFact | undefined;
  for (const known of facts.values()) {
    if (!isAnswered(known, 'file') || normalPath(known.observation.path) !== wanted) continue;
    if (!known.observation.follow) return known.fact;
    followed = known.fact;
  }
  return followed;
}

export function setAttributesEffect(facts: Facts, change: SetAttributes): PathEffect {
  const rule: FileRule = (query, old) => {
    if (!old.exists) return old;
    const isLink = old.type === 'link';
    if (isLink ? change.follow : old.place !== undefined && !change.follow) return old;
    if (query.exact === true || change.symbolicMode !== undefined) return undefined;
    const gives = change.owner !== undefined || change.group !== undefined;
    // chown takes these bits from a file.
    if (gives && change.mode === undefined && old.type !== 'directory' && (old.mode & 0o6000) !== 0) return undefined;
    const { owner, group, mode } = change;
    const wanted = {
      ...(owner === undefined ? {} : { owner }),
      ...(group === undefined ? {} : { group }),
      ...(mode === undefined || isLink ? {} : { mode }),
    };
    const dress = mayDress(facts, old) ? dressed(facts, old, wanted) : undefined;
    return dress === undefined ? undefined : redressed(old, dress);
  };
  const heirs = heirsOf(facts, change, rule);
  const below: FileRule = (query, old) => (old.exists && change.recursive ? rule(query, old) : heirs(query, old));
  return { path: change.path, relists: false, same: rule, below };
}

/** What something new in a directory inherits, after the directory itself was changed by this rule. */
function heirsOf(facts: Facts, change: Attributes & { readonly path: string }, rule: FileRule): FileRule {
  if ((change.mode ?? change.owner ?? change.group) === undefined) return unchanged;
  const path = normalPath(change.path);
  const own = plainFact(facts, path);
  const now =
    own === undefined ? undefined : rule({ kind: 'file', path, follow: false, hashes: [], contentLimit: 0 }, own);
  const directory = now?.exists === true && now.type === 'directory' ? now : undefined;
  return (query, old) => {
    if (old.exists) return old;
    const { parentMissing } = old;
    if (directory === undefined || parentMissing || parentOf(normalPath(query.path)) !== path) {
      return { exists: false, parentMissing };
    }
    return {
      exists: false,
      parentMissing,
      parent: { mode: directory.mode, gid: directory.gid, group: directory.group },
    };
  };
}

export function makeLinkEffect(facts: Facts, change: MakeLink): PathEffect {
  return {
    path: change.path,
    relists: true,
    below: unknown,
    same: (query, old) => {
      const self = factOf(facts, identity());
      if (query.exact === true || query.follow || change.hard || self === undefined) return undefined;
      if (!old.exists && old.parentMissing) return undefined;
      const fresh = old.exists ? undefined : freshDress(facts, old, 0o777);
      const dress = fresh === undefined ? undefined : dressed(facts, { ...fresh, mode: 0o777 }, ownerOf(change));
      if (dress === undefined) return undefined;
      return predicted('link', dress, bytesOf(change.target).length, { target: change.target });
    },
  };
}

const ownerOf = ({ owner, group }: MakeLink): { readonly owner?: string; readonly group?: string } => ({
  ...(owner === undefined ? {} : { owner }),
  ...(group === undefined ? {} : { group }),
});

/** What something new inherits there is known where the directory above was asked for. */
export function removeEffect(facts: Facts, change: Remove): PathEffect {
  const above = plainFact(facts, parentOf(normalPath(change.path)));
  const parent =
    above?.exists === true && above.type === 'directory'
      ? { parent: { mode: above.mode, gid: above.gid, group: above.group } }
      : {};
  return {
    path: change.path,
    relists: true,
    same: (_, old) => (old.exists ? { exists: false, parentMissing: false, ...parent } : old),
    below: () => ({ exists: false, parentMissing: true, ...parent }),
  };
}

export function touchEffect(facts: Facts, change: Touch, known: FileFact | undefined): PathEffect {
  const same: FileRule = (query, old) => {
    if (query.exact === true || (!old.exists && old.parentMissing)) return undefined;
    if (old.exists && old.type === 'link') return old;
    const base = old.exists ? old : freshDress(facts, old, 0o666);
    const dress = base === undefined || !mayDress(facts, base) ? undefined : dressed(facts, base, change);
    if (dress === undefined) return undefined;
    if (old.exists) {
      const loses = change.mode === undefined && (change.owner !== undefined || change.group !== undefined);
      return loses && (old.mode & 0o6000) !== 0 ? undefined : redressed(old, dress);
    }
    const empty = contentFacts(query, { kind: 'bytes', bytes: new Uint8Array(), sha256: '' });
    return empty === undefined ? undefined : predicted('file', dress, 0, empty);
  };
  return { path: change.path, relists: known?.exists !== true, below: heirsOf(facts, change, same), same };
}

/** Its outcome cannot be known ahead: neither of the path nor of anything below it. */
export function unknownEffect(path: string): PathEffect {
  return { path, relists: true, same: unknown, below: unknown };
}
