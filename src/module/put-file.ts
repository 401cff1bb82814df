import { posix } from 'node:path';
import type { JsonObject } from '../core/value.ts';
import type { Attributes, Change, ChangeOutcome, Content } from '../host/change.ts';
import type { FileFact } from '../host/observation.ts';
import {
  type AttributeParams,
  attributeFields,
  differingAttributes,
  identityProblem,
  isEmpty,
  newAttributes,
  newFileMode,
} from './attributes.ts';
import { sizeOf } from './content.ts';
import type { Context, Plan, Seen } from './define.ts';
import { plan, refuse } from './plan.ts';
import { splitWords } from './words.ts';

/** A regular file as it shall be: what `copy`, `template` and their kin have in common. */
export interface FileWish {
  readonly path: string;
  readonly content: Content;
  readonly attributes: AttributeParams;
  /** Bits of the source, for `mode: preserve`. */
  readonly sourceMode?: number | undefined;
  readonly backup: boolean;
  /** A command in which `%s` stands for the new file. */
  readonly validate: string | undefined;
  readonly follow: boolean;
  /** Off: what is there is left alone. */
  readonly force: boolean;
}

/** The plan for one file. `parents` makes missing directories above it, with those attributes. */
export function planFile(
  wish: FileWish,
  fact: FileFact,
  seen: Seen,
  context: Context,
  parents: Attributes | undefined,
): Plan {
  const problem = identityProblem(wish.attributes, seen);
  if (problem !== undefined && !context.check) return refuse(problem);
  const change = fileChange(wish, fact, seen);
  if (typeof change === 'string') return refuse(change);
  const warnings = problem === undefined ? [] : [problem];
  if (change === undefined) {
    return plan([], {
      why: wish.force ? 'content and attributes are as asked' : 'a file is there, and "force" is off',
      warnings,
    });
  }
  if (fact.exists || !fact.parentMissing) return plan([change], { warnings });
  const directory = posix.dirname(wish.path);
  if (parents === undefined) {
    return refuse(`Destination directory "${directory}" does not exist`, {
      help: 'Make it with the file module (state: directory) in a task before this one',
    });
  }
  return plan([{ kind: 'make-directory', path: directory, parents: true, ...parents }, change], { warnings });
}

/** What makes the file as it shall be: nothing where it is, a text where it cannot be. */
export function fileChange(wish: FileWish, fact: FileFact, seen: Seen): Change | string | undefined {
  if (fact.exists && fact.type === 'directory') return `Cannot write "${wish.path}": it is a directory`;
  if (fact.exists && !wish.force) return undefined;
  const isFile = fact.exists && fact.type === 'file';
  if (isFile && fact.hashes.sha256 === wish.content.sha256) {
    const differing = differingAttributes(wish.attributes, fact, wish.sourceMode);
    return isEmpty(differing) ? undefined : setAttributes(wish.path, differing, wish.follow);
  }
  const validate = validateWords(wish.validate);
  if (typeof validate === 'string') return validate;
  return {
    kind: 'write-file',
    path: wish.path,
    content: wish.content,
    ...newAttributes(wish.attributes, isFile ? fact.mode : newFileMode(seen), false, wish.sourceMode),
    ...(validate === undefined ? {} : { validate }),
    backup: wish.backup,
    follow: wish.follow,
  };
}

export function setAttributes(path: string, attributes: Attributes, follow: boolean): Change {
  return { kind: 'set-attributes', path, recursive: false, follow, ...attributes };
}

/** The words of a `validate` command, or what is wrong with it. */
export function validateWords(validate: string | undefined): readonly string[] | string | undefined {
  if (validate === undefined) return undefined;
  const words = splitWords(validate);
  if (!words.ok) return `Cannot split "validate" into words: ${words.error}`;
  if (!words.value.some((word) => word.includes('%s')))
    return '"validate" must contain %s, which stands for the new file';
  return words.value;
}

/** What a result says of the file once the plan was carried out. */
export function fileFields(wish: FileWish, fact: FileFact, seen: Seen): JsonObject {
  const kept = fact.exists && !wish.force;
  const asked = kept ? { mode: undefined, owner: undefined, group: undefined } : wish.attributes;
  return attributeFields(asked, fact, seen, {
    type: 'file',
    ...(kept ? {} : { size: sizeOf(wish.content) }),
    ...(wish.sourceMode === undefined ? {} : { sourceMode: wish.sourceMode }),
  });
}

/** `backup_file`, where one of the changes kept what it replaced. */
export function backupFields(done: readonly ChangeOutcome[]): { readonly backup_file?: string } {
  for (const outcome of done) {
    if (outcome.status === 'done' && outcome.backup !== undefined) return { backup_file: outcome.backup };
  }
  return {};
}
