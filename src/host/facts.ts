import { keyOf } from './key.ts';
import type { AnyFact, FactOf, FactTable, Observation } from './observation.ts';

/** One answered question; without `fact` it is unknown: a planned change may have made it anything. */
export interface Known {
  readonly observation: Observation;
  readonly fact?: AnyFact;
}

/** What is known of one host, by `keyOf`. */
export type Facts = ReadonlyMap<string, Known>;

/** The fact that answers this question; undefined where it was not asked or is unknown. */
export function factOf<const O extends Observation>(facts: Facts, observation: O): FactOf<O> | undefined {
  const known = facts.get(keyOf(observation));
  return known !== undefined && answers(known, observation) ? known.fact : undefined;
}

/** A fact is of the kind of the question that it is stored with. */
function answers<O extends Observation>(known: Known, observation: O): known is Known & { readonly fact: FactOf<O> } {
  return known.fact !== undefined && known.observation.kind === observation.kind;
}

/** A known fact of one kind, with its question. */
export interface Answered<K extends Observation['kind']> extends Known {
  readonly observation: Extract<Observation, { kind: K }>;
  readonly fact: FactTable[K];
}

export function isAnswered<K extends Observation['kind']>(known: Known, kind: K): known is Answered<K> {
  return known.fact !== undefined && known.observation.kind === kind;
}
