import { posix } from 'node:path';
import { file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileFact, Observation } from '../host/observation.ts';
import {
  type AttributeParams,
  differingAttributes,
  identityProblem,
  isEmpty,
  newAttributes,
  newDirectoryMode,
} from './attributes.ts';
import type { Context, Plan, Seen } from './define.ts';
import { targetQuery } from './destination.ts';
import type { TreeInput } from './need.ts';
import { plan, refuse } from './plan.ts';
import { type FileWish, fileChange, setAttributes } from './put-file.ts';

/** A folder of the controller and where it goes on the host. */
export interface TreeWish {
  readonly tree: TreeInput;
  /** The directory that stands for the folder. */
  readonly root: string;
  readonly attributes: AttributeParams;
  /** Of the directories. What `root` has is left alone where it is there. */
  readonly directory: AttributeParams;
  readonly file: Pick<FileWish, 'backup' | 'validate' | 'follow' | 'force'>;
}

interface Places {
  readonly directories: readonly { readonly path: string; readonly mode: number | undefined }[];
  readonly files: readonly { readonly path: string; readonly source: TreeInput['files'][number] }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

function placesOf(wish: TreeWish): Places {
  const at = (relative: string): string => posix.join(wish.root, relative);
  return {
    directories: [
      { path: wish.root, mode: undefined },
      ...wish.tree.directories.map((one) => ({ path: at(one.path), mode: one.mode })),
    ],
    files: wish.tree.files.map((source) => ({ path: at(source.relative), source })),
    links: wish.tree.links.map((link) => ({ path: at(link.relative), target: link.target })),
  };
}

const directoryQuery = (path: string): Observation & { kind: 'file' } => file(path, { follow: true });

export function treeQueries(wish: TreeWish): readonly Observation[] {
  const places = placesOf(wish);
  return [
    ...places.directories.map((one) => directoryQuery(one.path)),
    ...places.files.map((one) => targetQuery(one.path, wish.file.follow)),
    ...places.links.map((one) => file(one.path)),
  ];
}

export function planTree(wish: TreeWish, seen: Seen, context: Context): Plan {
  const problem = identityProblem(wish.attributes, seen);
  if (problem !== undefined && !context.check) return refuse(problem);
  const places = placesOf(wish);
  const changes: Change[] = [];
  for (const { path, mode } of places.directories) {
    const fact = seen(directoryQuery(path));
    if (fact.exists && fact.type !== 'directory')
      return refuse(`Cannot copy a folder to "${path}": it is no directory`);
    const change = directoryChange(wish, path, mode, fact, seen);
    if (change !== undefined) changes.push(change);
  }
  for (const { path, source } of places.files) {
    const one: FileWish = {
      path,
      content: source.content,
      attributes: wish.attributes,
      sourceMode: source.mode,
      ...wish.file,
    };
    const change = fileChange(one, seen(targetQuery(path, wish.file.follow)), seen);
    if (typeof change === 'string') return refuse(change);
    if (change !== undefined) changes.push(change);
  }
  for (const { path, target } of places.links) {
    const fact = seen(file(path));
    const isRight = fact.exists && fact.type === 'link' && fact.target === target;
    if (!isRight && !(fact.exists && !wish.file.force)) {
      changes.push({ kind: 'make-link', path, target, hard: false, force: true });
    }
  }
  const warnings = problem === undefined ? [] : [problem];
  return plan(changes, changes.length === 0 ? { why: 'every file of the folder is as asked', warnings } : { warnings });
}

/** Only the root has no source of its own. */
function directoryChange(
  wish: TreeWish,
  path: string,
  sourceMode: number | undefined,
  fact: FileFact,
  seen: Seen,
): Change | undefined {
  if (!fact.exists) {
    const attributes = newAttributes(wish.directory, newDirectoryMode(seen), true, sourceMode);
    return { kind: 'make-directory', path, parents: true, ...attributes };
  }
  if (sourceMode === undefined) return undefined;
  const differing = differingAttributes(wish.directory, fact, sourceMode);
  return isEmpty(differing) ? undefined : setAttributes(path, differing, true);
}
