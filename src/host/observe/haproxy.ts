import type { HaproxyQuery } from '../observation.ts';
import { quote } from '../quote.ts';
import type { Part } from './part.ts';
import { asking, lastLine, single, utf8 } from './part.ts';

/** Nothing on the host speaks to a unix socket. */
const noTool = 69;

/** A connection a command, as haproxy answers one and hangs up. */
export function observeHaproxy(query: HaproxyQuery): Part {
  const socket = quote(query.socket);
  const asks = query.commands.map(
    (command) => `ask ${quote(command)} || exit 1
printf '\\0'`,
  );
  const script = `s=${socket}
[ -S "$s" ] || { echo "There is no socket $s" >&2; exit 1; }
if command -v socat >/dev/null; then ask() { printf '%s\\n' "$1" | socat -t 10 - UNIX-CONNECT:"$s"; }
elif nc -h 2>&1 | grep -q -e '-U'; then ask() { printf '%s\\n' "$1" | nc -w 10 -U "$s"; }
else exit ${noTool}; fi
${asks.join('\n')}`;
  return single(query, asking(script, 30_000), (done) => {
    if (done.code === noTool) return { observation: query, forward: true };
    const answers = utf8(done.stdout).split('\0').slice(0, -1);
    const complete = query.commands.map((_, index) => answers[index] ?? '');
    if (answers.length === query.commands.length) return { observation: query, fact: { answers: complete } };
    const error = lastLine(done.stderr) || `The socket ${query.socket} did not answer`;
    return { observation: query, fact: { answers: complete, error } };
  });
}
