import { quote } from '../host/quote.ts';

/** Ends process groups: politely, and for good after two seconds. For a shell of the same user, apart from the session. */
const endGroups = `hlb_alive() { for hlb_g; do kill -0 "-$hlb_g" 2>/dev/null && return; done; return 1; }
hlb_all() { hlb_s=$1; shift; for hlb_g; do kill "-$hlb_s" "-$hlb_g" 2>/dev/null; done; }
hlb_end() { hlb_all TERM "$@"; hlb_n=0
while hlb_alive "$@"; do
[ "$hlb_n" -lt 20 ] || hlb_all KILL "$@"
[ "$hlb_n" -lt 40 ] || break
hlb_n=$((hlb_n + 1)); sleep 0.1 2>/dev/null || sleep 1
done; }
`;

/** Ends one step that took too long; its shell goes on, and is told by a file that the step did not end by itself. */
export function endStepText(group: number, overFile: string): string {
  return `${endGroups}: >${quote(overFile)}; hlb_end ${group}\n`;
}

/**
 * Ends a whole shell, with the step that it is in. Without its note it begins nothing more meanwhile; where it could leave no
 * note, it has to be the first of the groups.
 */
export function endShellText(groups: readonly number[], note: string | undefined, jobFile: string | undefined): string {
  const forget = note === undefined ? '' : `rm -f ${quote(note)}; `;
  // A detached step may have begun before anybody here was told its group.
  const job = jobFile === undefined ? '' : `read -r hlb_p hlb_x 2>/dev/null <${quote(jobFile)}; `;
  return `${endGroups}hlb_p=; ${forget}${job}hlb_end ${groups.join(' ')} $hlb_p\n`;
}
