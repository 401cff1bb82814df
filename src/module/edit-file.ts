import { file, identity } from '../host/ask.ts';
import type { Attributes, Change, Guard } from '../host/change.ts';
import type { FileFact, FileQuery } from '../host/observation.ts';
import { parentOf } from '../host/path.ts';
import { bytesOf, textOf } from '../host/quote.ts';
import {
  type AttributeParams,
  differingAttributes,
  identityProblem,
  isEmpty,
  newAttributes,
  newFileMode,
} from './attributes.ts';
import { contentOf, hashOf } from './content.ts';
import type { Context, Plan, Seen } from './define.ts';
import { plan, refuse } from './plan.ts';
import { setAttributes, validateWords } from './put-file.ts';

/** Bigger files are not edited: they would travel to the controller and back. */
const sizeLimit = 4 * 1024 * 1024;

/** What must be known of a file to edit its text. Symlinks are followed: the file they point at is edited. */
export function editQuery(path: string): FileQuery {
  return file(path, { follow: true, contentLimit: sizeLimit });
}

/** A text file that is edited in place. */
export interface EditWish {
  readonly path: string;
  readonly attributes: AttributeParams;
  readonly backup: boolean;
  readonly validate: string | undefined;
  /** Make the file where it is missing. */
  readonly create: boolean;
  /** What a message of its absence calls it. */
  readonly calledWhenMissing?: 'Destination' | 'Path';
}

/** A new text, and what was done to get there; an equal text means nothing was. */
export interface Edited {
  readonly text: string;
  readonly msg: string;
}

const noSuchFile: Edited = { text: '', msg: '' };

/** The text that is there; bytes that are no UTF-8 survive as they are. */
export function editableText(fact: FileFact): string {
  return fact.exists && fact.content !== undefined ? textOf(fact.content) : '';
}

/** Why a file cannot be edited; absent where it can. With the numbers that Ansible gives. */
function obstacle(wish: EditWish, fact: FileFact): Plan | undefined {
  if (!fact.exists) {
    const name = wish.calledWhenMissing ?? 'Path';
    return wish.create ? undefined : refuse(`${name} ${wish.path} does not exist !`, { result: { rc: 257 } });
  }
  if (fact.type === 'directory') return refuse(`Path ${wish.path} is a directory !`, { result: { rc: 256 } });
  if (fact.type !== 'file') return refuse(`Cannot edit "${wish.path}": it is a ${fact.type}`);
  if (fact.content !== undefined) return undefined;
  return refuse(
    fact.size > sizeLimit
      ? `Cannot edit "${wish.path}": it has ${fact.size} bytes, more than the ${sizeLimit} that an edit may have`
      : `Cannot read "${wish.path}"`,
  );
}

export function planEdit(wish: EditWish, edit: (text: string) => Edited | string, seen: Seen, context: Context): Plan {
  const fact = seen(editQuery(wish.path));
  const refusal = obstacle(wish, fact);
  if (refusal !== undefined) return refusal;
  const problem = context.check ? undefined : identityProblem(wish.attributes, seen);
  if (problem !== undefined) return refuse(problem);
  const edited = edit(editableText(fact));
  if (typeof edited === 'string') return refuse(edited);
  const validate = validateWords(wish.validate);
  if (typeof validate === 'string') return refuse(validate);
  if (fact.exists && edited.text === editableText(fact)) {
    const differing = differingAttributes(wish.attributes, fact);
    if (isEmpty(differing)) return plan([], { why: 'the text is as asked' });
    return plan([setAttributes(wish.path, differing, true)]);
  }
  if (!fact.exists && edited.msg === '') return plan([], { why: 'there is nothing to write' });
  const write: Change = {
    kind: 'write-file',
    path: wish.path,
    content: contentOf(bytesOf(edited.text)),
    ...newAttributes(wish.attributes, fact.exists ? fact.mode : newFileMode(seen), false),
    ...(validate === undefined ? {} : { validate }),
    backup: wish.backup,
    follow: true,
    guard: guardOf(wish.path, fact),
  };
  if (fact.exists || !fact.parentMissing) return plan([write]);
  return plan([{ kind: 'make-directory', path: parentOf(wish.path), parents: true }, write]);
}

/** The edit was worked out from this very text. */
function guardOf(path: string, fact: FileFact): Guard {
  if (!fact.exists || fact.content === undefined) return { kind: 'absent', path };
  return { kind: 'file-hash', path, hash: 'sha256', value: hashOf('sha256', fact.content) };
}

/** What a new file gets otherwise than it would be by itself. */
function unlikeNew(p: AttributeParams, seen: Seen): Attributes {
  const fresh = newFileMode(seen);
  const { mode, owner, group } = newAttributes(p, fresh, false);
  const self = seen.maybe(identity());
  return {
    ...(mode === undefined || mode === fresh ? {} : { mode }),
    ...(owner === undefined || owner === self?.owner ? {} : { owner }),
    ...(group === undefined || group === self?.group ? {} : { group }),
  };
}

/** `msg`, as Ansible words it. */
export function editFields(
  wish: EditWish,
  edit: (text: string) => Edited | string,
  seen: Seen,
): { readonly msg?: string } {
  const fact = seen.maybe(editQuery(wish.path));
  if (fact === undefined || obstacle(wish, fact) !== undefined) return {};
  const edited = edit(editableText(fact));
  const { msg } = typeof edited === 'string' ? noSuchFile : edited;
  const owned = !isEmpty(fact.exists ? differingAttributes(wish.attributes, fact) : unlikeNew(wish.attributes, seen));
  const more = owned ? 'ownership, perms or SE linux context changed' : '';
  return { msg: [msg, more].filter((part) => part !== '').join(' and ') };
}
