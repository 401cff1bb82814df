import type { Attributes } from '../change.ts';
import { ownExit } from '../exit-meaning.ts';
import { baseOf, normalPath } from '../path.ts';
import { bytesOf, quote, quotePath } from '../quote.ts';
import { slashed } from './paths.ts';
import { octalMode, ownership } from './script.ts';

export interface AtomicWrite extends Attributes {
  readonly path: string;
  readonly follow: boolean;
  readonly backup: boolean;
  readonly validate?: readonly string[];
  /** Shell text that writes the content into "$t" and fails with a reason on stderr. */
  readonly fill: string;
  /** Flush the content to the disk before the rename. */
  readonly flush: boolean;
}

/**
 * A file replaced as a whole or not at all: a temporary name beside it that starts with a dot (kubelet takes every other
 * file in its folder for a manifest), content, owner, mode, validation, flush, rename. What the change does not name
 * keeps the old file's owner, group and mode, as Ansible's atomic_move does.
 */
export function atomicWrite(write: AtomicWrite): string {
  const path = normalPath(write.path);
  const lines = [
    `p=${quotePath(slashed(path))}`,
    ...(write.follow ? [following] : []),
    `d=\${p%/*}/ t=\${p%/*}/${quote(`.${shortened(baseOf(path))}.hlb-`)}$$`,
    `[ -d "$d" ] || fail "Cannot write \\"$p\\": \\"\${d%/}\\" is no directory"`,
    `[ ! -d "$p" ]${write.follow ? '' : ' || [ -L "$p" ]'} || fail "Cannot write \\"$p\\": it is a directory"`,
    `[ ! -e "$t" ] && [ ! -L "$t" ] || rm -f -- "$t"`,
    `trap 'rm -f -- "$t"; exit 143' HUP INT TERM`,
    ...creation(write),
    write.fill.trimEnd(),
    ...attributes(write),
    ...(write.validate === undefined ? [] : [validation(write.validate)]),
    ...(write.backup
      ? [
          'b=; if [ -f "$p" ]; then b=$p.$$.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- "$p" "$b" || drop "Cannot keep a copy of \\"$p\\""; fi',
        ]
      : []),
    ...(write.flush ? ['sync -- "$t" 2>/dev/null || :'] : []),
    selinuxBefore,
    // Into a link to a directory mv would move; -T is no option of old tools.
    write.follow
      ? 'mv -f -- "$t" "$p" || drop'
      : 'if [ -d "$p" ]; then mv -fT -- "$t" "$p" 2>/dev/null || { rm -f -- "$p" && mv -f -- "$t" "$p"; }; else mv -f -- "$t" "$p"; fi || drop',
    selinuxAfter,
    ...(write.backup ? ['[ ! "$b" ] || say backup "$b"'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Link by link, as GNU's `readlink -f` never ends where a link leads to below itself. */
const following = `n=0; while [ -L "$p" ]; do n=$((n+1)); [ $n -le 40 ] || fail "Cannot follow the link \\"$p\\""
l=$(readlink -- "$p" && echo .) || fail "Cannot follow the link \\"$p\\""; l=\${l%??}
case $l in /*) p=$l;; *) p=\${p%/*}/$l;; esac; done`;

/** A file name may have 255 bytes. */
function shortened(name: string): string {
  const bytes = bytesOf(name);
  return bytes.length <= 200
    ? name
    : Buffer.from(bytes.subarray(0, 200))
        .toString('latin1')
        .replace(/[^\w.-]/g, '_');
}

/**
 * The umask gives a new file its mode from the start. Where the old file's owner, group or mode are kept and are not
 * what a new file has, cp -p makes them, and the content is overwritten.
 */
function creation(write: AtomicWrite): readonly string[] {
  const { mode, owner, group } = write;
  const keeps =
    mode === undefined
      ? '[ -f "$p" ]'
      : [
          ...(owner === undefined ? ['{ [ -O "$p" ] && [ -O "$t" ]; }'] : []),
          ...(group === undefined ? ['{ [ -G "$p" ] && [ -G "$t" ]; }'] : []),
        ].join(' && ');
  const keep = mode === undefined ? keeps : keeps === '' ? '' : `[ -f "$p" ] && ! { ${keeps}; }`;
  return [
    ...(mode === undefined ? [] : [`umask ${(0o577 & ~(mode & 0o666)).toString(8).padStart(4, '0')}`]),
    `set -C; printf '' >"$t" || fail "Cannot write into \\"\${d%/}\\""; set +C`,
    'k= m=',
    ...(keep === ''
      ? []
      : [
          `if ${keep}; then k=1; cp -p -- "$p" "$t" || drop "Cannot keep the attributes of \\"$p\\""; { [ -w "$t" ] && [ ! -u "$p" ] && [ ! -g "$p" ]; } || { m=$(stat -L -c %a -- "$p"); [ -w "$t" ] || chmod u+w -- "$t"; }; fi`,
        ]),
  ];
}

function attributes(write: AtomicWrite): readonly string[] {
  const owner = ownership(write);
  const lines = owner === undefined ? [] : [`chown -- ${owner} "$t" || drop`];
  const { mode } = write;
  if (mode === undefined) return [...lines, '[ ! "$m" ] || chmod "$m" -- "$t" || drop'];
  const chmod = `chmod ${octalMode(mode)} -- "$t" || drop`;
  // The umask has made it already, but for bits that it cannot give, for the owner's right to write, which it needs itself,
  // and for a directory's default ACL, which overrides it: that may not open what is meant to be closed.
  const isMade = (mode & ~0o666) === 0 && (mode & 0o200) !== 0 && (mode & 0o004) !== 0;
  return [...lines, isMade ? `[ ! "$k" ] || ${chmod}` : chmod];
}

function validation(argv: readonly string[]): string {
  const words = argv.map(
    (word) =>
      word
        .split('%s')
        .map((part) => (part === '' ? '' : quote(part)))
        .join('"$t"') || "''",
  );
  return `( umask 022; ${words.join(' ')} ) </dev/null || { c=$?; say invalid $c; drop ${quote(`The new content was refused by ${argv.join(' ')}`)} ${ownExit.invalid}; }`;
}

/** An old file keeps its SELinux context; a new one gets what the policy says. */
const selinuxBefore =
  'z=; if [ -e /sys/fs/selinux/enforce ]; then if [ -f "$p" ]; then chcon --reference="$p" -- "$t"; else z=1; fi; fi 2>/dev/null';
const selinuxAfter = '[ ! "$z" ] || restorecon -- "$p" 2>/dev/null || :';
