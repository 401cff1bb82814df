import type { MakeDirectory, MakeLink, Remove, Rename, SetAttributes, Touch } from '../change.ts';
import { normalPath, parentOf } from '../path.ts';
import { quote, quotePath } from '../quote.ts';
import { octalMode, ownership } from './script.ts';

/** Directories are made in one process, their missing parents first. */
export function makeDirectory(change: MakeDirectory): string {
  const path = normalPath(change.path);
  const wanted = change.parents ? withParents(path) : [path];
  const mode = change.mode === undefined ? '' : `-m ${octalMode(change.mode)} `;
  const owner = ownership(change);
  return `set --
for p in ${wanted.map(quotePath).join(' ')}; do [ -d "$p" ] || set -- "$@" "$p"; done
n=$#; [ $n -gt 0 ] || set -- ${quotePath(path)}
[ $n = 0 ] || mkdir ${mode}-- "$@" || exit
${owner === undefined ? '' : `chown -- ${owner} "$@" || exit\n`}${
  change.mode === undefined ? '' : `[ $n -gt 0 ] || chmod ${octalMode(change.mode)} -- "$@" || exit\n`
}`;
}

function withParents(path: string): readonly string[] {
  const parent = parentOf(path);
  return parent === '/' || parent === '.' || /^~[^/]*$/.test(parent) ? [path] : [...withParents(parent), path];
}

/** Owner first, as chown clears the set-user-id bit. */
export function setAttributes(change: SetAttributes): string {
  const owner = ownership(change);
  const symbolic = change.symbolicMode === undefined ? undefined : quote(change.symbolicMode);
  const bits = symbolic ?? (change.mode === undefined ? undefined : octalMode(change.mode));
  const noFollow = change.follow ? '' : '-h ';
  // Recursion follows no link, not even the one that it begins with: `/.` is what the link leads to.
  const recursion = !change.recursive
    ? ''
    : change.follow
      ? 'if [ -d "$p" ]; then p=$p/. r=-R; fi\n'
      : 'if [ -d "$p" ] && [ ! -L "$p" ]; then r=-R; fi\n';
  return `p=${quotePath(slashed(change.path))} r=
[ -e "$p" ] || [ -L "$p" ] || fail "\\"$p\\" does not exist"
${recursion}${owner === undefined ? '' : `chown ${noFollow}$r -- ${owner} "$p" || exit\n`}${
  bits === undefined ? '' : `${change.follow ? '' : '[ -L "$p" ] || '}chmod $r -- ${bits} "$p" || exit\n`
}`;
}

/** What is in the way is replaced in one rename; a directory only where it is empty. */
export function makeLink(change: MakeLink): string {
  const make = change.hard ? `ln -- ${quotePath(change.target)}` : `ln -s -- ${quote(change.target)}`;
  const dressed = linkAttributes(change);
  const replace = change.force
    ? `[ -L "$p" ] || [ ! -d "$p" ] || rmdir -- "$p" || exit
[ ! -d "$p" ] || rm -f -- "$p" || exit
t=\${p%/*}/.hlb-link-$$; rm -f -- "$t"
${make} "$t"${dressed('"$t"')} && mv -f -- "$t" "$p" || drop`
    : 'fail "Cannot make the link \\"$p\\": something is there already"';
  return `p=${quotePath(slashed(change.path))}
if [ -e "$p" ] || [ -L "$p" ]; then
${replace}
else ${make} "$p"${dressed('"$p"')}; fi
`;
}

/** A symbolic link has no mode of its own. */
function linkAttributes(change: MakeLink): (word: string) => string {
  const owner = ownership(change);
  const mode = change.hard ? change.mode : undefined;
  return (word) =>
    (owner === undefined ? '' : ` && chown -h -- ${owner} ${word}`) +
    (mode === undefined ? '' : ` && chmod ${octalMode(mode)} -- ${word}`);
}

export function remove(change: Remove): string {
  if (['/', '.', '..', '~'].includes(normalPath(change.path))) {
    return `fail ${quote(`Refused to remove "${change.path}"`)}\n`;
  }
  return `p=${quotePath(slashed(change.path))}
[ -e "$p" ] || [ -L "$p" ] || { say noop; exit 0; }
${change.recursive ? 'rm -rf' : 'if [ -d "$p" ] && [ ! -L "$p" ]; then rmdir -- "$p"; exit; fi\nrm -f'} -- "$p"
`;
}

export function rename(change: Rename): string {
  return `p=${quotePath(slashed(change.to))}
[ ! -d "$p" ] || fail "Cannot rename to \\"$p\\": it is a directory"
mv -f -- ${quotePath(slashed(change.from))} "$p"
`;
}

/** Times are set apart, in UTC, in the only form that every touch knows. */
export function touch(change: Touch): string {
  const both = change.mtime === change.atime;
  const set = (flag: string, time: Touch['mtime']): string => {
    if (time === 'preserve') return '';
    const stamp = time === 'now' ? '' : `-t ${stampOf(time)} `;
    return `TZ=UTC0 touch ${flag}${stamp}-- "$p" || exit\n`;
  };
  const owner = ownership(change);
  return `p=${quotePath(slashed(change.path))}
[ -e "$p" ] || printf '' >>"$p" || exit
${both ? set('', change.mtime) : set('-m ', change.mtime) + set('-a ', change.atime)}${
  owner === undefined ? '' : `chown -- ${owner} "$p" || exit\n`
}${change.mode === undefined ? '' : `chmod ${octalMode(change.mode)} -- "$p" || exit\n`}`;
}

function stampOf(seconds: number): string {
  const [date = '', time = ''] = new Date(Math.floor(seconds) * 1000).toISOString().split('T');
  return `${date.replaceAll('-', '')}${time.slice(0, 5).replace(':', '')}.${time.slice(6, 8)}`;
}

/** With a slash in it, so that the script finds its parent and no tool takes it for an option. */
export function slashed(path: string): string {
  const normal = normalPath(path);
  return /^[/~]/.test(normal) ? normal : `./${normal}`;
}
