import type { Condition } from '../condition.ts';
import { flattenJson } from '../json-awk.ts';
import { quote } from '../quote.ts';

/** Prints the value of one key for each item that has all wanted ones, from the flat lines of one list. */
const select = String.raw`
{ k = $1; v = $2; sub(/^[^\/]*\//, "", k); i = k; sub(/\/.*/, "", i); sub(/^[^\/]*\//, "", k)
  if (!(i in seen)) { seen[i] = 1; order[++m] = i }
  item[i, k] = v }
END { for (j = 1; j <= m; j++) { i = order[j]
  if (item[i, a] == x && item[i, b] == y && (c == "" || item[i, c] == z)) print item[i, "id"] } }
`.trim();

/**
 * One ready sandbox of the pod, and its container running as the same id for `stableMs`. `name` keeps what was seen
 * between two looks.
 */
export function container(condition: Extract<Condition, { kind: 'container' }>, name: string): string {
  const stable = Math.ceil(condition.stableMs / 10);
  const flat = `awk ${quote(flattenJson)} | awk -F '\\t'`;
  const pod = quote(condition.pod);
  const box = quote(condition.container);
  return `c=1
if ! j=$(crictl pods -o json 2>&1); then seen="crictl pods: $j"
else b=$(printf '%s\\n' "$j" | ${flat} -v a=metadata/name -v x=${pod} -v b=state -v y=SANDBOX_READY ${quote(select)})
l='
'
case $b in
'') seen=${quote(`no ready sandbox of the pod ${condition.pod}`)};;
*"$l"*) seen=${quote(`several ready sandboxes of the pod ${condition.pod}`)};;
*) if ! j=$(crictl ps -a -o json 2>&1); then seen="crictl ps: $j"
else i=$(printf '%s\\n' "$j" | ${flat} -v a=podSandboxId -v x="$b" -v b=metadata/name -v y=${box} -v c=state -v z=CONTAINER_RUNNING ${quote(select)})
case $i in
'') seen=${quote(`the container ${condition.container} is not running`)};;
*"$l"*) seen=${quote(`the container ${condition.container} runs twice`)};;
*) clock
[ "$i" = "\${${name}_id-}" ] || ${name}_id=$i ${name}_at=$now
seen="container $i has run for $(((now - ${name}_at) / 100)) s"
[ $((now - ${name}_at)) -lt ${stable} ] || c=0;;
esac; fi;;
esac; fi
[ $c = 0 ] || case $seen in container\\ *) ;; *) ${name}_id=;; esac
[ $c = 0 ]`;
}
