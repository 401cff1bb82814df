import type { Failure } from './failure.ts';
import type { Location } from './source.ts';
import type { JsonObject } from './value.ts';

/**
 * Everything that a run tells. Views, the journal and the exit code are made of this closed union alone.
 * Every text in it has passed the redactor.
 */
export type Event =
  | RunStart
  | PlayStart
  | PlaySkipped
  | BatchStart
  | TaskStart
  | Intent
  | HostRetry
  | ItemResult
  | HostResult
  | GuardVerdict
  | Warning
  | RunEnd;

export interface RunStart {
  readonly type: 'run-start';
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly playbooks: readonly string[];
  readonly check: boolean;
}

export interface PlayStart {
  readonly type: 'play-start';
  readonly at: number;
  /** Unique in the run; tasks refer to it. */
  readonly playId: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly place: Location;
}

export interface PlaySkipped {
  readonly type: 'play-skipped';
  readonly at: number;
  readonly name: string;
  readonly reason: 'no-hosts-matched' | 'no-hosts-left';
  readonly place: Location;
}

export interface BatchStart {
  readonly type: 'batch-start';
  readonly at: number;
  readonly playId: string;
  readonly kind: 'serial' | 'rolling';
  /** From 1. */
  readonly index: number;
  readonly total: number;
  readonly hosts: readonly string[];
  /** Why it is smaller than asked for, if it is. */
  readonly note?: string;
}

export interface TaskStart {
  readonly type: 'task-start';
  readonly at: number;
  readonly playId: string;
  /** Unique in the run. */
  readonly taskId: string;
  readonly kind: 'task' | 'handler' | 'gather-facts' | 'include';
  /** `role : name`, as Ansible prints it. */
  readonly name: string;
  readonly module: string;
  readonly place: Location;
}

/** What is about to be changed. On disk before the first frame of it is sent. */
export interface Intent {
  readonly type: 'intent';
  readonly at: number;
  readonly taskId: string;
  readonly host: string;
  /** One line a change, such as `write /etc/haproxy/haproxy.cfg (1,204 bytes, mode 0644)`. */
  readonly changes: readonly string[];
}

export interface HostRetry {
  readonly type: 'host-retry';
  readonly at: number;
  readonly taskId: string;
  readonly host: string;
  readonly attempt: number;
  readonly retriesLeft: number;
  readonly message: string;
}

/** `unknown` occurs in check mode only: what would happen cannot be known ahead. */
export type Outcome = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable' | 'unknown';

export interface Diff {
  /** What differs, usually a path. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

interface ResultFields {
  readonly at: number;
  readonly taskId: string;
  readonly host: string;
  readonly outcome: Outcome;
  /** What `register` holds; `{censored: …}` under no_log. */
  readonly result: JsonObject;
  readonly diffs: readonly Diff[];
  readonly failure?: Failure;
}

export interface ItemResult extends ResultFields {
  readonly type: 'item-result';
  readonly label: string;
}

export interface HostResult extends ResultFields {
  readonly type: 'host-result';
  /** Failed, and `ignore_errors` or `ignore_unreachable` let it pass. */
  readonly ignored: boolean;
  /** Failed inside a block that has a rescue. */
  readonly rescued: boolean;
  readonly delegatedTo?: string;
  readonly durationMs: number;
  /** Handlers that it notified. */
  readonly notified: readonly string[];
  /** Why it was skipped or is unknown, such as the condition that was false. */
  readonly note?: string;
}

export interface GuardVerdict {
  readonly type: 'guard-verdict';
  readonly at: number;
  readonly playId: string;
  readonly guard: string;
  readonly verdict: 'pass' | 'refuse';
  /** The numbers, in words: `weakest node w2 keeps 2 of 3 backends, needs 1`. */
  readonly message: string;
}

export interface Warning {
  readonly type: 'warning';
  /** Of what ended the run, or a roll; else it is something to know. */
  readonly severity?: 'error';
  readonly at: number;
  readonly message: string;
  readonly place?: Location;
}

export interface HostCounts {
  readonly ok: number;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
  readonly skipped: number;
  readonly rescued: number;
  readonly ignored: number;
  readonly unknown: number;
  readonly roundTrips: number;
}

export interface RunEnd {
  readonly type: 'run-end';
  readonly at: number;
  readonly durationMs: number;
  readonly hosts: Readonly<Record<string, HostCounts>>;
  readonly exitCode: number;
}

/** The one thing that the engine calls to tell something. */
export type Emit = (event: Event) => void;
