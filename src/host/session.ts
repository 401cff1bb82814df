import type { Duplex } from 'node:stream';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';

/** One text for the host's shell. The framing around it is the session's affair. */
export interface Step {
  /** POSIX sh, any length. Runs in a subshell of its own with stdin from /dev/null. */
  readonly script: string;
  /** After a fatal step that ends non-zero, the shell skips every later step of the same `run` call. */
  readonly fatal: boolean;
  /**
   * When it is over the step is ended on the host with all that it started. None when absent: such a step shares the process
   * group of its shell and costs nothing extra, while one with a time-out runs in a session of its own under setsid (about
   * 2 ms). An abort ends the whole shell either way; the next `run` opens another.
   */
  readonly timeoutMs?: number;
  /**
   * Runs the script apart from the connection, its result in a file on the host: a cut connection loses the view and
   * not the work, and the same id asked again after a reconnect is waited for, never started twice.
   */
  readonly detach?: { readonly id: string };
  /** The exit codes that are no failure; `[0]` when absent. `any` never fails. */
  readonly allowed?: readonly number[] | 'any';
}

export type StepResult =
  | {
      readonly status: 'done';
      readonly code: number;
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      readonly durationMs: number;
    }
  | {
      readonly status: 'timed-out';
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      readonly durationMs: number;
    }
  /** A fatal step before it failed. */
  | { readonly status: 'skipped' };

/** One shell on one host as one user, for the whole run. */
export interface Session {
  readonly user: string;
  /**
   * Pipelines all steps in one write and returns their results in order; one round trip.
   * The error is a lost or refused connection, or an abort; what a step did is never an error here.
   */
  run(
    steps: readonly Step[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result<readonly StepResult[], Failure>>;
}

export interface Become {
  readonly method: 'sudo' | 'su' | 'doas';
  readonly user: string;
  readonly password?: string;
  /** Such as `-H -S`; the method's own when absent. */
  readonly flags?: string;
  readonly exe?: string;
}

/** One connection to one host. */
export interface Connection {
  readonly host: string;
  /** How often the controller waited for this host, connecting apart. */
  readonly roundTrips: () => number;
  /** The same session for the same user each time it is asked for. */
  session(become?: Become): Promise<Result<Session, Failure>>;
  /**
   * Bytes, or a file of the controller, to a path by a channel of its own, written in place with mode 0600: the caller names a
   * temporary file. As the login user unless there is one to become.
   */
  upload(
    from: Uint8Array | { readonly localPath: string },
    path: string,
    signal?: AbortSignal,
    become?: Become,
  ): Promise<Result<void, Failure>>;
  download(path: string, signal?: AbortSignal, become?: Become): Promise<Result<Uint8Array, Failure>>;
  /** A stream from the host to a TCP port or a unix socket that the host can reach. */
  forward(
    to: { readonly host: string; readonly port: number } | { readonly socket: string },
  ): Promise<Result<Duplex, Failure>>;
  close(): Promise<void>;
}

/** What the variables of a host say about reaching it (`ansible_host`, `ansible_port`, …). */
export interface Target {
  /** The inventory's name. */
  readonly name: string;
  readonly connection: 'ssh' | 'openssh' | 'local' | 'auto';
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKeyFile?: string;
  readonly passphrase?: string;
  /** Extra options for the system's ssh (`ansible_ssh_common_args`, `ansible_ssh_extra_args`). */
  readonly sshArgs?: readonly string[];
  /** What ssh_config says when absent, and `strict` where that says nothing. */
  readonly hostKey?: 'strict' | 'accept-new' | 'off';
  readonly knownHostsFile?: string;
  readonly connectTimeoutMs: number;
}

/** Opens connections. The cli hands the engine one that knows ssh, openssh and local. */
export interface Transport {
  connect(target: Target, signal: AbortSignal): Promise<Result<Connection, Failure>>;
}
