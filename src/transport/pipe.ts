import type { Duplex, Readable, Writable } from 'node:stream';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';

/** A program that was started on a host: its three streams and its end. */
export interface Pipe {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the program has ended and everything it wrote was emitted; never rejects. */
  readonly ended: Promise<PipeEnd>;
  /** Lets go of it; what runs on the host may run on. */
  readonly destroy: () => void;
}

/** `code` is absent where a signal ended it or the connection was lost. */
export interface PipeEnd {
  readonly code?: number;
  readonly signal?: string;
}

export type ForwardTarget = { readonly host: string; readonly port: number } | { readonly socket: string };

/** A way to a host that is open: it starts programs and forwards streams. One each for ssh, openssh and local. */
export interface Link {
  /** The user that it is logged in as. */
  readonly user: string;
  /** Starts a command line under the user's login shell, each on a channel of its own. */
  readonly exec: (command: string) => Promise<Result<Pipe, Failure>>;
  readonly forward: (to: ForwardTarget) => Promise<Result<Duplex, Failure>>;
  /** Why it is gone; absent while it is up. */
  readonly lost: () => string | undefined;
  readonly close: () => Promise<void>;
}
