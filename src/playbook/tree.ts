import type { Location } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Expression } from '../expr/api.ts';
import type { Module } from '../module/define.ts';
import type { Term, Variables } from '../vars/term.ts';

/**
 * A checked playbook. Static imports and roles are expanded; keywords are inherited down to each task, so the engine
 * reads a task alone and needs no parent. Dynamic includes stay as they are and are loaded when they run.
 */
export interface Playbook {
  readonly path: string;
  readonly plays: readonly Play[];
}

export const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const;
export const strategies = ['linear', 'free', 'host_pinned'] as const;

export interface Play {
  /** Stable over runs of the same text: `site.yml#0`. */
  readonly id: string;
  readonly name?: Term;
  readonly at: Location;
  readonly hosts: Term;
  /** A word of `orders`; absent: as the inventory has them. */
  readonly order: Term | undefined;
  /** A word of `strategies`; absent: linear. */
  readonly strategy: Term | undefined;
  readonly serial: readonly Term[];
  readonly rolling?: Rolling;
  readonly maxFailPercentage?: Term;
  readonly gatherFacts: Term | undefined;
  readonly forceHandlers: Term | undefined;
  /** The play's own keywords, which its gather-facts task has too. */
  readonly keywords: Keywords;
  readonly vars: Variables;
  /** What its variables must be, for every host. */
  readonly varsSchema?: VarsSchema;
  readonly varsFiles: readonly VarsFile[];
  readonly varsPrompt: readonly VarsPrompt[];
  /** Whose defaults and variables the whole play sees: those of `roles:`, then those of import_role. */
  readonly roles: readonly Role[];
  /** In the order they run; handlers are flushed after each. */
  readonly sections: readonly Section[];
  /** All that can be notified, in the order they run: those of roles, the play's, those of import_role. Of one name the last counts. */
  readonly handlers: readonly Handler[];
  /** The playbook's folder: where files/, templates/ and relative paths are searched. */
  readonly baseDir: string;
}

export interface Section {
  readonly kind: 'pre_tasks' | 'roles' | 'tasks' | 'post_tasks';
  readonly entries: readonly Entry[];
}

/** A list stands for alternatives: the first file that is there. */
export interface VarsFile {
  readonly candidates: readonly Term[];
  readonly at: Location;
}

export interface VarsPrompt {
  readonly name: string;
  readonly prompt: Term | undefined;
  readonly default?: Term;
  readonly private: boolean;
  readonly confirm: boolean;
}

export type Entry = Task | Block | Include;

/** Keywords that a play, block, role or task may carry; here already inherited. */
export interface Keywords {
  /** All must hold, outermost first; each is asked on its own for every task. */
  readonly when: readonly Expression[];
  readonly tags: readonly string[];
  readonly become?: Term;
  readonly becomeUser?: Term;
  readonly becomeMethod?: Term;
  readonly becomeFlags?: Term;
  readonly becomeExe?: Term;
  readonly remoteUser?: Term;
  readonly port?: Term;
  readonly connection?: Term;
  /** Merged at run time, later ones win. */
  readonly environment: readonly Term[];
  readonly ignoreErrors?: Term;
  readonly ignoreUnreachable?: Term;
  readonly anyErrorsFatal?: Term;
  readonly checkMode?: Term;
  readonly diff?: Term;
  readonly noLog?: Term;
  readonly throttle?: Term;
  readonly runOnce?: Term;
  readonly delegateTo?: Term;
  readonly delegateFacts?: Term;
  readonly timeout?: Term;
  /** Module name to default arguments, outermost first. */
  readonly moduleDefaults: readonly ReadonlyMap<string, Term>[];
  /** Variables of the enclosing blocks and the task, outermost first. */
  readonly vars: readonly Variables[];
}

interface Named {
  /** Stable over runs of the same text: file, then the path of indices. The journal's key. */
  readonly id: string;
  readonly at: Location;
  readonly name?: Term;
  readonly keywords: Keywords;
  /** The role that it is part of. */
  readonly role?: Role;
  /** The file it stands in, for relative searches. */
  readonly file: string;
}

export interface Task extends Named {
  readonly kind: 'task';
  /** What the file says, such as `ansible.builtin.copy`. */
  readonly action: string;
  readonly module: Module;
  readonly args: Args;
  readonly loop?: Loop;
  readonly register?: string;
  readonly until: readonly Expression[];
  readonly retries?: Term;
  /** Seconds. */
  readonly delay?: Term;
  /** Absent: the module's own judgement. An empty list is not possible. */
  readonly changedWhen?: readonly Expression[];
  readonly failedWhen?: readonly Expression[];
  readonly notify: readonly Term[];
  readonly async?: Term;
  readonly poll?: Term;
  /** hlb's: what a `command` or `shell` takes away while it runs. */
  readonly disrupts?: readonly ('nothing' | 'balancer' | 'api_server' | 'etcd' | 'node')[];
}

/** A task or include_tasks that waits until it was notified. */
export type Handler = (Task | Include) & { readonly listen: readonly string[] };

/** Arguments as a mapping, or as one template that yields a mapping (`copy: "{{ args }}"`). Free form is already under its parameter. */
export type Args =
  | { readonly kind: 'mapping'; readonly entries: ReadonlyMap<string, Term>; readonly at: Location }
  | { readonly kind: 'dynamic'; readonly term: Term };

export interface Loop {
  /** `loop`, or Ansible's older `with_*`, named without `with_`. */
  readonly kind:
    | 'loop'
    | 'items'
    | 'list'
    | 'dict'
    | 'fileglob'
    | 'sequence'
    | 'subelements'
    | 'nested'
    | 'together'
    | 'indexed_items'
    | 'flattened'
    | 'file'
    | 'template'
    | 'pipe'
    | 'varnames'
    | 'first_found'
    | 'random_choice'
    | 'lines'
    | 'inventory_hostnames'
    | 'env'
    | 'vars';
  readonly term: Term;
  readonly control: {
    readonly loopVar: string;
    readonly indexVar?: string;
    readonly label?: Term;
    /** Seconds. */
    readonly pause?: Term;
    readonly extended: boolean;
    /** Whether `ansible_loop.allitems` is there where it is extended. */
    readonly allItems: boolean;
    readonly breakWhen: readonly Expression[];
  };
  readonly at: Location;
}

export interface Block {
  readonly kind: 'block';
  readonly id: string;
  readonly at: Location;
  readonly name?: Term;
  readonly entries: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
  /** Of the whole block, host-major (design §6). */
  readonly rolling?: Rolling;
}

/** A dynamic include: loaded when it runs, by `loadTasksFile` or `loadRole`. Its `keywords` are its own; what it includes has those of `apply`. */
export interface Include extends Named {
  readonly kind: 'include';
  /** What the file says, such as `ansible.builtin.include_tasks`. */
  readonly action: string;
  readonly what: 'tasks' | 'role';
  /** File or role name. */
  readonly target: Term;
  readonly loop?: Loop;
  readonly register?: string;
  /** Keywords that what is included begins with: those around the include, its `vars`, and its `apply`. */
  readonly apply: Keywords;
  /** Its own `vars`, without those around it. */
  readonly ownVars: readonly Variables[];
  /** Of the blocks around it, for what is included. */
  readonly notify: readonly Term[];
  readonly disrupts?: Task['disrupts'];
  /** The playbook's folder. */
  readonly baseDir: string;
  readonly tasksFrom?: Term;
  readonly varsFrom?: Term;
  readonly defaultsFrom?: Term;
  readonly handlersFrom?: Term;
  /** include_role only: its defaults and vars are seen by the rest of the play. */
  readonly public: boolean;
  /** include_role only. */
  readonly allowDuplicates: boolean;
  /** include_role only: `rolespec_validate`. */
  readonly validates: boolean;
}

/**
 * A role at one place where it is used. `defaults`, `vars` and `params` hold what it has from its dependencies and from the
 * roles that depend on it, merged in Ansible's order.
 */
export interface Role {
  /** As it is named, with its collection if it is part of one. */
  readonly name: string;
  /** `namespace.name` of its collection. */
  readonly collection?: string;
  /** Equal for inclusions that Ansible takes for the same: unless `allowDuplicates`, a host that has completed one skips the others. */
  readonly key: string;
  /** Its folder. */
  readonly path: string;
  /** The file of tasks that it begins with, if it has one. */
  readonly entry?: string;
  readonly at: Location;
  readonly defaults: Variables;
  readonly vars: Variables;
  /** What the rest of the play sees of `vars`: not those that stand beside its name. */
  readonly exports: Variables;
  /** `roles: - {role: x, port: 1}`. */
  readonly params: Variables;
  readonly handlers: readonly Handler[];
  readonly allowDuplicates: boolean;
  /** Names of the roles that it depends on, and that those depend on. */
  readonly dependencies: readonly string[];
  /** The roles whose tasks include or import it, nearest first. */
  readonly includers: readonly Role[];
  /** What it says of its arguments (meta/argument_specs.yml), for the entry point that is used. */
  readonly argumentSpec?: ArgumentSpec;
}

export interface ArgumentSpec {
  readonly at: Location;
  /** `main`, or the name of the file of tasks. */
  readonly entry: string;
  readonly shortDescription?: string;
  /** Its options as written. */
  readonly written: Value;
  readonly options: ReadonlyMap<string, ArgumentOption>;
}

/** What a play says of its variables. */
export type VarsSchema = Pick<ArgumentSpec, 'at' | 'options'>;

export interface ArgumentOption {
  readonly at: Location;
  readonly type: ArgumentType;
  readonly required: boolean;
  readonly elements?: ArgumentType;
  readonly choices?: readonly Term[];
  /** Of a `dict`, or of each element of a list of them. */
  readonly options: ReadonlyMap<string, ArgumentOption>;
}

/** Ansible's names. */
export type ArgumentType =
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  | 'list'
  | 'dict'
  | 'path'
  | 'raw'
  | 'json'
  | 'jsonarg'
  | 'bytes'
  | 'bits';

export interface Rolling {
  readonly at: Location;
  readonly batch: readonly Term[];
  readonly spread?: Term;
  readonly maxFailed?: Term;
  readonly guards: readonly { readonly name: string; readonly args: Term | undefined; readonly at: Location }[];
  readonly pause?: Term;
  readonly onFailure: 'stop' | 'rollback';
}
