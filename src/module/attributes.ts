import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { file, group, identity, user } from '../host/ask.ts';
import type { Attributes } from '../host/change.ts';
import type { FileFact, Observation } from '../host/observation.ts';
import type { Seen } from './define.ts';
import { type ModeSpec, modeText, resolveMode } from './mode.ts';
import { bool, mode, optional, text, withDefault } from './params.ts';

export type PresentFile = Extract<FileFact, { exists: true }>;

/** The permission bits that a new file gets where nobody says otherwise. */
export function newFileMode(seen: Seen): number {
  return 0o666 & ~umaskOf(seen);
}

export function newDirectoryMode(seen: Seen): number {
  return 0o777 & ~umaskOf(seen);
}

function umaskOf(seen: Seen): number {
  return seen.maybe(identity())?.umask ?? 0o022;
}

const contextHelp = 'Part of the SELinux context: nothing on a host without SELinux, refused on one with it';

/** `mode`, `owner` and `group`, which every module that writes files takes. */
export const attributeParams = {
  mode: optional(mode(), 'Permission bits: octal text such as "0644", or symbolic such as "u=rw,g=r,o="'),
  ...ownerParams(),
};

/** The same for modules with a source whose mode they can keep. */
export const attributeParamsOfCopies = {
  mode: optional(
    mode({ preserve: true }),
    'Permission bits: octal text such as "0644", symbolic such as "u=rw,g=r,o=", or "preserve" for the bits of the source',
  ),
  ...ownerParams(),
};

function ownerParams() {
  return {
    owner: optional(text(), 'Name or number of the user that owns it'),
    group: optional(text(), 'Name or number of the group that owns it'),
    seuser: optional(text(), contextHelp),
    serole: optional(text(), contextHelp),
    setype: optional(text(), contextHelp),
    selevel: optional(text(), contextHelp),
    unsafe_writes: withDefault(bool(), false, 'Accepted for the sake of playbooks: files are replaced in one step'),
  };
}

/** The attributes among the parameters of a module. */
export function attributesOf(p: AttributeParams): AttributeParams {
  const { mode: bits, owner, group: ofGroup, seuser, serole, setype, selevel } = p;
  return { mode: bits, owner, group: ofGroup, seuser, serole, setype, selevel };
}

export interface AttributeParams {
  readonly mode: ModeSpec | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

/** There only where SELinux runs. */
const selinux = file('/sys/fs/selinux/enforce');

function hasContext(p: AttributeParams): boolean {
  return [p.seuser, p.serole, p.setype, p.selevel].some((one) => one !== undefined);
}

/** For `returns`. */
export const attributeReturns = {
  mode: z.string().optional().meta({ description: 'Permission bits, such as "0644"' }),
  owner: z.string().optional().meta({ description: 'Name of the owner' }),
  group: z.string().optional().meta({ description: 'Name of the group' }),
  uid: z.int().optional().meta({ description: 'Number of the owner' }),
  gid: z.int().optional().meta({ description: 'Number of the group' }),
  size: z.int().optional().meta({ description: 'Bytes' }),
  state: z.string().optional().meta({ description: 'What is there: "file", "directory", "link", "hard" or "absent"' }),
};

const isNumber = (written: string): boolean => /^\d+$/.test(written);

/**
 * What tells owner and group of a new file, and their numbers; a name that nobody bears is found before anything is
 * written.
 */
export function identityQueries(p: AttributeParams): readonly Observation[] {
  return [
    identity(),
    ...(hasContext(p) ? [selinux] : []),
    ...(p.owner !== undefined && needsLookup(p.owner) ? [user(p.owner)] : []),
    ...(p.group !== undefined && needsLookup(p.group) ? [group(p.group)] : []),
  ];
}

function needsLookup(name: string): boolean {
  return name !== 'root' && !isNumber(name);
}

/** Why the owner or group cannot be set; absent where it can. */
export function identityProblem(p: AttributeParams, seen: Seen): string | undefined {
  if (hasContext(p) && seen(selinux).exists) return 'This host runs SELinux, whose contexts hlb does not set';
  if (p.owner !== undefined && needsLookup(p.owner) && !seen(user(p.owner)).exists) {
    return `chown failed: there is no user "${p.owner}" on this host`;
  }
  if (p.group !== undefined && needsLookup(p.group) && !seen(group(p.group)).exists) {
    return `chgrp failed: there is no group "${p.group}" on this host`;
  }
  return undefined;
}

/** What of the attributes a path that is there does not have yet. */
export function differingAttributes(p: AttributeParams, fact: PresentFile, sourceMode?: number): Attributes {
  const wanted =
    p.mode === undefined ? undefined : resolveMode(p.mode, fact.mode, fact.type === 'directory', sourceMode);
  return {
    ...(wanted !== undefined && wanted !== fact.mode ? { mode: wanted } : {}),
    ...(p.owner !== undefined && p.owner !== fact.owner && p.owner !== String(fact.uid) ? { owner: p.owner } : {}),
    ...(p.group !== undefined && p.group !== fact.group && p.group !== String(fact.gid) ? { group: p.group } : {}),
  };
}

export function isEmpty(attributes: Attributes): boolean {
  return attributes.mode === undefined && attributes.owner === undefined && attributes.group === undefined;
}

/** All of the attributes that are asked for, for a path that is made: a symbolic mode counts from `base`. */
export function newAttributes(p: AttributeParams, base: number, isDirectory: boolean, sourceMode?: number): Attributes {
  return {
    ...(p.mode === undefined ? {} : { mode: resolveMode(p.mode, base, isDirectory, sourceMode) }),
    ...(p.owner === undefined ? {} : { owner: p.owner }),
    ...(p.group === undefined ? {} : { group: p.group }),
  };
}

/** What a result says of a path as it is once the plan was carried out. */
export function attributeFields(
  p: AttributeParams,
  fact: FileFact | undefined,
  seen: Seen,
  made: { readonly type: 'file' | 'directory' | 'link'; readonly size?: number; readonly sourceMode?: number },
): JsonObject {
  const present = fact?.exists === true ? fact : undefined;
  const kept = present !== undefined && present.type === made.type ? present : undefined;
  const isDirectory = made.type === 'directory';
  const fresh = made.type === 'link' ? 0o777 : isDirectory ? newDirectoryMode(seen) : newFileMode(seen);
  const base = kept?.mode ?? fresh;
  // What a directory that is about to be made will measure, nobody knows.
  const isMeasured = kept !== undefined && !(isDirectory && kept.predicted === true);
  const size = made.size ?? (isMeasured ? kept.size : undefined);
  return {
    state: made.type,
    mode: modeText(p.mode === undefined ? base : resolveMode(p.mode, base, isDirectory, made.sourceMode)),
    ...ownerFields(p.owner, kept, seen),
    ...groupFields(p.group, kept, fact, seen),
    ...(size === undefined ? {} : { size }),
  };
}

function ownerFields(asked: string | undefined, kept: PresentFile | undefined, seen: Seen): JsonObject {
  if (kept !== undefined && (asked === undefined || asked === kept.owner || asked === String(kept.uid))) {
    return { owner: kept.owner, uid: kept.uid };
  }
  if (asked === undefined) {
    const self = seen.maybe(identity());
    return self === undefined ? {} : { owner: self.owner, uid: self.uid };
  }
  if (asked === 'root') return { owner: asked, uid: 0 };
  if (isNumber(asked)) return { owner: asked, uid: Number(asked) };
  const found = seen.maybe(user(asked));
  return found?.exists === true ? { owner: asked, uid: found.uid } : { owner: asked };
}

function groupFields(
  asked: string | undefined,
  kept: PresentFile | undefined,
  fact: FileFact | undefined,
  seen: Seen,
): JsonObject {
  if (kept !== undefined && (asked === undefined || asked === kept.group || asked === String(kept.gid))) {
    return { group: kept.group, gid: kept.gid };
  }
  if (asked === undefined) {
    const parent = fact?.exists === false ? fact.parent : undefined;
    if (parent !== undefined && (parent.mode & 0o2000) !== 0) return { group: parent.group, gid: parent.gid };
    const self = seen.maybe(identity());
    return self === undefined ? {} : { group: self.group, gid: self.gid };
  }
  if (asked === 'root') return { group: asked, gid: 0 };
  if (isNumber(asked)) return { group: asked, gid: Number(asked) };
  const found = seen.maybe(group(asked));
  return found?.exists === true ? { group: asked, gid: found.gid } : { group: asked };
}
