import { unreachable } from '../core/result.ts';
import { download } from './apply/download.ts';
import { guardScript } from './apply/guard.ts';
import { startJob } from './apply/job.ts';
import { makeDirectory, makeLink, remove, rename, setAttributes, touch } from './apply/paths.ts';
import { run } from './apply/run.ts';
import { exports, prelude, sayMark } from './apply/script.ts';
import { reboot, systemctl } from './apply/systemctl.ts';
import { transaction } from './apply/transaction.ts';
import { unpack } from './apply/unpack.ts';
import { waitUntil } from './apply/wait-until.ts';
import { copyPath, writeFile } from './apply/write-file.ts';
import type { Change, ChangeOutcome } from './change.ts';
import { ownExit } from './exit-meaning.ts';
import { quotePath, textOf } from './quote.ts';
import type { Step, StepResult } from './session.ts';

export interface ApplyOptions {
  /** The path on the host that a big content was uploaded to. Needed for every `handle`. */
  readonly uploaded?: (sha256: string) => string;
  /** The task's `environment`. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Names a run that is `detach`ed, or a transaction, for good: unique for each time that a task is meant to do it. Without,
   * it runs attached.
   */
  readonly id?: string;
  /** `later` leaves the flush to `compileFlush`, once for a whole group; each file is flushed before its rename otherwise. */
  readonly flush?: 'each' | 'later';
}

export interface CompiledChange {
  /** Fatal: what follows it in the same `run` call is skipped when it fails or is stale. */
  readonly step: Step;
  decode(result: StepResult): ChangeOutcome;
}

/** A change as one frame: few processes, all or nothing where the host can do that. Pure. */
export function compileChange(change: Change, options: ApplyOptions = {}): CompiledChange {
  // A transaction is never cut in half by a connection that is: it runs apart from it.
  const apart = change.kind === 'transaction' || (change.kind === 'run' && change.detach);
  const script = `${prelude}${exports(options.env ?? {})}${scriptOf(change, options, false)}`;
  const timeoutMs = timeoutOf(change);
  return {
    step: {
      script,
      fatal: true,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(apart && options.id !== undefined ? { detach: { id: options.id } } : {}),
    },
    decode: outcomeOf,
  };
}

/** Puts what a group of changes wrote on the disk, in one process; undefined where it wrote no file. */
export function compileFlush(changes: readonly Change[]): Step | undefined {
  const paths = changes.flatMap((change) => {
    if (change.kind === 'write-file' || change.kind === 'download') return [change.path];
    return change.kind === 'copy-path' ? [change.to] : [];
  });
  if (paths.length === 0) return undefined;
  return {
    script: `sync -- ${[...new Set(paths)].map(quotePath).join(' ')} 2>/dev/null || sync`,
    fatal: false,
    allowed: 'any',
  };
}

/** `nested` in a transaction. */
function scriptOf(change: Change, options: ApplyOptions, nested: boolean): string {
  return guardScript(change.guard) + bodyOf(change, options, nested);
}

function bodyOf(change: Change, options: ApplyOptions, nested: boolean): string {
  const flush = options.flush !== 'later' || nested;
  switch (change.kind) {
    case 'write-file':
      return writeFile(change, { flush, uploaded: options.uploaded ?? missingUpload });
    case 'make-directory':
      return makeDirectory(change);
    case 'set-attributes':
      return setAttributes(change);
    case 'make-link':
      return makeLink(change);
    case 'remove':
      return remove(change);
    case 'rename':
      return rename(change);
    case 'copy-path':
      return copyPath(change, flush);
    case 'touch':
      return touch(change);
    case 'systemctl':
      return systemctl(change);
    case 'run':
      return run(change, { apart: change.detach && options.id !== undefined && !nested, limited: nested });
    case 'start-job':
      return startJob(change);
    case 'download':
      return download(change, flush);
    case 'unpack':
      return unpack(change);
    case 'wait-until':
      return waitUntil(change);
    case 'reboot':
      return reboot(change);
    case 'transaction': {
      const scripts = (changes: readonly Change[]): readonly string[] =>
        changes.map((one) => scriptOf(one, options, true));
      return transaction({
        do: scripts(change.do),
        verify: scripts(change.verify),
        undo: scripts(change.undo),
        undoIf: change.undoIf === undefined ? undefined : scriptOf(change.undoIf, options, true),
      });
    }
    default:
      return unreachable(change);
  }
}

function missingUpload(sha256: string): never {
  throw new Error(`The content ${sha256} was not uploaded`);
}

/** A wait ends itself; the step's own limit is for a look that hangs. */
function timeoutOf(change: Change): number | undefined {
  if (change.kind === 'run') return change.timeoutMs;
  return change.kind === 'wait-until' ? change.timeoutMs + 60_000 : undefined;
}

function outcomeOf(result: StepResult): ChangeOutcome {
  if (result.status === 'skipped') return { status: 'skipped' };
  const stderr = textOf(result.stderr);
  const { durationMs } = result;
  const { text: stdout, word, rest } = said(textOf(result.stdout));
  if (result.status === 'timed-out')
    return { status: 'failed', code: 124, stdout, stderr, durationMs, reason: 'timeout' };
  const { code } = result;
  if (word === 'stale' && code === ownExit.stale) return { status: 'stale', message: rest };
  const real = ['code', 'invalid', 'not-started'].includes(word) ? Number(rest) : code;
  if (code === 0) {
    return {
      status: 'done',
      code: real,
      stdout,
      stderr,
      durationMs,
      ...(word === 'noop' ? { noop: true } : {}),
      ...(word === 'backup' ? { backup: rest } : {}),
    };
  }
  return { status: 'failed', code: real, stdout, stderr, durationMs, reason: reasonOf(word) };
}

function reasonOf(word: string): Extract<ChangeOutcome, { status: 'failed' }>['reason'] {
  if (word === 'timeout') return 'timeout';
  if (word === 'verify' || word === 'not-started' || word === 'no-directory') return word;
  return word === 'invalid' ? 'validate' : 'exit-code';
}

/** Parts a script's output from the line of `say` at its end. */
function said(output: string): { readonly text: string; readonly word: string; readonly rest: string } {
  const at = output.lastIndexOf(sayMark);
  if (at === -1) return { text: output, word: '', rest: '' };
  const line = output.slice(at + sayMark.length);
  const blank = line.indexOf(' ');
  return {
    text: output.slice(0, at),
    word: blank === -1 ? line : line.slice(0, blank),
    rest: blank === -1 ? '' : line.slice(blank + 1),
  };
}
