import type { HashName } from '../observation.ts';

/**
 * The script behind file and directory observations. Its positional parameters are the paths; it costs one process
 * each for stat, each hash, all contents together, and each symlink, however many paths there are.
 *
 * Output, in this order:
 * - the umask;
 * - a line with one letter a path: `e` is there, `f` is a symlink that is followed, `b` one that leads nowhere, `a` absent,
 *   `p` its parent is absent or no directory, `d` a directory above it may not be searched;
 * - a line of `stat` for each `e`, for the nearest directory above each `a` and `p`, and for /proc/self (who we are), in that
 *   order, then one for each `f`; `-` for what has vanished since;
 * - NUL-terminated: the targets of the symlinks, then an empty one; then, each with a line feed before the NUL, where the
 *   symlinks lead that are followed;
 * - for each hash the tool's own lines, then `.`;
 * - the numbers of the files whose contents follow, then the contents, the host's boot id before each.
 */
export interface FileScript {
  /** From this path on (counting from 1), symlinks are followed. */
  readonly followFrom: number;
  /** Numbers of the paths (from 1) to be hashed; `all` for every one. */
  readonly hashes: Readonly<Partial<Record<HashName, readonly number[] | 'all'>>>;
  /** Content limits by the path's number. */
  readonly contents: ReadonlyMap<number, number>;
}

export const hashNames = ['md5', 'sha1', 'sha256', 'sha512'] as const satisfies readonly HashName[];

const statFormat = '%f %s %u %g %Y %X %Z %i %d %h %U:%G';

const survey = (followFrom: number): string => `umask
n=0 s= a= b= x= y=
for p do n=$((n+1))
if [ ${followFrom} -le $n ] && [ -L "$p" ] && [ -e "$p" ]; then s=\${s}f b="$b \\"\\\${$n}\\"" y="$y $n"
elif [ ${followFrom} -le $n ] && [ -L "$p" ]; then s=\${s}b
elif [ -e "$p" ] || { [ $n -lt ${followFrom} ] && [ -L "$p" ]; }; then s=\${s}e a="$a \\"\\\${$n}\\"" x="$x $n"
else q=\${p%/*}; c=a
while [ ! -d "$q/" ]; do c=p; case $q in */*) q=\${q%/*};; *) break;; esac; done
[ -x "$q/" ] || c=d
s=$s$c
if [ $c != d ]; then eval "q$n=\\$q" && a="$a \\"\\$q$n/.\\"" x="$x 0"; fi
fi
done
echo "$s"
c() { c=$#; }
l='
'
m() { for i in $w; do eval "m$i=\\\${1%% *}"; z=\${1#* }; eval "z$i=\${z%% *}"; shift; done; }
${statting('', '$a /proc/self/.', '$x 0')}[ ! "$b" ] || {
${statting('-L', '$b', '$y')}}
`;

/** Not a function of the shell: its words name the script's own positional parameters. */
function statting(option: string, words: string, numbers: string): string {
  return `w="${numbers}" e="${words}"
r=$(eval "exec stat ${option} -c '${statFormat}' -- $e" 2>/dev/null)
c $w; d=$c; set -f; IFS=$l; c $r; unset IFS; set +f
[ $c = $d ] || r=$(eval "for p in $e; do stat ${option} -c '${statFormat}' -- \\"\\$p\\" 2>/dev/null || echo -; done")
printf '%s\\n' "$r"
set -f; IFS=$l; r() { unset IFS; m "$@"; }; r $r; unset IFS; set +f
`;
}

const links = `a= v=0
for i in $x; do eval "t=\\$m$i"; case $t in a*) [ $i = 0 ] || a="$a \\"\\\${$i}\\"" v=$((v+1));; esac; done
if [ $v -gt 2 ] && case $(readlink --help 2>&1) in *-z*) ;; *) false;; esac; then eval "readlink -z -- $a" 2>/dev/null
elif [ $v -gt 0 ]; then eval "for p in $a; do readlink -n -- \\"\\$p\\" 2>/dev/null || printf ?; printf '\\\\0'; done"
fi
printf '\\0'
for i in $y; do eval "readlink -f -- \\"\\\${$i}\\"" && printf '\\0' || printf '\\n\\0'; done
`;

function hashing(name: HashName, numbers: readonly number[] | 'all'): string {
  const over = numbers === 'all' ? '$x $y' : numbers.join(' ');
  return `a=
for i in ${over}; do eval "t=\\$m$i"; case $t in 8*) [ $i = 0 ] || a="$a \\"\\\${$i}\\"";; esac; done
[ ! "$a" ] || eval "${name}sum -- $a" 2>/dev/null
echo .
`;
}

function contents(limits: ReadonlyMap<number, number>): string {
  const words = [...limits].map(([number, limit]) => `${number}:${limit}`).join(' ');
  return `a= v=
for j in ${words}; do i=\${j%:*}; eval "t=\\$m$i z=\\$z$i p=\\"\\\${$i}\\""
case $t in 8*) [ "$z" -le \${j#*:} ] && [ -r "$p" ] && v="$v $i" a="$a /proc/sys/kernel/random/boot_id \\"\\\${$i}\\"";; esac; done
echo "$v"
[ ! "$a" ] || eval "cat -- $a" 2>/dev/null
`;
}

export function fileScript(of: FileScript): string {
  const hashed = hashNames.flatMap((name) => {
    const numbers = of.hashes[name];
    return numbers === undefined ? [] : [hashing(name, numbers)];
  });
  return `${survey(of.followFrom)}${links}${hashed.join('')}${of.contents.size > 0 ? contents(of.contents) : ''}`;
}
