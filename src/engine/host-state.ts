import type { HostCounts } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/value.ts';
import type { Include, Role, Task } from '../playbook/tree.ts';
import type { Variable } from '../vars/term.ts';
import type { Pretended } from './pretended.ts';
import type { Kept } from './shell.ts';

/** What a run knows of one host. Belongs to one run, and changes as it goes. */
export interface HostState {
  readonly name: string;
  /** Gathered facts, as `ansible_facts` holds them. */
  readonly facts: Map<string, Variable>;
  readonly setFacts: Map<string, Variable>;
  readonly includeVars: Map<string, Variable>;
  /** Why it takes part no more; cleared by a rescue. */
  stopped: Stop | undefined;
  /** Set while a rescue or always section runs: `ansible_failed_task` and `ansible_failed_result`. */
  failedTask: { readonly task: Task | Include; readonly name: string; readonly result: JsonObject } | undefined;
  /** The use of each role that has run a task in this play, by `Role.key`. */
  readonly rolesRun: Map<string, Role>;
  /** Uses of roles that `meta: end_role` has ended here. */
  readonly rolesEnded: Set<Role>;
  /** Handlers notified and not yet run, by id. */
  readonly notified: Set<string>;
  /** By the names that they were notified by, until handlers are flushed. */
  readonly called: Map<string, readonly string[]>;
  /** Check mode: handlers that may or may not be notified, by id, and why nobody knows. */
  readonly perhaps: Map<string, string>;
  readonly counts: { -readonly [K in keyof HostCounts]: HostCounts[K] };
  /** Check mode: what the tasks so far would have changed. */
  readonly pretended: Pretended[];
  /** Check mode: why nobody can know whether, or with which variables, the tasks that come now would run. */
  doubt: Doubt | undefined;
  /** What the batch that it is in has done, where a roll may have to take that back. */
  kept: Kept[] | undefined;
  factsGathered: boolean;
}

export interface Doubt {
  readonly because: string;
  /** Its host may have ended with this play; otherwise its variables are in doubt for good. */
  readonly until: 'play-end' | 'run-end';
}

export type Stop =
  | {
      readonly kind: 'failed';
      readonly task: Task | Include;
      /** Of the task, evaluated. */
      readonly name: string;
      readonly result: JsonObject;
      readonly failure: Failure;
      /** It had more to do then: `max_fail_percentage` does not count it. */
      readonly more: boolean;
    }
  | { readonly kind: 'unreachable'; readonly failure: Failure }
  /** `meta: end_host`, `end_play`. */
  | { readonly kind: 'ended'; readonly scope: 'host' | 'play' | 'batch' };

export function newHostState(name: string): HostState {
  return {
    name,
    facts: new Map(),
    setFacts: new Map(),
    includeVars: new Map(),
    stopped: undefined,
    failedTask: undefined,
    rolesRun: new Map(),
    rolesEnded: new Set(),
    notified: new Set(),
    called: new Map(),
    perhaps: new Map(),
    counts: {
      ok: 0,
      changed: 0,
      unreachable: 0,
      failed: 0,
      skipped: 0,
      rescued: 0,
      ignored: 0,
      unknown: 0,
      roundTrips: 0,
    },
    pretended: [],
    doubt: undefined,
    kept: undefined,
    factsGathered: false,
  };
}

export function isActive(host: HostState): boolean {
  return host.stopped === undefined;
}

/** Whether it failed or was lost, for the plays after this one too. */
export function isOut({ stopped }: HostState): boolean {
  return stopped?.kind === 'failed' || stopped?.kind === 'unreachable';
}
