import { quote } from '../host/quote.ts';

/**
 * The session's own shell text. POSIX sh; tried in dash, busybox ash and bash. No process is started here but for a
 * first `mkdir` and where an older shell must be ended: a frame costs builtins alone.
 *
 * `hlb_D` is the user's directory for the state of sessions, `hlb_R` the note that this shell left there, `hlb_b` the boot
 * id, `hlb_G` the grace of older shells in tenths of a second, `hlb_F` set once a step has stopped the run.
 */

/** `hlb_stat PID` reads what /proc says from field 3 on; `hlb_kin PID START` asks whether that very process still lives. */
const processes = `
hlb_stat() { read -r hlb_x 2>/dev/null <"/proc/$1/stat" || return; hlb_x=\${hlb_x##*) }; }
hlb_kin() { hlb_stat "$1" || return; set -- "$2" $hlb_x; [ "\${21}" = "$1" ] && [ "$2" != Z ]; }
hlb_nap() { sleep 0.1 2>/dev/null || sleep 1; }`;

/** /var/lib/hlb for root, ~/.hlb for others: outlives a reboot, belongs to the user, closed to the rest. */
const stateDirectory = `
hlb_D=
for hlb_d in /var/lib "$HOME"; do
hlb_x=$hlb_d
case $hlb_d in /var/lib) hlb_d=/var/lib/hlb;; *) hlb_d=$hlb_d/.hlb;; esac
[ -d "$hlb_d" ] || { [ -O "$hlb_x" ] && [ -w "$hlb_x" ] && mkdir -m 700 "$hlb_d" 2>/dev/null; }
[ -d "$hlb_d" ] && [ ! -h "$hlb_d" ] && [ -O "$hlb_d" ] && [ -w "$hlb_d" ] && { hlb_D=$hlb_d; break; }
done`;

/**
 * Ends the shells that an earlier connection of this run left behind. Taking away its note lets such a shell end before
 * its next step; the step that it is in may finish within the grace, then its process group is ended.
 */
const endOthers = `
hlb_idle() { [ -e "/proc/$1/task/$1/children" ] || return; hlb_x=; read -r hlb_x <"/proc/$1/task/$1/children"; [ -z "$hlb_x" ]; }
hlb_end() { hlb_n=0
while hlb_kin "$1" "$3"; do
[ "$hlb_n" -ge "$hlb_G" ] || { hlb_idle "$1" && hlb_n=$hlb_G; }
[ "$hlb_n" = "$hlb_G" ] && kill -TERM "-$2" 2>/dev/null
[ "$hlb_n" -ge $((hlb_G + 20)) ] && kill -KILL "-$2" 2>/dev/null
[ "$hlb_n" -ge $((hlb_G + 40)) ] && return
hlb_n=$((hlb_n + 1))
hlb_nap
done; }
hlb_others() {
for hlb_f in "$hlb_D"/shell.*; do
[ "$hlb_f" != "$hlb_R" ] || continue
read -r hlb_p hlb_g hlb_s hlb_o 2>/dev/null <"$hlb_f" && [ "$hlb_o" ] || continue
if [ "$hlb_o" = "$hlb_b" ] && hlb_kin "$hlb_p" "$hlb_s"; then
case $hlb_f in
"$hlb_D/shell.$1.$2."*) case " $3 " in *" \${hlb_f##*.} "*) ;; *) continue;; esac;;
"$hlb_D/shell.$1."*) ;;
*) continue;;
esac
rm -f "$hlb_f"; hlb_end "$hlb_p" "$hlb_g" "$hlb_s"
else rm -f "$hlb_f"; fi
done; }`;

/**
 * `hlb_s MARKER ID ALLOWED TEXT` runs one step. The text goes through this shell's own parser, in a subshell that sees
 * neither the marker nor the arguments. A code that is not allowed stops the run; `-` allows everything, as does `any`.
 * A shell whose note is gone has been replaced and must not begin anything; neither may one that nobody reads from.
 */
const plainSteps = `
hlb_b() { [ -e "$hlb_R" ] && printf '%s B %s\\n' "$1" "$2" && printf '%s B %s\\n' "$1" "$2" >&2 || exit 1; }
hlb_e() { printf '%s E %s %s\\n' "$2" "$3" "$1" && printf '%s E %s\\n' "$2" "$3" >&2 || exit 1
case " $4 " in *" \${1%% *} "*|' - '|' any ') ;; *) hlb_F=1;; esac; }
hlb_s() { [ -z "$hlb_F" ] || return 0; hlb_b "$@"
( eval "set --;$4" ) </dev/null
hlb_e $? "$@"; }`;

/**
 * `hlb_t` runs a step that has a time-out: in a session of its own under setsid, so that it can be ended with all that it
 * started. The text comes through a pipe, since an argument holds 128 KiB at most; the first line of it is the frame that
 * tells the process group. Whoever ends the step leaves `over.KEY.ID` first, so that even an ending that looks allowed
 * stops the run.
 */
const timedSteps = `
hlb_t() { [ -z "$hlb_F" ] || return 0; hlb_b "$@"
if command -v setsid >/dev/null 2>&1; then
printf '%s P %s\\nexec 3<&-;%s' "$1" "$2" "$4" | setsid /bin/sh -c 'read -r hlb_x; echo "$hlb_x $$"; unset hlb_x; exec 3<&0 </dev/null; . /dev/fd/3'
else ( eval "set --;$4" ) </dev/null; fi
hlb_c=$?
if [ -e "$hlb_D/over.$hlb_K.$2" ]; then rm -f "$hlb_D/over.$hlb_K.$2"; hlb_e "$hlb_c T" "$@"; [ "$3" = - ] || hlb_F=1
else hlb_e "$hlb_c" "$@"; fi; }`;

/**
 * `hlb_d MARKER ID ALLOWED JOB TEXT` runs a step apart from the connection, in a session of its own, its output and code in
 * files. Asked again for the same job it only waits: whoever makes `claim` runs it, and nobody else ever does. While it waits
 * for long it says `H`, so that it does not outlive its reader. Results that nobody came for go after a week.
 */
const detachedSteps = `
hlb_run='hlb_k=$1; set --; mkdir "$hlb_k/claim" 2>/dev/null || exit 0
read -r hlb_x </proc/$$/stat; hlb_x=\${hlb_x##*) }; set -- $hlb_x; read -r hlb_b </proc/sys/kernel/random/boot_id
echo "$$ \${20} $hlb_b" >"$hlb_k/pid"; set --
( . "$hlb_k/script" ) >"$hlb_k/out" 2>"$hlb_k/err"; echo $? >"$hlb_k/code"'
hlb_job() {
command -v setsid >/dev/null 2>&1 || { echo 'hlb: a detached step needs setsid (package util-linux, or busybox)' >&2; return 125; }
[ -d "$1" ] || mkdir -m 700 "$1" || return 125
if [ ! -d "$1/claim" ]; then
find "$hlb_D" -path '*/job.*/code' -mtime +7 2>/dev/null | while read -r hlb_x; do rm -rf "\${hlb_x%/*}"; done
printf %s "$4" >"$1/script.$$" && mv "$1/script.$$" "$1/script" || return 125
setsid /bin/sh -c "$hlb_run" sh "$1" </dev/null >/dev/null 2>&1 &
fi
hlb_n=0 hlb_p=
until [ -s "$1/code" ]; do
[ -e "$hlb_R" ] || exit 1
if [ -z "$hlb_p" ] && read -r hlb_p hlb_s hlb_o 2>/dev/null <"$1/pid"; then printf '%s P %s %s\\n' "$2" "$3" "$hlb_p"; fi
if [ -n "$hlb_p" ]; then
if [ "$hlb_o" != "$hlb_b" ] || ! hlb_kin "$hlb_p" "$hlb_s"; then [ -s "$1/code" ] || return 126; fi
elif [ "$hlb_n" -ge 100 ]; then return 126; fi
hlb_n=$((hlb_n + 1)); if [ "$hlb_n" -lt 10 ]; then sleep 0.02 2>/dev/null || sleep 1; elif [ "$hlb_n" -lt 100 ]; then hlb_nap; else printf '%s H %s\\n' "$2" "$3" || exit 1; sleep 1; fi
done; }
hlb_d() { [ -z "$hlb_F" ] || return 0; hlb_b "$@"
hlb_k=$hlb_D/job.$4
if [ -z "$hlb_D" ]; then echo 'hlb: a detached step needs a directory of its own, and neither /var/lib/hlb nor ~/.hlb can be made' >&2; hlb_c=125
else hlb_job "$hlb_k" "$1" "$2" "$5"; hlb_c=$?; fi
if [ "$hlb_c" = 0 ]; then cat "$hlb_k/out"; cat "$hlb_k/err" >&2; read -r hlb_c <"$hlb_k/code"
elif [ "$hlb_c" = 126 ]; then cat "$hlb_k/out" 2>/dev/null; cat "$hlb_k/err" 2>/dev/null >&2; echo 'hlb: the detached step was ended before it could finish' >&2; hlb_c=137; fi
if [ -e "$hlb_D/over.$hlb_K.$2" ]; then rm -f "$hlb_D/over.$hlb_K.$2"; hlb_e "$hlb_c T" "$@"; [ "$3" = - ] || hlb_F=1
else hlb_e "$hlb_c" "$@"; fi; }`;

export interface Registration {
  /** Names the run across connections and processes; letters, digits, `_` and `-`. */
  readonly runId: string;
  /** Names this process within the run: shells of another one are leftovers. */
  readonly incarnation: string;
  /** Names this shell. */
  readonly key: string;
  /** Keys of shells of this process whose connection was lost. */
  readonly lost: readonly string[];
  /** How long a step of an older shell may still take. */
  readonly graceMs: number;
}

/** What a new shell is told first. It answers with a frame `S PID GROUP START BOOT DIRECTORY`. */
export function preludeText(marker: string, registration: Registration): string {
  const { runId, incarnation, key, lost, graceMs } = registration;
  return `${processes}${stateDirectory}
hlb_G=${Math.ceil(graceMs / 100)} hlb_K=${key} hlb_R=/dev/null hlb_b= hlb_F=
read -r hlb_b </proc/sys/kernel/random/boot_id
hlb_stat $$; set -- $hlb_x
[ -z "$hlb_D" ] || { hlb_R=$hlb_D/shell.${runId}.${incarnation}.${key}; echo "$$ \${3:-$$} \${20} $hlb_b" >"$hlb_R" || hlb_R=/dev/null; }
printf '%s S %s\\n' ${marker} "$$ \${3:-$$} \${20} $hlb_b $hlb_D"; set --${endOthers}
[ -z "$hlb_D" ] || hlb_others ${runId} ${incarnation} ${quote(lost.join(' '))}${plainSteps}${timedSteps}${detachedSteps}
`;
}

/** Ends the shell in good order. */
export const goodbyeText = '[ "$hlb_R" = /dev/null ] || rm -f "$hlb_R" "$hlb_D/over.$hlb_K".*; exit\n';

/** A failure of an earlier run no longer matters. */
export const resyncText = 'hlb_F=\n';

export interface StepText {
  readonly marker: string;
  readonly id: number;
  /** `-` where the step is not fatal, `any` where it is and no code fails it, otherwise the codes. */
  readonly allowed: string;
  readonly script: string;
}

export function plainStepText({ marker, id, allowed, script }: StepText): string {
  return `hlb_s ${marker} ${id} ${quote(allowed)} ${quote(script)}\n`;
}

export function timedStepText({ marker, id, allowed, script }: StepText): string {
  return `hlb_t ${marker} ${id} ${quote(allowed)} ${quote(script)}\n`;
}

/** `job` names the step across connections: letters and digits. */
export function detachedStepText({ marker, id, allowed, script }: StepText, job: string): string {
  return `hlb_d ${marker} ${id} ${quote(allowed)} ${job} ${quote(script)}\n`;
}

/** The results of these jobs have arrived. */
export function forgetJobsText(jobs: readonly string[]): string {
  if (jobs.length === 0) return '';
  return `[ -z "$hlb_D" ] || rm -rf ${jobs.map((job) => `"$hlb_D/job.${job}"`).join(' ')}\n`;
}
