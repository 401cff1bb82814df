import type { Location } from './source.ts';

export type FailureReason =
  | 'unreachable'
  | 'auth-failed'
  | 'host-key-mismatch'
  | 'connection-lost'
  | 'command-failed'
  | 'timeout'
  | 'until-not-met'
  | 'module-refused'
  | 'template-failed'
  /** It needs the result of a task that check mode did not run. */
  | 'not-known'
  | 'assertion-failed'
  | 'stale'
  | 'verify-failed'
  | 'guard-refused'
  | 'aborted'
  | 'internal-error';

/** The run went wrong. Always says where in the playbook, and what was seen on the host. */
export interface Failure {
  readonly reason: FailureReason;
  /** One sentence: what was expected and what was found. */
  readonly message: string;
  readonly retry: 'transient' | 'permanent';
  readonly at?: Location;
  /** Redacted. */
  readonly command?: string;
  readonly exitCode?: number;
  /** What the exit code means, such as `command not found`. */
  readonly exitMeaning?: string;
  /** The last 20 lines, redacted. */
  readonly stderr?: string;
  /** What to do next. */
  readonly help?: string;
}
