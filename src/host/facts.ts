import type { AnyFact, Observation } from './observation.ts';

/** Who the session's shell is: what a new file inherits. Every batch of file observations tells it at no cost. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  /** Such as 0o022. */
  readonly umask: number;
}

/** One answered question; without `fact` it is unknown: a planned change may have made it anything. */
export interface Known {
  readonly observation: Observation;
  readonly fact?: AnyFact;
}

/** What is known of one host, by `keyOf`. */
export type Facts = ReadonlyMap<string, Known>;
