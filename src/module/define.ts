import type { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import type { FactOf, Observation } from '../host/observation.ts';
import type { Effect } from './effect.ts';
import type { Inputs, Need } from './need.ts';

/**
 * Facts that were observed. Addressed by the very observation that asked for them.
 * In `plan` an observation that `observe` did not name is a bug of the module and throws.
 */
export interface Seen {
  <const O extends Observation>(observation: O): FactOf<O>;
  /** For `observe`: absent until it was seen. */
  readonly maybe: <const O extends Observation>(observation: O) => FactOf<O> | undefined;
}

/** What a module may know besides its parameters and the facts. */
export interface Context {
  /** The inventory's name of the host. */
  readonly host: string;
  readonly check: boolean;
  readonly diff: boolean;
  /** How many -v the run was given. */
  readonly verbosity: number;
  /** Seconds since the epoch, for names of backups and ages of caches. */
  readonly now: number;
}

export type Plan =
  | {
      readonly kind: 'plan';
      /** None means the host is as it should be. */
      readonly changes: readonly Change[];
      /** Carried out on the controller, after the changes. */
      readonly effects: readonly Effect[];
      /** A part that can only be known after the changes: observes and plans once more. Check mode prints it as unknown. */
      readonly then?: Stage;
      /** Why what would happen cannot be known ahead; check mode prints `unknown` instead of `changed`. */
      readonly unknown?: string;
      /** Why nothing needs doing, such as a `creates` that exists: the result is skipped rather than ok where `skip` is set. */
      readonly why?: string;
      readonly skip?: boolean;
      readonly warnings: readonly string[];
    }
  /** Nothing may be done: what is missing or in the way, and what to do about it. */
  | { readonly kind: 'refuse'; readonly reason: string; readonly help?: string; readonly result?: JsonObject };

export interface Stage {
  readonly observe: (seen: Seen) => readonly Observation[];
  readonly plan: (seen: Seen) => Plan;
}

/** What a plan takes away while it runs (design §6); guards sum over it. */
export type Disrupts = 'nothing' | 'balancer' | 'api_server' | 'etcd' | 'node';

/** An API server in a balancer's list. */
export interface ListedServer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/**
 * What a balancer lists once it has loaded its next configuration. `file`: what the file says that its service reads anew,
 * which lies there already; `changed-file`: the same, and a task may have changed the file; `unknown`: nobody can tell.
 */
export type Listing = readonly ListedServer[] | 'file' | 'changed-file' | 'unknown';

/**
 * `converges`: a second apply changes nothing. `always`: changes each time it runs. `reads`: never changes anything.
 */
export type Convergence = 'converges' | 'always' | 'reads';

export interface ModuleDefinition<Params> {
  /** snake_case; Ansible's name where the meaning is Ansible's. */
  readonly name: string;
  /** Ansible's fully qualified names of it, such as `ansible.builtin.copy`. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** YAML of one task each; parsed and checked by the laws. */
  readonly examples: readonly string[];
  /**
   * Strict object; each field described by `.meta({ description })`; `.meta({ secret: true })` is registered with the
   * redactor; `.meta({ expression: true })` marks bare expressions, which arrive as `{ expression, value, defined }`;
   * `.meta({ aliases })` are other names of the field, which callers rename by `canonicalArguments` before they parse.
   */
  readonly params: z.ZodObject & z.ZodType<Params>;
  /** Ansible's free form (`command: echo hi`): the parameter that takes the text. */
  readonly freeForm?: string;
  /** What `register` holds beside `changed`, `failed`, `skipped`, `msg`. Open objects are loose. */
  readonly returns: z.ZodObject;
  convergence(params: Params): Convergence;
  /** Files, trees, rendered templates of the controller; resolved by the engine before `observe`. */
  needs?(params: Params, context: Context): readonly Need[];
  /** Which facts are needed. Asked again while it names one that was not seen yet, at most 4 rounds. Pure. */
  observe(params: Params, seen: Seen, inputs: Inputs, context: Context): readonly Observation[];
  /** What differs. Pure: the same arguments give the same plan. */
  plan(params: Params, seen: Seen, inputs: Inputs, context: Context): Plan;
  /**
   * What `register` holds, without `changed` and `failed` (the engine knows them) unless the module judges otherwise:
   * `failed: true` with `msg` fails the task, `changed` overrides. `done[i]` is the outcome of change `i`, all stages in order;
   * empty in check mode. Pure.
   */
  result(
    params: Params,
    seen: Seen,
    plan: Plan,
    done: readonly ChangeOutcome[],
    inputs: Inputs,
    context: Context,
  ): JsonObject;
  /** `nothing` when absent. */
  disrupts?(params: Params, plan: Plan, seen: Seen, context: Context): readonly Disrupts[];
  /** The most that it takes away, where its plan cannot be known ahead; without parameters, whatever they are. `node` when absent. */
  mayDisrupt?(params: Params | undefined): readonly Disrupts[];
  /** The API servers that the host's balancer lists once the plan is carried out; undefined where the plan loads no list. */
  lists?(params: Params, seen: Seen, plan: Plan): Listing | undefined;
  /** The same where its plan cannot be known ahead; without parameters, whatever they are. `unknown` when absent. */
  mayList?(params: Params | undefined): Listing | undefined;
  /** Tasks of it may join a fused group (design §5). Absent: a border. */
  readonly fuses?: boolean;
}

/** A module whose parameter type is forgotten, as registries hold it. */
export type Module = ModuleDefinition<unknown>;

/**
 * Defines a module. The only entry for built-in modules and for those that lie beside a playbook.
 * Parameters reach the functions after `params` parsed them; calling one with anything else is a bug.
 * (The functions are declared as methods so that a module of known parameters is one of unknown ones.)
 */
export function defineModule<Params>(definition: ModuleDefinition<Params>): Module {
  return definition;
}
