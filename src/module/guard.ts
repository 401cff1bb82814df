import type { z } from 'zod';
import type { Pretence } from '../core/pretence.ts';
import type { Json, JsonObject } from '../core/value.ts';
import type { Facts } from '../host/facts.ts';
import type { Observation } from '../host/observation.ts';
import type { Disrupts, Listing } from './define.ts';

/** One host of the inventory, as guards know it. */
export interface ClusterHost {
  readonly name: string;
  /** Every group that has it, by itself or by a group below. */
  readonly groups: readonly string[];
  /** What its variables say, of those that the guard names; undefined where nothing defines one. */
  readonly get: (variable: string) => Json | undefined;
}

/** The whole inventory, whatever `--limit` and the batch leave of it. */
export interface Cluster {
  readonly hosts: readonly ClusterHost[];
  /** The names that a pattern such as `control_plane:workers` stands for. */
  readonly match: (pattern: string) => readonly string[];
}

/** What one host showed: its facts, or why it cannot be asked. A question without a fact could not be answered. */
export type Look =
  | { readonly kind: 'seen'; readonly facts: Facts }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** By host. One that was not asked yet is not in it. */
export type Looks = ReadonlyMap<string, Look>;

/** What the work on one host takes away while it lasts, and leaves in its balancer. */
export interface Foreseen {
  readonly disrupts: ReadonlySet<Disrupts>;
  /** What it loads into the host's balancer, one list after the other. */
  readonly lists: readonly Listing[];
}

/** What a verdict is made of. */
export interface Situation {
  readonly cluster: Cluster;
  readonly looks: Looks;
  /** By host: what the work that is asked for takes away. After a batch only what background tasks may still do. */
  readonly taken: ReadonlyMap<string, Foreseen>;
  /**
   * `roll`: before the first change; `taken` holds the lists that all hosts of the roll will load, and nothing that is taken
   * away, since that is asked batch by batch. `batch`: before a batch. `after`: behind one.
   */
  readonly moment: 'roll' | 'batch' | 'after';
  /** What is supposed beside the looks, each after those before it: a roll on paper. Absent while a roll runs. */
  readonly pretended?: readonly Pretence[] | undefined;
}

export interface GuardVerdict {
  readonly verdict: 'pass' | 'refuse';
  /** The numbers, in words: `weakest node w2 keeps 2 of 3 backends, needs 1`. */
  readonly message: string;
  /** What to do about a refusal. */
  readonly help?: string;
  /** The same for machines. */
  readonly numbers: JsonObject;
}

/**
 * Whether a roll may go on: a set of hosts is looked at, and the verdict is a pure function of what they showed and of what
 * the next work takes away. A batch is clamped to the most of its hosts, from the first on, of which every part passes.
 */
export interface GuardDefinition<Params> {
  /** snake_case. */
  readonly name: string;
  readonly summary: string;
  /** YAML of one `guard:` entry each. */
  readonly examples: readonly string[];
  /** As a module's: every field described. */
  readonly params: z.ZodObject & z.ZodType<Params>;
  /** Names of the variables of hosts that it reads. */
  readonly variables: readonly string[];
  /**
   * What to ask, by host: of the whole cluster, never only of the batch. Asked again with what was seen by then while it
   * names something new, at most 4 rounds; what each host is asked in one round is one round trip. Pure.
   */
  observe(params: Params, cluster: Cluster, looks: Looks): ReadonlyMap<string, readonly Observation[]>;
  verdict(params: Params, situation: Situation): GuardVerdict;
  /**
   * Whether the hosts of `taken` may get back what they had before their batch began, when `before` was seen. Absent where
   * that takes nothing away that the guard counts.
   */
  undo?(params: Params, situation: Omit<Situation, 'moment'>, before: Looks): GuardVerdict;
  /** Seconds that it may take after a batch until it passes again: servers come up, a node becomes ready. */
  patience(params: Params): number;
}

/** A guard whose parameter type is forgotten. */
export type Guard = GuardDefinition<unknown>;

/** Defines a guard; parameters reach its functions after `params` parsed them. */
export function defineGuard<Params>(definition: GuardDefinition<Params>): Guard {
  return definition;
}

/** Guards by the names that playbooks call them. */
export interface GuardRegistry {
  readonly find: (name: string) => Guard | undefined;
  /** Sorted. */
  readonly names: () => readonly string[];
}

export function createGuardRegistry(guards: readonly Guard[]): GuardRegistry {
  const known = new Map(guards.map((guard) => [guard.name, guard]));
  const names = [...known.keys()].sort();
  return { find: (name) => known.get(name), names: () => names };
}
