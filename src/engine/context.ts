import type { Inventory } from '../inventory/model.ts';
import type { Handler, Play, Role, Task } from '../playbook/tree.ts';
import type { Variables } from '../vars/term.ts';
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
  /** One state a host, made when first asked for; lives on between plays. */
  readonly host: (name: string) => HostState;
  /** Unique ids for events. */
  readonly nextId: (prefix: string) => string;
  /** False until `--start-at-task` was met. */
  started: boolean;
}

/** What one play shares. */
export interface PlayContext {
  readonly run: RunContext;
  readonly play: Play;
  readonly playId: string;
  readonly name: string;
  /** Prompts, then vars_files, of each host. */
  readonly fileVars: ReadonlyMap<string, readonly Variables[]>;
  /** All hosts of the play, in order. */
  readonly hosts: readonly HostState[];
  readonly reads: (task: Task) => Reads;
  /** Of roles that were included while the play runs. */
  readonly dynamicHandlers: Handler[];
  /** Roles included with `public`: their defaults and variables are seen by the rest of the play. */
  readonly publicRoles: Role[];
}

/** What one batch shares; a play without `serial` has one. */
export interface BatchContext {
  readonly play: PlayContext;
  readonly hosts: readonly HostState[];
}
