import type { WaitUntil } from '../change.ts';
import { waitingScript } from '../condition-script.ts';
import { quote, quoteAll } from '../quote.ts';

/** On time-out: what was seen last, and what the command to look at says. */
export function waitUntil(change: WaitUntil): string {
  const look = change.onTimeout === undefined ? '' : `( exec ${quoteAll(change.onTimeout)} ) >&2\n`;
  return `${waitingScript({ ...change, delayMs: 0 })}printf '%s\\n' "$seen"
[ $met = 1 ] && exit 0
printf '%s\\n' ${quote(`Gave up waiting for ${change.summary} after ${Math.ceil(change.timeoutMs / 1000)} s`)}"; last seen: $seen" >&2
${look}say timeout
exit 124
`;
}
