import { posix } from 'node:path';
import { directory, file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileFact, Observation } from '../host/observation.ts';
import { differingAttributes, isEmpty, newAttributes, newFileMode } from './attributes.ts';
import type { Plan, Seen } from './define.ts';
import { type PathWish, stateWord } from './path-wish.ts';
import { plan, refuse } from './plan.ts';
import { setAttributes } from './put-file.ts';

/** `state: link`: where the target lies, seen from the host's root. */
function targetOf(p: PathWish, fact: FileFact | undefined): string | undefined {
  const written = p.src ?? (fact?.exists === true ? fact.target : undefined);
  if (written === undefined) return undefined;
  const isAbsolute = written.startsWith('/') || written.startsWith('~');
  return isAbsolute ? written : posix.join(posix.dirname(p.path), written);
}

export function linkQueries(p: PathWish, seen: Seen): readonly Observation[] {
  const fact = seen.maybe(file(p.path));
  const target = targetOf(p, fact);
  return [
    file(p.path),
    ...(target === undefined ? [] : [file(target, { follow: true })]),
    ...(mustBeEmpty(p, fact) ? [directory(p.path, { depth: 1 })] : []),
  ];
}

/** A directory in the way is only replaced by force, and only where nothing is in it. */
function mustBeEmpty(p: PathWish, fact: FileFact | undefined): boolean {
  return p.force && fact?.exists === true && fact.type === 'directory';
}

export function planLink(p: PathWish, seen: Seen): Plan {
  const fact = seen(file(p.path));
  const isLink = fact.exists && fact.type === 'link';
  const target = targetOf(p, fact);
  if (target === undefined || (p.src === undefined && !isLink))
    return refuse('"src" is required for creating a new link');
  const pointedAt = seen(file(target, { follow: true }));
  const obstacle = isLink ? undefined : obstacleTo(p, fact, 'symlink', seen);
  if (obstacle !== undefined) return obstacle;
  if (!pointedAt.exists && !p.force) {
    return refuse(`The source file "${target}" does not exist`, {
      help: 'Say force: true if the link shall be made nevertheless',
    });
  }
  const src = p.src ?? target;
  const changes: Change[] = [];
  const isRight = isLink && (p.src === undefined || fact.target === p.src);
  if (!isRight) {
    const own = p.follow ? {} : newAttributes({ ...p, mode: undefined }, newFileMode(seen), false);
    changes.push({ kind: 'make-link', path: p.path, target: src, hard: false, force: true, ...own });
  }
  if (p.follow && pointedAt.exists) {
    const differing = differingAttributes(p, pointedAt);
    if (!isEmpty(differing)) changes.push(setAttributes(p.path, differing, true));
  } else if (!p.follow && isRight) {
    const differing = differingAttributes({ ...p, mode: undefined }, fact);
    if (!isEmpty(differing)) changes.push(setAttributes(p.path, differing, false));
  }
  return plan(changes, changes.length === 0 ? { why: `the link already points at ${src}` } : {});
}

export function hardLinkQueries(p: PathWish, seen: Seen): readonly Observation[] {
  const fact = seen.maybe(file(p.path, { exact: true }));
  return [
    file(p.path, { exact: true }),
    ...(p.src === undefined ? [] : [file(p.src, { exact: true })]),
    ...(mustBeEmpty(p, fact) ? [directory(p.path, { depth: 1 })] : []),
  ];
}

export function planHardLink(p: PathWish, seen: Seen): Plan {
  const fact = seen(file(p.path, { exact: true }));
  if (p.src === undefined) {
    if (!fact.exists || fact.type !== 'file') return refuse('"src" is required for creating a new hard link');
    return planAttributes(p, fact, []);
  }
  const source = seen(file(p.src, { exact: true }));
  if (!source.exists) return refuse(`The source file "${p.src}" does not exist`);
  const isRight = fact.exists && fact.inode === source.inode && fact.device === source.device;
  if (isRight) return planAttributes(p, fact, []);
  const obstacle = obstacleTo(p, fact, 'hard link', seen);
  if (obstacle !== undefined) return obstacle;
  return planAttributes(p, source, [{ kind: 'make-link', path: p.path, target: p.src, hard: true, force: true }]);
}

function planAttributes(p: PathWish, fact: Extract<FileFact, { exists: true }>, first: readonly Change[]): Plan {
  const differing = differingAttributes(p, fact);
  const changes = isEmpty(differing) ? first : [...first, setAttributes(p.path, differing, p.follow)];
  return plan(changes, changes.length === 0 ? { why: 'the link and its attributes are as asked' } : {});
}

function obstacleTo(p: PathWish, fact: FileFact, what: 'symlink' | 'hard link', seen: Seen): Plan | undefined {
  if (!fact.exists) return undefined;
  if (!p.force) {
    return refuse(`Refusing to convert from ${stateWord(fact.type)} to ${what} for "${p.path}"`, {
      help: 'Say force: true if what is there shall be replaced',
    });
  }
  if (fact.type === 'directory' && seen(directory(p.path, { depth: 1 })).entries.length > 0) {
    return refuse(`The directory "${p.path}" is not empty, refusing to convert it`);
  }
  return undefined;
}
