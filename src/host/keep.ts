import { unreachable } from '../core/result.ts';
import type { Change, Run, Systemctl, Transaction } from './change.ts';
import { quote } from './quote.ts';

/** How a change is taken back later. */
export interface Keeping {
  /** Run right before the change: keeps what it replaces. */
  readonly keep: readonly Change[];
  /** In the reverse order of the changes. */
  readonly restore: readonly Change[];
  /** Once all is restored, in the order of the changes: what has to be read anew. */
  readonly again: readonly Change[];
}

/**
 * How a change is taken back, with what it replaces kept under `place`, a path that nothing else uses; undefined where it
 * cannot be: nobody knows what a command has done. Pure.
 */
export function keepingOf(change: Change, place: string): Keeping | undefined {
  switch (change.kind) {
    case 'write-file':
    case 'set-attributes':
    case 'make-link':
    case 'remove':
    case 'touch':
    case 'download':
    case 'make-directory':
      return path(change.path, place, change.kind === 'make-directory' || change.kind === 'set-attributes');
    case 'copy-path':
      return path(change.to, place, false);
    case 'rename': {
      const [to, from] = [path(change.to, `${place}-to`, false), path(change.from, `${place}-from`, false)];
      return { keep: [...to.keep, ...from.keep], restore: [...to.restore, ...from.restore], again: [] };
    }
    case 'systemctl':
      return unit(change);
    case 'wait-until':
      return { keep: [], restore: [], again: [] };
    case 'transaction':
      return { keep: [], restore: backOf(change), again: [] };
    case 'run':
      return change.quiet === true ? { keep: [], restore: [], again: [] } : undefined;
    case 'start-job':
    case 'unpack':
    case 'reboot':
      return undefined;
    default:
      return unreachable(change);
  }
}

function backOf({ summary, undo, undoIf }: Transaction): readonly Change[] {
  if (undoIf === undefined) return undo;
  return [{ kind: 'transaction', summary: `take back: ${summary}`, do: [undoIf, ...undo], verify: [], undo: [] }];
}

/** Of a directory whose content is not touched only whether it was there, and its attributes. */
function path(target: string, place: string, attributesOnly: boolean): Keeping {
  const [from, to] = [quote(target), quote(place)];
  const parent = quote(place.slice(0, place.lastIndexOf('/')));
  const copy = attributesOnly
    ? `if [ -d ${from} ] && [ ! -L ${from} ]; then mkdir -p ${to}; chown --reference=${from} ${to}; chmod --reference=${from} ${to}; : >${to}.directory; else cp -a ${from} ${to}; fi`
    : `cp -a ${from} ${to}`;
  const keep = `umask 077; mkdir -p ${parent}; rm -rf ${to} ${to}.directory; if [ -e ${from} ] || [ -L ${from} ]; then ${copy}; fi`;
  const restore = `if [ -e ${to}.directory ]; then chown --reference=${to} ${from} && chmod --reference=${to} ${from}
elif [ -e ${to} ] || [ -L ${to} ]; then rm -rf ${from}.hlb-kept; cp -a ${to} ${from}.hlb-kept && { if [ -d ${from} ] && [ ! -L ${from} ]; then rm -rf ${from}; fi; mv -f ${from}.hlb-kept ${from}; }
elif [ -d ${from} ] && [ ! -L ${from} ]; then rmdir ${from} 2>/dev/null || :
else rm -f ${from}
fi`;
  return {
    keep: [script(keep, `keep ${target}`)],
    restore: [script(restore, `put back ${target}`)],
    again: [],
  };
}

function script(shell: string, summary: string): Run {
  return { kind: 'run', command: { shell }, env: {}, detach: false, touches: [], summary };
}

const opposite = {
  start: 'stop',
  stop: 'start',
  enable: 'disable',
  disable: 'enable',
  mask: 'unmask',
  unmask: 'mask',
} as const;

/** What a unit has read of files is read again when they are as they were. */
function unit(change: Systemctl): Keeping {
  const { verb } = change;
  if (verb === 'restart' || verb === 'reload' || verb === 'daemon-reload' || verb === 'daemon-reexec')
    return { keep: [], restore: [], again: [change] };
  return { keep: [], restore: [{ ...change, verb: opposite[verb] }], again: [] };
}
