import type { Unpack } from '../change.ts';
import { quote, quoteAll, quotePath } from '../quote.ts';
import { slashed } from './paths.ts';
import { octalMode, ownership } from './script.ts';

/**
 * The kind of archive is told by its first bytes, not by its name. tar finds out its compression by itself; where it
 * does not, the tool of that compression is put before it.
 */
export function unpack(change: Unpack): string {
  const archive = quotePath(slashed(change.archive));
  const options = change.extraOptions.length === 0 ? '' : `${quoteAll(change.extraOptions)} `;
  const excluded = change.exclude.map((one) => `--exclude ${quote(one)} `).join('');
  const included = change.include.length === 0 ? '' : ` ${quoteAll(change.include)}`;
  const zipExcluded = change.exclude.length === 0 ? '' : ` -x ${quoteAll(change.exclude)}`;
  return `p=${archive} d=${quotePath(slashed(change.into))}
[ -d "$d" ] || fail "Cannot unpack into \\"$d\\": it is no directory"
[ -f "$p" ] || fail "Cannot unpack \\"$p\\": there is no such file"
z= f=$(od -An -tx1 -N 6 -- "$p" 2>/dev/null || dd if="$p" bs=6 count=1 2>/dev/null | od -An -tx1)
case $f in
*'50 4b 03 04'*|*'50 4b 05 06'*) command -v unzip >/dev/null 2>&1 || fail 'unzip is not installed on this host' 127
unzip -o -q ${options}"$p"${included}${zipExcluded} -d "$d" || exit;;
*) case $f in *'1f 8b'*) z=gzip;; *'42 5a 68'*) z=bzip2;; *'fd 37 7a 58'*) z=xz;; *'28 b5 2f fd'*) z=zstd;; esac
[ ! "$z" ] || command -v $z >/dev/null 2>&1 || fail "$z is not installed on this host" 127
if [ "$z" ]; then $z -dc <"$p"; else cat -- "$p"; fi | tar -x -C "$d" -f - ${options}${excluded}${included} || exit;;
esac
${dressed(change)}`;
}

/** Owner and mode of what the archive holds, and of nothing else that lies there. */
function dressed(change: Unpack): string {
  const owner = ownership(change);
  if (owner === undefined && change.mode === undefined) return '';
  const each = [
    ...(owner === undefined ? [] : [`chown -h -- ${owner} "$@"`]),
    ...(change.mode === undefined ? [] : [`chmod -- ${octalMode(change.mode)} "$@"`]),
  ].join(' && ');
  return `case $f in *'50 4b '*) unzip -Z1 "$p";; *) if [ "$z" ]; then $z -dc <"$p"; else cat -- "$p"; fi | tar -t -f -;; esac | tr '\\n' '\\0' | ( cd -- "$d" && xargs -0 sh -c ${quote(each)} sh ) || exit\n`;
}
