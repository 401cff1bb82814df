import type { Clock, Random } from '../core/clock.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Emit } from '../core/events.ts';
import type { Redactor } from '../core/redact.ts';
import type { Request } from '../expr/api.ts';
import type { Transport } from '../host/session.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Module } from '../module/define.ts';
import type { Guard } from '../module/guard.ts';
import type { IncludedRole, IncludedTasks } from '../playbook/load-include.ts';
import type { Include, Playbook } from '../playbook/tree.ts';
import type { Variables } from '../vars/term.ts';
import type { Decrypt } from '../vars/vault.ts';
import type { Store } from './store.ts';

export interface PasswordRequest extends Omit<Extract<Request, { kind: 'password' }>, 'kind'> {
  /** Off: a run that is to change nothing. */
  readonly write: boolean;
}

export interface KeptPassword {
  readonly text: string;
  readonly salt?: string;
}

/** What only the controller can do for a run; handed in, so that the engine does no I/O of its own but reading files. */
export interface Controller {
  readonly env: (name: string) => string | undefined;
  /** A shell command on the controller, for `lookup('pipe')`. */
  readonly pipe: (
    command: string,
  ) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** Asks the operator; rejects where nobody can be asked. */
  readonly prompt: (question: string, echo: boolean) => Promise<string | undefined>;
  readonly workingDirectory: string;
  readonly home: string;
  /** The ansible.cfg that Ansible would read; absent where there is none. */
  readonly ansibleConfig?: string;
  /** The password that a file keeps; made, and written if need be, where there is none. */
  readonly password: (request: PasswordRequest) => KeptPassword;
  /** Where a Python 3 of this machine is, or would be. */
  readonly python: () => string;
}

/** How hosts are reached where their variables do not say otherwise. */
export interface ConnectionDefaults {
  readonly connection: 'ssh' | 'openssh' | 'local' | 'auto';
  readonly user?: string;
  readonly password?: string;
  readonly privateKeyFile?: string;
  /** Absent: ssh's own configuration decides, and strict where it says nothing. */
  readonly hostKey?: 'strict' | 'accept-new' | 'off';
  readonly connectTimeoutMs: number;
  readonly become: boolean;
  readonly becomeUser: string;
  readonly becomeMethod: 'sudo' | 'su' | 'doas';
  readonly becomePassword?: string;
}

/** What a dynamic include brought, or what is wrong with it. */
export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Loads what dynamic includes name while the play runs. */
export interface Loader {
  readonly tasks: (path: string, include: Include) => Loaded<IncludedTasks>;
  readonly role: (
    name: string,
    include: Include,
    from: { readonly tasks?: string; readonly vars?: string; readonly defaults?: string; readonly handlers?: string },
  ) => Loaded<IncludedRole>;
}

export interface RunOptions {
  readonly runId: string;
  readonly playbooks: readonly Playbook[];
  readonly inventory: Inventory;
  /** Reads the inventory anew, for `meta: refresh_inventory`; absent where there is nothing to read. */
  readonly readInventory?: () => Promise<Inventory>;
  /** Names that `--limit` leaves; absent for all. */
  readonly limit?: ReadonlySet<string>;
  /** `--limit` as it was given: `ansible_limit`. */
  readonly limitText?: string;
  readonly extraVars: Variables;
  readonly module: (name: string) => Module | undefined;
  /** Guards that `rolling` may name. */
  readonly guard: (name: string) => Guard | undefined;
  readonly load: Loader;
  /** A text file of the controller, vaults opened; absent where there is none. */
  readonly readFile: (path: string) => string | undefined;
  /** Opens `!vault` values in files that are read while the play runs. */
  readonly decrypt?: Decrypt | undefined;
  readonly transport: Transport;
  readonly controller: Controller;
  readonly connection: ConnectionDefaults;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly redactor: Redactor;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Hosts worked on at once. */
  readonly forks: number;
  readonly check: boolean;
  readonly diff: boolean;
  /** Off: every task is a group of its own. */
  readonly fuse: boolean;
  readonly tags: { readonly only: readonly string[]; readonly skip: readonly string[] };
  readonly startAtTask?: string;
  readonly verbosity: number;
}
