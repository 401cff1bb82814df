import { posix } from 'node:path';
import type { JsonObject } from '../core/value.ts';
import { directory, file } from '../host/ask.ts';
import type { Attributes, Change } from '../host/change.ts';
import type { DirectoryFact, FileFact, Observation } from '../host/observation.ts';
import {
  type AttributeParams,
  attributeFields,
  differingAttributes,
  identityProblem,
  isEmpty,
  newAttributes,
  newDirectoryMode,
  newFileMode,
  type PresentFile,
} from './attributes.ts';
import type { Context, Plan, Seen } from './define.ts';
import { type Destination, destinationPath, destinationQueries, targetQuery } from './destination.ts';
import type { ModeSpec } from './mode.ts';
import { plan, refuse } from './plan.ts';
import { setAttributes } from './put-file.ts';

/** A copy on the host itself (`remote_src`). */
export interface HostCopy {
  readonly src: string;
  readonly dest: string;
  readonly attributes: AttributeParams;
  /** Of directories that are made. */
  readonly directory: AttributeParams;
  readonly backup: boolean;
  readonly force: boolean;
  /** SHA-1 that the source must have. */
  readonly checksum: string | undefined;
}

const sourceQuery = (copy: HostCopy): Observation & { kind: 'file' } =>
  file(copy.src, { follow: true, hashes: copy.checksum === undefined ? ['sha256'] : ['sha256', 'sha1'] });
const listQuery = (copy: HostCopy): Observation & { kind: 'directory' } => directory(copy.src, { hashes: ['sha256'] });
const directoryQuery = (path: string): Observation & { kind: 'file' } => file(path, { follow: true });

function destination(copy: HostCopy): Destination {
  return { dest: copy.dest, name: posix.basename(copy.src), follow: false };
}

function rootOf(copy: HostCopy): string {
  return copy.src.endsWith('/') ? copy.dest : posix.join(copy.dest, posix.basename(copy.src));
}

export function hostCopyQueries(copy: HostCopy, seen: Seen): readonly Observation[] {
  const source = seen.maybe(sourceQuery(copy));
  const first = [sourceQuery(copy), ...destinationQueries(destination(copy), seen)];
  if (source?.exists !== true || source.type !== 'directory') return first;
  const entries = seen.maybe(listQuery(copy))?.entries ?? [];
  return [...first, listQuery(copy), directoryQuery(rootOf(copy)), ...entries.map((entry) => entryQuery(copy, entry))];
}

function entryQuery(copy: HostCopy, entry: DirectoryFact['entries'][number]): Observation & { kind: 'file' } {
  const path = posix.join(rootOf(copy), entry.path);
  return entry.file.type === 'file' ? targetQuery(path, false) : file(path);
}

export function planHostCopy(copy: HostCopy, seen: Seen, context: Context): Plan {
  const source = seen(sourceQuery(copy));
  if (!source.exists) return refuse(`Source "${copy.src}" not found on the host`);
  const problem = identityProblem(copy.attributes, seen);
  if (problem !== undefined && !context.check) return refuse(problem);
  if (source.type === 'directory') return planTree(copy, source, seen);
  if (copy.checksum !== undefined && source.hashes.sha1 !== copy.checksum) {
    return refuse(`Source "${copy.src}" has the checksum ${source.hashes.sha1 ?? '(none)'}, expected ${copy.checksum}`);
  }
  const path = destinationPath(destination(copy), seen);
  const fact = seen(targetQuery(path, false));
  const change = fileChange(copy, { path: copy.src, file: source }, path, fact, seen);
  if (typeof change === 'string') return refuse(change);
  if (change === undefined) return plan([], { why: 'content and attributes are as asked' });
  if (fact.exists || !fact.parentMissing) return plan([change]);
  const parent = posix.dirname(path);
  if (!copy.dest.endsWith('/')) return refuse(`Destination directory "${parent}" does not exist`);
  return plan([
    { kind: 'make-directory', path: parent, parents: true, ...madeDirectory(copy, undefined, seen) },
    change,
  ]);
}

function planTree(copy: HostCopy, source: PresentFile, seen: Seen): Plan {
  const changes: Change[] = [];
  const root = rootOf(copy);
  const rootFact = seen(directoryQuery(root));
  if (rootFact.exists && rootFact.type !== 'directory')
    return refuse(`Cannot copy a directory to "${root}": it is no directory`);
  if (!rootFact.exists)
    changes.push({ kind: 'make-directory', path: root, parents: true, ...madeDirectory(copy, source.mode, seen) });
  for (const entry of seen(listQuery(copy)).entries) {
    const path = posix.join(root, entry.path);
    const fact = seen(entryQuery(copy, entry));
    const change = entryChange(copy, entry, path, fact, seen);
    if (typeof change === 'string') return refuse(change);
    if (change !== undefined) changes.push(change);
  }
  return plan(changes, changes.length === 0 ? { why: 'every file of the directory is as asked' } : {});
}

/** New directories and files of a tree keep the bits of their sources. */
const preserved: ModeSpec = { kind: 'preserve' };

function madeDirectory(copy: HostCopy, sourceMode: number | undefined, seen: Seen): Attributes {
  const { mode } = copy.directory;
  const wanted = { ...copy.directory, mode: mode ?? (sourceMode === undefined ? undefined : preserved) };
  return newAttributes(wanted, newDirectoryMode(seen), true, sourceMode);
}

function entryChange(
  copy: HostCopy,
  entry: DirectoryFact['entries'][number],
  path: string,
  fact: FileFact,
  seen: Seen,
): Change | string | undefined {
  const { type, target, mode } = entry.file;
  if (type === 'directory') {
    if (!fact.exists) return { kind: 'make-directory', path, parents: false, ...madeDirectory(copy, mode, seen) };
    return fact.type === 'directory' ? undefined : `Cannot copy a directory to "${path}": it is no directory`;
  }
  if (type === 'link') {
    const isRight = fact.exists && fact.type === 'link' && fact.target === target;
    if (isRight || (fact.exists && !copy.force)) return undefined;
    return { kind: 'make-link', path, target: target ?? '', hard: false, force: true };
  }
  if (type !== 'file')
    return `Cannot copy "${posix.join(copy.src, entry.path)}": it is neither a file, a directory nor a link`;
  const kept = { ...copy, attributes: { ...copy.attributes, mode: copy.attributes.mode ?? preserved } };
  return fileChange(
    fact.exists ? copy : kept,
    { path: posix.join(copy.src, entry.path), file: entry.file },
    path,
    fact,
    seen,
  );
}

function fileChange(
  copy: HostCopy,
  source: { readonly path: string; readonly file: PresentFile },
  to: string,
  fact: FileFact,
  seen: Seen,
): Change | string | undefined {
  if (fact.exists && fact.type === 'directory') return `Cannot write "${to}": it is a directory`;
  if (fact.exists && !copy.force) return undefined;
  const isFile = fact.exists && fact.type === 'file';
  const sourceHash = source.file.hashes.sha256;
  if (isFile && sourceHash !== undefined && fact.hashes.sha256 === sourceHash) {
    const differing = differingAttributes(copy.attributes, fact, source.file.mode);
    return isEmpty(differing) ? undefined : setAttributes(to, differing, false);
  }
  return {
    kind: 'copy-path',
    from: source.path,
    to,
    recursive: false,
    backup: copy.backup,
    ...newAttributes(copy.attributes, isFile ? fact.mode : newFileMode(seen), false, source.file.mode),
  };
}

export function hostCopyFields(copy: HostCopy, seen: Seen): JsonObject {
  const source = seen.maybe(sourceQuery(copy));
  if (source?.exists !== true) return { dest: copy.dest, src: copy.src };
  if (source.type === 'directory') {
    const isFilled = copy.src.endsWith('/') && seen.maybe(directoryQuery(copy.dest))?.exists === true;
    const dest = isFilled ? `${copy.dest.replace(/\/$/, '')}/` : rootOf(copy);
    return { dest, src: copy.src, state: 'directory' };
  }
  const path = destinationPath(destination(copy), seen);
  const fact = seen.maybe(targetQuery(path, false));
  return {
    dest: path,
    src: copy.src,
    ...(source.hashes.sha1 === undefined ? {} : { checksum: source.hashes.sha1 }),
    ...attributeFields(copy.attributes, fact, seen, {
      type: 'file',
      size: source.size,
      sourceMode: source.mode,
    }),
  };
}
