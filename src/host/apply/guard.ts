import type { Guard } from '../change.ts';
import { ownExit } from '../exit-meaning.ts';
import { quote, quotePath } from '../quote.ts';

/** Ends the script as stale where the file is no longer what the plan was made for. */
export function guardScript(guard: Guard | undefined): string {
  if (guard === undefined) return '';
  const path = quotePath(guard.path);
  const stale = (found: string): string => `{ say stale ${quote(guard.path)}" ${found}"; exit ${ownExit.stale}; }\n`;
  if (guard.kind === 'absent' || guard.value === 'absent') {
    return `g=${path}\n[ ! -e "$g" ] && [ ! -L "$g" ] || ${stale('is there, and was not when it was looked at')}`;
  }
  return `g=${path}
[ -f "$g" ] || ${stale('is gone, and was there when it was looked at')}v=$(${guard.hash}sum <"$g") && v=\${v%% *}
[ "$v" = ${quote(guard.value)} ] || ${stale('was changed after it was looked at')}`;
}
