import type { Event } from '../core/events.ts';
import { exitCodes } from '../core/exit-codes.ts';

/** The exit code of a run, told by its events (design §9). */
export interface ExitCode {
  readonly emit: (event: Event) => void;
  readonly code: () => number;
}

/** `pending`: `--check --exit-code`, which tells changes that are due, or cannot be known, from none. */
export function createExitCode(options: { readonly pending: boolean }): ExitCode {
  let ended: number | undefined;
  let refused = false;
  let pending = false;
  return {
    emit: (event) => {
      if (event.type === 'run-end') ended = event.exitCode;
      else if (event.type === 'guard-verdict') refused ||= event.verdict === 'refuse';
      else if (event.type === 'host-result') pending ||= event.outcome === 'changed' || event.outcome === 'unknown';
    },
    code: () => {
      // A run that never ended has met a bug.
      if (ended === undefined) return exitCodes.internal;
      if (ended !== exitCodes.ok) return ended;
      if (refused) return exitCodes.refused;
      return options.pending && pending ? exitCodes.pending : exitCodes.ok;
    },
  };
}
