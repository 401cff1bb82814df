import type { Unpack } from '../change.ts';
import { quote, quoteAll, quotePath } from '../quote.ts';
import { slashed } from './paths.ts';
import { octalMode, ownership } from './script.ts';

/**
 * The kind of archive is told by its first bytes, not by its name, and unpacked by the tool of that compression. `l` holds
 * the names that came out, one a line.
 */
export function unpack(change: Unpack): string {
  const options = change.extraOptions.length === 0 ? '' : `${quoteAll(change.extraOptions)} `;
  const excluded = change.exclude.map((one) => `--exclude ${quote(one)} `).join('');
  const included = change.include.length === 0 ? '' : ` ${quoteAll(change.include)}`;
  const zipExcluded = change.exclude.length === 0 ? '' : ` -x ${quoteAll(change.exclude)}`;
  return `p=${quotePath(slashed(change.archive))} d=${quotePath(slashed(change.into))}
[ -d "$d" ] || fail "Cannot unpack into \\"$d\\": it is no directory"
[ -f "$p" ] || fail "Cannot unpack \\"$p\\": there is no such file"
z= f=$(dd if="$p" bs=6 count=1 2>/dev/null | od -An -tx1)
case $f in
*'50 4b 03 04'*|*'50 4b 05 06'*) z=unzip;; *'1f 8b'*) z=gzip;; *'42 5a 68'*) z=bzip2;; *'fd 37 7a 58'*) z=xz;; *'28 b5 2f fd'*) z=zstd;;
esac
[ ! "$z" ] || command -v $z >/dev/null 2>&1 || fail "$z is not installed on this host" 127
if [ "$z" = unzip ]; then unzip -o -q ${options}"$p"${included}${zipExcluded} -d "$d" || exit
l=$(unzip -l "$p" | awk '/^ *-----/ { i = !i; next } i { sub(/^ *[0-9]+ +[^ ]+ +[^ ]+ +/, ""); print }')
else n=; case $(tar --version 2>/dev/null) in *GNU*) n=--show-transformed-names;; esac
l=$(if [ "$z" ]; then $z -dc <"$p"; else cat -- "$p"; fi | tar -x -v $n -C "$d" -f - ${options}${excluded}${included}) || exit
fi
${dressed(change)}`;
}

/** Owner and mode of what the archive held, and of nothing else that lies there. */
function dressed(change: Unpack): string {
  const owner = ownership(change);
  const each = [
    ...(owner === undefined ? [] : [`chown -h -- ${owner} "$@"`]),
    ...(change.mode === undefined ? [] : [`chmod -- ${octalMode(change.mode)} "$@"`]),
  ];
  if (each.length === 0) return '';
  const script = `for f do shift; [ ! -e "$f" ] || set -- "$@" "$f"; done; [ $# = 0 ] || { ${each.join(' && ')}; }`;
  return `printf '%s\\n' "$l" | tr '\\n' '\\0' | ( cd -- "$d" && xargs -0 sh -c ${quote(script)} sh ) || exit\n`;
}
