import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { Facts } from '../host/facts.ts';
import { keyOf } from '../host/key.ts';
import type { FactOf, Observation } from '../host/observation.ts';
import { compileObservations } from '../host/observe.ts';
import { predict } from '../host/predict.ts';
import type { Seen } from '../module/define.ts';
import type { Call } from './call.ts';
import type { Shell } from './shell.ts';

/** A module names its observations in at most this many rounds (design §3). */
const maximumRounds = 4;

/** Facts as a module addresses them. */
export function seenIn(facts: Facts): Seen {
  const maybe = <const O extends Observation>(observation: O): FactOf<O> | undefined => {
    const known = facts.get(keyOf(observation))?.fact;
    // The key holds the observation's kind, and decoding pairs each kind with its fact.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return known as FactOf<O> | undefined;
  };
  const seen = <const O extends Observation>(observation: O): FactOf<O> => {
    const fact = maybe(observation);
    if (fact === undefined) throw new Error(`A module read a fact that it did not name: ${keyOf(observation)}`);
    return fact;
  };
  return Object.assign(seen, { maybe });
}

export function namedBy(call: Call, facts: Facts): readonly Observation[] {
  return call.task.module.observe(call.params, seenIn(facts), call.inputs, call.context);
}

/** Whether a call needs a fact that is not known now: never asked, or made unknown by a planned change. */
export function lacks(call: Call, facts: Facts): boolean {
  return namedBy(call, facts).some((observation) => facts.get(keyOf(observation))?.fact === undefined);
}

/** Asks for everything that the calls name and nobody knows yet, all in one round trip, and again for what they name then. */
export async function observeFor(calls: readonly Call[], before: Facts, shell: Shell): Promise<Result<Facts, Failure>> {
  let facts = before;
  const asked = new Set<string>();
  for (let round = 0; round < maximumRounds; round += 1) {
    const wanted = new Map<string, Observation>();
    for (const call of calls) {
      for (const observation of namedBy(call, facts)) {
        const key = keyOf(observation);
        if (facts.get(key)?.fact === undefined && !asked.has(key)) wanted.set(key, observation);
      }
    }
    if (wanted.size === 0) return ok(facts);
    for (const key of wanted.keys()) asked.add(key);
    const answered = await observe([...wanted.values()], shell);
    if (!answered.ok) return answered;
    facts = new Map([...facts, ...answered.value]);
  }
  return ok(facts);
}

/** One round trip. In check mode what earlier tasks would have changed is applied to what was seen. */
export async function observe(observations: readonly Observation[], shell: Shell): Promise<Result<Facts, Failure>> {
  if (observations.length === 0) return ok(new Map());
  const session = await shell.session();
  if (!session.ok) return session;
  const batch = compileObservations(observations);
  const results = await session.value.run(batch.steps, { signal: shell.signal });
  if (!results.ok) return results;
  return ok(shell.pretended.reduce((facts: Facts, change) => predict(facts, change), batch.decode(results.value)));
}
