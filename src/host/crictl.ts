import { flattenJson } from './json-awk.ts';
import { quote } from './quote.ts';

/** Prints one value of each item that has all wanted ones, from the flat lines of one list. */
const picker = String.raw`
{ k = $1; v = $2; sub(/^[^\/]*\//, "", k); i = k; sub(/\/.*/, "", i); sub(/^[^\/]*\//, "", k)
  if (!(i in seen)) { seen[i] = 1; order[++m] = i }
  item[i, k] = v }
END { for (j = 1; j <= m; j++) { i = order[j]; ok = 1
  for (w = 1; w <= n; w++) if (item[i, key[w]] != val[w] && item[i, key[w]] != val[w] "-" node) ok = 0
  if (ok) print item[i, "id"] } }
`.trim();

/** kubelet's name for the node, unless it is told another. */
export const nodeName = "$(uname -n | tr 'A-Z' 'a-z')";

/**
 * A filter from crictl's JSON to the ids of the items that have all these values. Keys are paths below the item, such as
 * `metadata/name`; values are shell words. The name of a static pod also stands for that name with the node's behind it,
 * as kubelet calls the pod.
 */
export function idsWhere(wanted: readonly (readonly [path: string, word: string])[]): string {
  const begin = wanted.map(([path], index) => `key[${index + 1}] = "${path}"; val[${index + 1}] = v${index + 1}`);
  const given = wanted.map(([, word], index) => `-v v${index + 1}=${word}`);
  const program = `BEGIN { n = ${wanted.length}; ${begin.join('; ')} }\n${picker}`;
  return `awk ${quote(flattenJson)} | awk -F '\\t' -v node="${nodeName}" ${given.join(' ')} ${quote(program)}`;
}
