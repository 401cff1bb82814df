import { quote } from '../host/quote.ts';

/**
 * The session's own shell text. POSIX sh; tried in dash, busybox ash and bash. No process is started here but for a
 * first `mkdir` and where an older shell must be ended: a frame costs builtins alone.
 */

/** Fields 3, 5 and 22 of /proc/PID/stat: state, process group, start time. */
const readStat = 'hlb_stat() { read -r hlb_x 2>/dev/null <"/proc/$1/stat" || return; hlb_x=${hlb_x##*) }; }';

/**
 * Where shells leave a note of themselves and detached steps their results: /run/hlb for root, ~/.hlb for others,
 * always the user's own and closed to the rest.
 */
const stateDirectory = `
hlb_D=
for hlb_d in /run "$HOME"; do
case $hlb_d in /run) hlb_d=/run/hlb hlb_x=/run;; *) hlb_x=$hlb_d hlb_d=$hlb_d/.hlb;; esac
[ -d "$hlb_d" ] || { [ -O "$hlb_x" ] && [ -w "$hlb_x" ] && mkdir -m 700 "$hlb_d" 2>/dev/null; }
[ -d "$hlb_d" ] && [ ! -h "$hlb_d" ] && [ -O "$hlb_d" ] && [ -w "$hlb_d" ] && { hlb_D=$hlb_d; break; }
done`;

/**
 * Ends the shells that an earlier connection of this run left behind. Taking away its note lets such a shell end before
 * its next step; the step that it is in may finish within the grace, then its process group is ended.
 */
const endOthers = `
hlb_kin() { hlb_stat "$1" || return; set -- "$2" $hlb_x; [ "\${21}" = "$1" ] && [ "$2" != Z ]; }
hlb_idle() { read -r hlb_x 2>/dev/null <"/proc/$1/task/$1/children" || hlb_x=; [ -e "/proc/$1/task/$1/children" ] && [ -z "$hlb_x" ]; }
hlb_end() { hlb_n=0
while hlb_kin "$1" "$3"; do
hlb_idle "$1" && hlb_n=$hlb_G
[ "$hlb_n" = "$hlb_G" ] && kill -TERM "-$2" 2>/dev/null
[ "$hlb_n" -ge $((hlb_G + 20)) ] && kill -KILL "-$2" 2>/dev/null
[ "$hlb_n" -ge $((hlb_G + 40)) ] && return
hlb_n=$((hlb_n + 1))
sleep 0.1 2>/dev/null || sleep 1
done; }
hlb_others() {
for hlb_f in "$hlb_D"/shell.*; do
[ "$hlb_f" != "$hlb_R" ] || continue
read -r hlb_p hlb_g hlb_s hlb_o 2>/dev/null <"$hlb_f" && [ "$hlb_o" ] || continue
if [ "$hlb_o" = "$hlb_b" ] && hlb_kin "$hlb_p" "$hlb_s"; then
case $hlb_f in "$hlb_D/shell.$1."*) case " $2 " in *" \${hlb_f##*.} "*) ;; *) continue;; esac;; "$hlb_D/shell.\${1%.*}."*) ;; *) continue;; esac
rm -f "$hlb_f"; hlb_end "$hlb_p" "$hlb_g" "$hlb_s"
else rm -f "$hlb_f"; fi
done; }`;

/**
 * `hlb_s MARKER ID ALLOWED TEXT` runs one step. The text goes through this shell's own parser, in a subshell that sees
 * neither the marker nor the arguments. After a step whose code is not allowed, `hlb_F` skips the rest of the run.
 * A shell whose note is gone has been replaced and must not begin anything; neither may one that nobody reads from.
 */
const steps = `
hlb_b() { [ -e "$hlb_R" ] && printf '%s B %s\\n' "$1" "$2" && printf '%s B %s\\n' "$1" "$2" >&2 || exit 1; }
hlb_e() { printf '%s E %s %s\\n' "$2" "$3" "$1" && printf '%s E %s\\n' "$2" "$3" >&2 || exit 1
case " $4 " in *" $1 "*|' - ') ;; *) hlb_F=1;; esac; }
hlb_s() { [ -z "$hlb_F" ] || return 0; hlb_b "$@"
( eval "set --;$4" ) </dev/null
hlb_e $? "$@"; }
hlb_F=`;

export interface Registration {
  /** Names the run across connections and processes. */
  readonly runId: string;
  /** Names this process within the run: shells of another one are leftovers. */
  readonly incarnation: string;
  /** Names this shell. */
  readonly key: string;
  /** Keys of shells of this process whose connection was lost. */
  readonly lost: readonly string[];
  /** Tenths of a second that a step of an older shell may still take. */
  readonly graceTenths: number;
}

/** What a new shell is told first. It answers with a frame `S PID GROUP START BOOT DIRECTORY`. */
export function preludeText(marker: string, registration: Registration): string {
  const { runId, incarnation, key, lost, graceTenths } = registration;
  return `${readStat}${stateDirectory}
hlb_G=${graceTenths} hlb_R=/dev/null hlb_b=
read -r hlb_b </proc/sys/kernel/random/boot_id
hlb_stat $$; set -- $hlb_x
[ -z "$hlb_D" ] || { hlb_R=$hlb_D/shell.${runId}.${incarnation}.${key}; printf '%s %s %s %s\\n' $$ "$3" "\${20}" "$hlb_b" >"$hlb_R" || hlb_R=/dev/null; }
hlb_S="$$ $3 \${20} $hlb_b $hlb_D"; set --${endOthers}
[ -z "$hlb_D" ] || hlb_others ${quote(`${runId}.${incarnation}`)} ${quote(lost.join(' '))}${steps}
printf '%s S %s\\n' ${marker} "$hlb_S"
`;
}

/** Ends the shell in good order. */
export const goodbyeText = '[ "$hlb_R" = /dev/null ] || rm -f "$hlb_R"; exit\n';

/** One step for the shell. `allowed` is `-` where nothing it may answer stops the run. */
export function stepText(marker: string, id: number, allowed: string, script: string): string {
  return `hlb_s ${marker} ${id} ${quote(allowed)} ${quote(script)}\n`;
}
