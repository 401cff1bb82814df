import { quote, quoteAll } from '../quote.ts';

/**
 * The pieces that scripts of changes are made of. A script ends with 0 when its change is made; with the code of what
 * failed, its complaint on stderr; and tells what an exit code cannot by `say`, whose line is the last thing on stdout.
 */

/** Starts the line of `say`: no tool prints it at the end of its output by chance. */
export const sayMark = '\u001ehlb ';

/** `fail` ends the change; `drop` also removes the temporary file `$t`. */
export const prelude = `say() { printf '\\036hlb %s' "$*"; }
fail() { printf '%s\\n' "$1" >&2; exit "\${2:-1}"; }
drop() { c=$?; rm -f -- "$t"; [ "$1" ] && printf '%s\\n' "$1" >&2; exit "\${2:-$c}"; }
`;

/** Inside a transaction only its own outcome is told. */
export const quietly = `say() { :; }
`;

export function exports(env: Readonly<Record<string, string>>): string {
  const names = Object.keys(env).filter((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (names.length === 0) return '';
  return `export ${names.map((name) => `${name}=${quote(env[name] ?? '')}`).join(' ')}\n`;
}

/** Names that the shell cannot export go through `env`. */
export function oddNames(env: Readonly<Record<string, string>>): string {
  const odd = Object.entries(env).filter(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return odd.length === 0 ? '' : `env ${quoteAll(odd.map(([name, value]) => `${name}=${value}`))} `;
}

/** Permission bits for chmod and mkdir; the leading zeros also clear a directory's set-group-id bit in GNU's tools. */
export function octalMode(mode: number): string {
  return `00${mode.toString(8).padStart(4, '0')}`;
}

/** What chown takes; undefined where neither is asked for. */
export function ownership(of: { readonly owner?: string; readonly group?: string }): string | undefined {
  if (of.owner === undefined && of.group === undefined) return undefined;
  return quote(`${of.owner ?? ''}${of.group === undefined ? '' : `:${of.group}`}`);
}
