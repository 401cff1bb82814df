import type { Condition } from '../condition.ts';
import { idsWhere } from '../crictl.ts';
import { quote } from '../quote.ts';

/**
 * One ready sandbox of the pod, and its container running as the same id for `stableMs`. Variables that begin with `name`
 * keep what was seen between two looks.
 */
export function container(condition: Extract<Condition, { kind: 'container' }>, name: string): string {
  const sandboxes = idsWhere([
    ['metadata/name', quote(condition.pod)],
    ['state', 'SANDBOX_READY'],
  ]);
  const running = idsWhere([
    ['podSandboxId', '"$b"'],
    ...(condition.container === '' ? [] : ([['metadata/name', quote(condition.container)]] as const)),
    ['state', 'CONTAINER_RUNNING'],
  ]);
  return `i=; l='
'
if ! j=$(crictl pods -o json 2>&1); then seen="crictl pods: $j"
else b=$(printf '%s\\n' "$j" | ${sandboxes})
case $b in
'') seen=${quote(`no ready sandbox of the pod ${condition.pod}`)};;
*"$l"*) seen=${quote(`several ready sandboxes of the pod ${condition.pod}`)};;
*) if ! j=$(crictl ps -a -o json 2>&1); then seen="crictl ps: $j"
else i=$(printf '%s\\n' "$j" | ${running})
case $i in
'') seen=${quote(`the container ${condition.container} of the pod ${condition.pod} is not running`)};;
*"$l"*) seen=${quote(`the container ${condition.container} of the pod ${condition.pod} runs twice`)}; i=;;
esac; fi;;
esac; fi
[ "$i" ] || { ${name}_id=; return 1; }
clock
[ "$i" = "\${${name}_id-}" ] || ${name}_id=$i ${name}_at=$now
seen="container $i has run for $(((now - ${name}_at) / 100)) s"
[ $((now - ${name}_at)) -ge ${Math.ceil(condition.stableMs / 10)} ]`;
}
