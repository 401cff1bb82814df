import { quietly } from './script.ts';

/**
 * As one script on the host, so that a cut connection leaves it whole or undone. Where a part fails, `undo` runs in
 * full, and both reasons are told. A guard that does not hold before anything was done leaves nothing to undo.
 */
export function transaction(parts: {
  readonly do: readonly string[];
  readonly verify: readonly string[];
  readonly undo: readonly string[];
  readonly undoIf: string | undefined;
}): string {
  const inner = (script: string): string => `( ${quietly}${script})`;
  const step = (script: string, index: number, phase: string): string =>
    `${inner(script)}\nc=$?; [ $c = 0 ] || back $c ${phase} ${index}\n`;
  const undo = parts.undo
    .map(
      (script) =>
        `${inner(script)}\nu=$?; [ $u = 0 ] || { undone=1; printf 'Undoing failed too (exit code %s)\\n' $u >&2; }`,
    )
    .join('\n');
  const unless =
    parts.undoIf === undefined
      ? ''
      : `${inner(parts.undoIf)}
if [ $? != 0 ]; then printf 'Failed (exit code %s); not undone\\n' $1 >&2; [ $2 = do ] || say verify; exit $1; fi
`;
  return `trap '' HUP PIPE
back() {
if [ $2 = do ] && [ $3 = 0 ] && [ $1 = 75 ]; then say stale 'what it is made for has changed'; exit 75; fi
${unless}${
  parts.undo.length === 0
    ? `printf 'Failed (exit code %s)\\n' $1 >&2`
    : `printf 'Failed (exit code %s); undoing\\n' $1 >&2; undone=
${undo}
[ "$undone" ] || printf 'Undone\\n' >&2`
}
[ $2 = do ] || say verify
exit $1
}
${parts.do.map((script, index) => step(script, index, 'do')).join('')}${parts.verify
  .map((script, index) => step(script, index, 'verify'))
  .join('')}`;
}
