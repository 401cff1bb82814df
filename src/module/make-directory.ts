import { directory, file } from '../host/ask.ts';
import type { Attributes, Change } from '../host/change.ts';
import type { Observation } from '../host/observation.ts';
import { differingAttributes, isEmpty, newAttributes, newDirectoryMode } from './attributes.ts';
import type { Plan, Seen } from './define.ts';
import type { ModeSpec } from './mode.ts';
import type { PathWish } from './path-wish.ts';
import { plan, refuse } from './plan.ts';
import { setAttributes } from './put-file.ts';

export function directoryQueries(p: PathWish): readonly Observation[] {
  const own = file(p.path, { follow: p.follow });
  return p.recurse ? [own, directory(p.path)] : [own];
}

export function planDirectory(p: PathWish, seen: Seen): Plan {
  const fact = seen(file(p.path, { follow: p.follow }));
  if (!fact.exists) {
    return plan([
      { kind: 'make-directory', path: p.path, parents: true, ...newAttributes(p, newDirectoryMode(seen), true) },
    ]);
  }
  if (fact.type !== 'directory') return refuse(`"${p.path}" already exists as a ${fact.type}`);
  const own = differingAttributes(p, fact);
  if (!p.recurse)
    return isEmpty(own) ? plan([], { why: 'the directory is as asked' }) : plan([setAttributes(p.path, own, p.follow)]);
  const below = seen(directory(p.path)).entries.filter((entry) => entry.file.type !== 'link');
  const isRight = isEmpty(own) && below.every((entry) => isEmpty(differingAttributes(p, entry.file)));
  return isRight ? plan([], { why: 'the directory and all below it are as asked' }) : plan([recursively(p)]);
}

function recursively(p: PathWish): Change {
  return {
    kind: 'set-attributes',
    path: p.path,
    recursive: true,
    follow: p.follow,
    ...modeFields(p.mode),
    ...(p.owner === undefined ? {} : { owner: p.owner }),
    ...(p.group === undefined ? {} : { group: p.group }),
  };
}

function modeFields(mode: ModeSpec | undefined): Attributes & { readonly symbolicMode?: string } {
  if (mode?.kind === 'octal') return { mode: mode.bits };
  return mode?.kind === 'symbolic' ? { symbolicMode: mode.text } : {};
}
