import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { group, user } from '../host/ask.ts';
import type { Attributes } from '../host/change.ts';
import type { FileFact, Observation } from '../host/observation.ts';
import type { Context, Seen } from './define.ts';
import { type ModeSpec, modeText, resolveMode } from './mode.ts';
import { mode, optional, text } from './params.ts';

export type PresentFile = Extract<FileFact, { exists: true }>;

/** The permission bits that a new file or directory gets where nobody says otherwise. */
export const newFileMode = 0o644;
export const newDirectoryMode = 0o755;

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
  };
}

export interface AttributeParams {
  readonly mode: ModeSpec | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
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

/** Who must be looked up so that the result can tell the numbers of owner and group, and a name nobody bears is found before anything is written. */
export function identityQueries(p: AttributeParams, context: Context): readonly Observation[] {
  const queries: Observation[] = [];
  if (p.owner !== undefined && needsLookup(p.owner)) queries.push(user(p.owner));
  if (p.group !== undefined && needsLookup(p.group)) queries.push(group(p.group));
  if (context.user !== 'root' && (p.owner === undefined || p.group === undefined)) queries.push(user(context.user));
  return queries;
}

function needsLookup(name: string): boolean {
  return name !== 'root' && !isNumber(name);
}

/** Why the owner or group cannot be set; absent where it can. */
export function identityProblem(p: AttributeParams, seen: Seen): string | undefined {
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
  context: Context,
  made: { readonly type: 'file' | 'directory' | 'link'; readonly size?: number; readonly sourceMode?: number },
): JsonObject {
  const present = fact?.exists === true ? fact : undefined;
  const kept = present !== undefined && present.type === made.type ? present : undefined;
  const isDirectory = made.type === 'directory';
  const base = kept?.mode ?? (made.type === 'link' ? 0o777 : isDirectory ? newDirectoryMode : newFileMode);
  const size = made.size ?? kept?.size;
  return {
    state: made.type,
    mode: modeText(p.mode === undefined ? base : resolveMode(p.mode, base, isDirectory, made.sourceMode)),
    ...ownerFields(p.owner, kept, seen, context),
    ...groupFields(p.group, kept, fact, seen, context),
    ...(size === undefined ? {} : { size }),
  };
}

function ownerFields(
  asked: string | undefined,
  kept: PresentFile | undefined,
  seen: Seen,
  context: Context,
): JsonObject {
  if (kept !== undefined && (asked === undefined || asked === kept.owner || asked === String(kept.uid))) {
    return { owner: kept.owner, uid: kept.uid };
  }
  const name = asked ?? context.user;
  if (name === 'root') return { owner: name, uid: 0 };
  if (isNumber(name)) return { owner: name, uid: Number(name) };
  const found = seen.maybe(user(name));
  return found?.exists === true ? { owner: name, uid: found.uid } : { owner: name };
}

function groupFields(
  asked: string | undefined,
  kept: PresentFile | undefined,
  fact: FileFact | undefined,
  seen: Seen,
  context: Context,
): JsonObject {
  if (kept !== undefined && (asked === undefined || asked === kept.group || asked === String(kept.gid))) {
    return { group: kept.group, gid: kept.gid };
  }
  if (asked === undefined) {
    const parent = fact?.exists === false ? fact.parent : undefined;
    if (parent !== undefined && (parent.mode & 0o2000) !== 0) return { group: parent.group, gid: parent.gid };
    if (context.user === 'root') return { group: 'root', gid: 0 };
    const own = seen.maybe(user(context.user));
    return own?.exists === true ? { group: own.groups[0] ?? String(own.gid), gid: own.gid } : {};
  }
  if (asked === 'root') return { group: asked, gid: 0 };
  if (isNumber(asked)) return { group: asked, gid: Number(asked) };
  const found = seen.maybe(group(asked));
  return found?.exists === true ? { group: asked, gid: found.gid } : { group: asked };
}
