/** What programs say of a server that gave no answer, and what Python says in Ansible of the same. */
const known: readonly (readonly [RegExp, string])[] = [
  [
    /could not resolve|unable to resolve|bad address|ENOTFOUND|EAI_AGAIN/i,
    'Request failed: <urlopen error [Errno -2] Name or service not known>',
  ],
  [/no route to host|EHOSTUNREACH/i, 'Request failed: <urlopen error [Errno 113] No route to host>'],
  [/network is unreachable|ENETUNREACH/i, 'Request failed: <urlopen error [Errno 101] Network is unreachable>'],
  [/connection time(d )?out after|resolving timed out/i, 'Request failed: <urlopen error timed out>'],
  [/timed out|too slow|ETIMEDOUT/i, 'Connection failure: timed out'],
  // Newer versions of curl do not say why; this is what it nearly always is.
  [
    /refused|couldn't connect|could not connect|ECONNREFUSED/i,
    'Request failed: <urlopen error [Errno 111] Connection refused>',
  ],
  [/reset by peer|ECONNRESET/i, 'Connection failure: [Errno 104] Connection reset by peer'],
  [/empty reply|socket hang up/i, 'Connection failure: Remote end closed connection without response'],
];

/** Why a server gave no answer, in the words that a playbook for Ansible looks for; of what is rare, those of the program. */
export function noAnswerText(error: string): string {
  const why = error.trim().replace(/^(curl: \(\d+\)|wget:) /, '');
  return known.find(([pattern]) => pattern.test(why))?.[1] ?? `Request failed: <urlopen error ${why}>`;
}
