import type { Change, ChangeOutcome } from '../host/change.ts';
import type { Clock } from '../core/clock.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Keeping } from '../host/keep.ts';
import type { Become, Connection, Session } from '../host/session.ts';
import type { Call } from './call.ts';
import type { Pretended } from './pretended.ts';

/** What is about to be changed, and the call that wants it. */
export interface Intention {
  readonly call: Call;
  readonly summary: string;
}

/** A change that was made, and how it is taken back; absent where it cannot be. */
export interface Kept {
  readonly change: Change;
  readonly keeping: Keeping | undefined;
  readonly shell: Shell;
  /** What came of it; undefined where that is not known, since the connection was cut. */
  readonly outcome?: ChangeOutcome['status'];
}

/** A host as the calls of one group see it: one user's shell on one connection, opened when first needed. */
export interface Shell {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly runId: string;
  /** Unique in the run; names a detached command. */
  readonly nextId: () => string;
  readonly check: boolean;
  /** Check mode: what the calls of earlier groups would have changed; grows. */
  readonly pretended: Pretended[];
  /** Where a batch may have to be taken back: what it did; grows. */
  readonly kept?: Kept[];
  readonly session: () => Promise<Result<Session, Failure>>;
  readonly connection: () => Promise<Result<Connection, Failure>>;
  /** As whom the session works, where that is not the connection's own user. */
  readonly become: () => Promise<Become | undefined>;
  /** Closes the connection, so that the next use opens another. */
  readonly drop: () => Promise<void>;
  /** Writes the intent to the journal and tells it; resolves when it is on disk. */
  readonly intend: (changes: readonly Intention[]) => Promise<void>;
}
