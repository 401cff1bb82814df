/**
 * An awk program that prints each scalar of a JSON text as `path<TAB>value`, keys and indexes joined by `/`:
 * `items/0/metadata/name<TAB>haproxy`. String values keep their escapes. For hosts without jq.
 */
export const flattenJson = String.raw`
{ line = $0
  while (line != "") {
    if (match(line, /^[ \t\r,:]+/)) { line = substr(line, RLENGTH + 1); continue }
    if (match(line, /^"([^"\\]|\\.)*"/)) {
      t = substr(line, 2, RLENGTH - 2); line = substr(line, RLENGTH + 1)
      if (kind[d] == "{" && !(d in key)) { key[d] = t; continue }
      put(t); continue
    }
    c = substr(line, 1, 1)
    if (c == "{" || c == "[") { kind[++d] = c; delete key[d]; n[d] = 0; line = substr(line, 2); continue }
    if (c == "}" || c == "]") { delete key[d]; d--; after(); line = substr(line, 2); continue }
    if (match(line, /^[^] \t\r,}]+/)) { t = substr(line, 1, RLENGTH); line = substr(line, RLENGTH + 1); put(t); continue }
    line = substr(line, 2)
  }
}
function put(v,   i, p) {
  p = ""
  for (i = 1; i <= d; i++) p = p (i > 1 ? "/" : "") (kind[i] == "{" ? key[i] : n[i])
  printf "%s\t%s\n", p, v
  after()
}
function after() { if (kind[d] == "[") n[d]++; else delete key[d] }
`.trim();
