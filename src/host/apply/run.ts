import { type Run, wordEnd } from '../change.ts';
import { matches } from '../pattern.ts';
import { quote, quoteAll, quotePath } from '../quote.ts';
import { exports, oddNames } from './script.ts';

/** Longer texts do not fit one argument of a process (128 KiB on Linux). */
const argumentLimit = 100_000;

/**
 * A command, its output read through pipes to their end: what it leaves running in the background cannot write into
 * what comes after. The real exit code is told by `say`, so that a code that is allowed ends the script with 0.
 * A command that runs apart from the connection has its output in a file, and needs no pipes (`apart`). One that is part of a
 * transaction is ended on the host when its time is over, where a timeout(1) is there (`limited`): the session cannot end it
 * without ending what undoes it.
 */
export function run(change: Run, how: { readonly apart: boolean; readonly limited: boolean }): string {
  const { creates, removes, timeoutMs } = change;
  const limit = how.limited && timeoutMs !== undefined ? Math.max(1, Math.ceil(timeoutMs / 1000)) : undefined;
  const lines = [
    exports(change.env).trimEnd(),
    ...(change.chdir === undefined
      ? []
      : [
          `cd -- ${quotePath(change.chdir)} || { say no-directory; fail ${quote(`Cannot change to the directory "${change.chdir}"`)}; }`,
        ]),
    ...(creates === undefined ? [] : [`! ${matches(creates)} || { say noop; exit 0; }`]),
    ...(removes === undefined ? [] : [`${matches(removes)} || { say noop; exit 0; }`]),
    ...(limit === undefined ? [] : [`lim=; ! command -v timeout >/dev/null 2>&1 || lim='timeout ${limit}'`]),
    how.apart ? `${commandOf(change, limit)}; c=$?` : throughPipes(commandOf(change, limit)),
    ...(change.program === undefined ? [] : [whyNotStarted(change.program)]),
    `say code $c`,
    verdict(change.allowed),
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}

/** `exec` finds programs only, never a builtin of this shell: `echo` is /bin/echo, as it is in Ansible. */
function commandOf(change: Run, limit: number | undefined): string {
  const before = `${limit === undefined ? '' : '$lim '}${oddNames(change.env)}`;
  const command =
    'argv' in change.command
      ? `( exec ${before}${quoteAll(change.command.argv)} )`
      : shellCommand(change.command.shell, change.command.executable ?? '/bin/sh', before);
  return change.stdin === undefined ? command : `printf %s ${quote(change.stdin)} | ${command}`;
}

function shellCommand(text: string, executable: string, before: string): string {
  const shell = quotePath(executable);
  if (Buffer.byteLength(text) <= argumentLimit) return `( exec ${before}${shell} -c ${quote(text)} )`;
  return `( f=\${TMPDIR:-/tmp}/.hlb-run-$$
( umask 077; set -C; printf %s ${quote(text)} >"$f" ) || exit
${before}${shell} "$f"; c=$?; rm -f -- "$f"; exit $c )`;
}

/**
 * stdout through a `cat`, stderr through the shell's own substitution, which also carries the exit code between two marks:
 * a process less than a second `cat`, and only NUL bytes on stderr are lost.
 */
function throughPipes(command: string): string {
  return `exec 3>&1
x=$(exec 5>&1; { ${command} 2>&5 3>&- 5>&-; printf '\\036%d\\036' $? >&5; } | cat >&3 3>&- 5>&-)
exec 3>&-
e=\${x##*${wordEnd}} x=\${x%${wordEnd}*} c=\${x##*${wordEnd}}
printf %s "\${x%${wordEnd}*}$e" >&2`;
}

/**
 * The shell says 127 and 126 where it cannot start a program, and so do programs of their own accord: only then the program
 * is looked for, as the system would. A word with variables is read by a shell of its own, as the command was.
 */
function whyNotStarted(program: string): string {
  return `case $c in 126|127)
w=$(/bin/sh -c ${quote(`printf '%s${wordEnd}' ${program}`)}) q=\${w%%${wordEnd}*}
n=$(
r=2
case $q in
*/*) ;;
*) set -f; IFS=:
for d in $PATH; do
if [ -f "\${d:-.}/$q" ]; then r=13; if [ -x "\${d:-.}/$q" ]; then r=; break; fi; fi
done
unset IFS
[ -z "$r" ] || { echo $r; exit; }
q=\${d:-.}/$q;;
esac
if [ ! -e "$q" ]; then echo 2
elif [ -d "$q" ] || [ ! -x "$q" ]; then echo 13
else
IFS= read -r l <"$q"
case $l in '#!'*) set -f; set -- \${l#??}; [ -x "\${1:-/}" ] || echo 2;; esac
fi 2>/dev/null
)
[ -z "$n" ] || { printf %s "$w"; say not-started $n; exit 1; };;
esac`;
}

function verdict(allowed: Run['allowed']): string {
  if (allowed === 'any') return 'exit 0';
  const codes = allowed ?? [0];
  // A script that ends with 0 is done: where 0 is not allowed, it has to end otherwise.
  return `case $c in ${codes.length === 0 ? 'none' : codes.join('|')}) exit 0;; 0) exit 1;; *) exit $c;; esac`;
}
