import type { StartJob } from '../change.ts';
import { quote, quotePath } from '../quote.ts';
import { run } from './run.ts';
import { prelude, quietly } from './script.ts';

/**
 * A command in a session of its own, watched by a shell that ends it when its time is over and writes what became of it
 * to the file that is named on stdout. The file is in Ansible's form from the start, so that either tool can read it.
 */
export function startJob(job: StartJob): string {
  const command = `${prelude}${quietly}${run(job.run, { apart: true, limited: false })}`;
  const running = JSON.stringify({ started: true, finished: false, ansible_job_id: job.id });
  return `command -v setsid >/dev/null 2>&1 || fail 'A command in the background needs setsid (package util-linux, or busybox)'
m=$(umask); umask 077
d=${quotePath(job.directory)}
mkdir -p -- "$d" && d=$(cd -- "$d" && pwd) || fail "Cannot make the directory \\"$d\\""
j=$d/${quote(job.id)}
mkdir -- "$j.work" && printf %s ${quote(command)} >"$j.work/script" && printf %s ${quote(running)} >"$j" || fail "Cannot write into \\"$d\\""
setsid /bin/sh -c ${quote(watcher(job))} sh "$j" "$m" </dev/null >/dev/null 2>&1 &
printf '%s\\n' "$j"
`;
}

/** `$1` is the file of the result, beside which lies the folder that is worked in; `$2` the umask of the command. */
function watcher(job: StartJob): string {
  const known = JSON.stringify({ ...job.known, ansible_job_id: job.id }).slice(1, -1);
  return `j=$1 w=$1.work
${stamp}
${escape}
stamp; s0=$s n0=$n t0=$t
setsid /bin/sh -c 'umask "$2"; . "$1"' sh "$w/script" "$2" </dev/null >"$w/out" 2>"$w/err" & p=$!
setsid /bin/sh -c 'sleep ${Math.ceil(job.limitMs / 1000)}; : >"$1/over"; kill -KILL "-$2"' sh "$w" "$p" & k=$!
wait "$p"; c=$?
kill -KILL "-$k" 2>/dev/null
stamp
if [ -e "$w/over" ]; then
printf '{"msg": "Timeout exceeded", "failed": true, "child_pid": %d, "ansible_job_id": "%s"}' "$p" ${quote(job.id)} >"$w/json"
else
u=$(( (s - s0) * 1000000 + 1$n - 1$n0 ))
{ printf '{%s, "rc": %d, "changed": true, "start": "%s", "end": "%s", ' ${quote(known)} "$c" "$t0.$n0" "$t.$n"
printf '"delta": "%d:%02d:%02d.%06d", ' $((u / 3600000000)) $((u / 60000000 % 60)) $((u / 1000000 % 60)) $((u % 1000000))
if [ "$c" = 0 ]; then printf '"msg": "", '; else printf '"msg": "non-zero return code", "failed": true, '; fi
printf '"stdout": "'; escape "$w/out"; printf '", "stderr": "'; escape "$w/err"; printf '"}'; } >"$w/json"
fi
mv -f -- "$w/json" "$j"; rm -rf -- "$w"`;
}

/** Seconds, microseconds and the local time as text; a date without %N gives whole seconds. */
const stamp = `stamp() { set -- $(date '+%s %N. %Y-%m-%d %H:%M:%S'); s=$1 n=\${2%.} t="$3 $4"
case $n in *[!0-9]*|'') n=000000;; ?????????) n=\${n%???};; esac; }`;

/**
 * The inside of a JSON text from a file, empty lines at its end left out as \`command\` has it. The point at the end tells
 * awk whether the last line was ended.
 */
const escape = `escape() { { cat -- "$1"; printf .; } | tr -d '\\000' | LC_ALL=C awk '
BEGIN { for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\\\u%04x", i); code["\\""] = "\\\\\\""; code["\\\\"] = "\\\\\\\\"
odd = "[" sprintf("%c", 1) "-" sprintf("%c", 31) "\\"\\\\\\\\]" }
function put(s) { while (match(s, odd)) { printf "%s%s", substr(s, 1, RSTART - 1), code[substr(s, RSTART, 1)]; s = substr(s, RSTART + 1) } printf "%s", s }
function line(s, ended,  body) { body = s; sub(/\\r+$/, "", body)
if (body != "") { put(held); put(body); held = "" } held = held substr(s, length(body) + 1) (ended ? "\\n" : "") }
NR > 1 { line(last, 1) }
{ last = $0 }
END { line(substr(last, 1, length(last) - 1), 0) }'; }`;
