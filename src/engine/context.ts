import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Entry, Handler, orders, Play, Role, strategies, Task } from '../playbook/tree.ts';
import type { Term, Variables } from '../vars/term.ts';
import type { ConnectionPool } from './connections.ts';
import type { HostState } from './host-state.ts';
import type { InputCache } from './inputs.ts';
import type { RunOptions } from './options.ts';
import type { Reads } from './reads.ts';

/** What a whole run shares. */
export interface RunContext {
  readonly options: RunOptions;
  readonly pool: ConnectionPool;
  readonly inputs: InputCache;
  /** Grows by add_host and group_by. */
  inventory: Inventory;
  /** The inventory read anew, with what add_host and group_by made. */
  readonly refreshInventory: () => Promise<Inventory>;
  /** What add_host and group_by did, to be done again on an inventory that is read anew. */
  readonly inventoryChanges: ((inventory: Inventory) => Inventory)[];
  /** Of the hosts that were asked for so far. */
  readonly states: ReadonlyMap<string, HostState>;
  /** One state a host, made when first asked for; lives on between plays. */
  readonly host: (name: string) => HostState;
  /**
   * Lets what came in meanwhile be seen to, and one host after the other go on: a login waits only so long for its next step,
   * however many tasks of however many hosts are prepared beside it.
   */
  readonly takeTurn: () => Promise<void>;
  /** Unique ids for events. */
  readonly nextId: (prefix: string) => string;
  /** Ids of what stands before the task that `--start-at-task` names. */
  readonly before: ReadonlySet<string>;
  /** A roll was stopped: no other play begins. `refused` by a guard, `failed` by hosts. */
  halted: 'refused' | 'failed' | undefined;
}

/** Settings of a play that may be computed, as they are for this run of it. */
export interface PlaySettings {
  readonly gatherFacts: boolean;
  readonly forceHandlers: boolean;
  readonly order: (typeof orders)[number];
  readonly strategy: (typeof strategies)[number];
}

/** What one play shares. */
export interface PlayContext {
  readonly run: RunContext;
  readonly play: Play;
  readonly playId: string;
  readonly name: string;
  readonly settings: PlaySettings;
  /** Prompts, then vars_files, of each host. */
  readonly fileVars: ReadonlyMap<string, readonly Variables[]>;
  /** All that its pattern names, in the inventory's order, also those that are out since an earlier play. */
  readonly named: readonly HostState[];
  /** Hosts that its tasks have added: they are told among those of the play and run nothing in it, as in Ansible. */
  readonly added: string[];
  /** Those of them that take part when it begins, in its own order. */
  readonly hosts: readonly HostState[];
  readonly reads: (task: Task) => Reads;
  /** Of roles that were included while the play runs. */
  readonly dynamicHandlers: Handler[];
  /** Roles included with `public`: their defaults and variables are seen by the rest of the play. */
  readonly publicRoles: Role[];
  /** Uses of roles that Ansible takes for the same, by `Role.key`; a host that ran the first of them skips the others. */
  readonly roleUses: Map<string, Set<Role>>;
  /** Roles that include_role has run, once for each time. */
  readonly includedRoles: Role[];
}

/** What one batch shares; a play without `serial` has one. */
export interface BatchContext {
  readonly play: PlayContext;
  /** Those that take part when it begins. */
  readonly hosts: readonly HostState[];
  /** With those that are out since an earlier play: percentages are of them. */
  readonly size: number;
}

/** What the entries that run stand in. */
export interface Inside {
  /** A failure here is caught by a rescue further out. */
  readonly rescuable: boolean;
  /** Behind a failure here a host has more to do: a rescue, or what always runs. */
  readonly more: boolean;
}

/** In no block. */
export const outermost: Inside = { rescuable: false, more: false };

/** Runs a list of entries on hosts. */
export type RunEntries = (
  entries: readonly Entry[],
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
) => Promise<void>;

/** Evaluates what a play says before it has hosts: with its own variables and the extra ones. */
export type PlayEvaluator = (term: Term) => Promise<Result<Value, Failure>>;
