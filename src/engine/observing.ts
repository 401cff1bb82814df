import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { type Facts, factOf } from '../host/facts.ts';
import { keyOf } from '../host/key.ts';
import type { FactOf, Observation } from '../host/observation.ts';
import { compileObservations, type Problem } from '../host/observe.ts';
import type { Seen, Stage } from '../module/define.ts';
import type { Task } from '../playbook/tree.ts';
import type { Call } from './call.ts';
import { foresee } from './pretended.ts';
import type { Shell } from './shell.ts';

/** A module names its observations in at most this many rounds (design §3). */
const maximumRounds = 4;

/** Facts as a module addresses them. */
export function seenIn(facts: Facts): Seen {
  const maybe = <const O extends Observation>(observation: O): FactOf<O> | undefined => factOf(facts, observation);
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

/** What is known of a host, and why the rest could not be asked. */
export interface Knowledge {
  readonly facts: Facts;
  /** By `keyOf`: questions without an answer. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** By `keyOf`, in check mode: the task that would make a fact unknown. */
  readonly causes: ReadonlyMap<string, Task>;
}

export const nothingKnown: Knowledge = { facts: new Map(), problems: new Map(), causes: new Map() };

/** Why a question that a call needs has no answer. */
export function problemOf(call: Call, { facts, problems }: Omit<Knowledge, 'causes'>): Problem | undefined {
  return firstNamed(call, facts, problems);
}

/** The task that made unknown what a call needs. */
export function causeOf(call: Call, { facts, causes }: Knowledge): Task | undefined {
  return firstNamed(call, facts, causes);
}

function firstNamed<T>(call: Call, facts: Facts, found: ReadonlyMap<string, T>): T | undefined {
  for (const observation of namedBy(call, facts)) {
    const one = found.get(keyOf(observation));
    if (one !== undefined) return one;
  }
  return undefined;
}

/** Asks for everything that the calls name and nobody knows yet, all in one round trip, and again for what they name then. */
export async function observeFor(
  calls: readonly Call[],
  before: Knowledge,
  shell: Shell,
): Promise<Result<Knowledge, Failure>> {
  let knowledge = before;
  const asked = new Set<string>();
  for (let round = 0; round < maximumRounds; round += 1) {
    const wanted = new Map<string, Observation>();
    for (const call of calls) {
      for (const observation of namedBy(call, knowledge.facts)) {
        const key = keyOf(observation);
        // A fact that is there without a value was made unknown before this, and is asked again, once.
        const isSettled = knowledge.problems.has(key) || asked.has(key);
        if (knowledge.facts.get(key)?.fact === undefined && !isSettled) wanted.set(key, observation);
      }
    }
    if (wanted.size === 0) return ok(knowledge);
    for (const key of wanted.keys()) asked.add(key);
    const answered = await observe([...wanted.values()], shell);
    if (!answered.ok) return answered;
    knowledge = {
      facts: new Map([...knowledge.facts, ...answered.value.facts]),
      problems: new Map([...knowledge.problems, ...answered.value.problems]),
      causes: new Map([...knowledge.causes, ...answered.value.causes]),
    };
  }
  return ok(knowledge);
}

/** Asks for what a later stage names, all of it anew: the changes before it were made. Problems are those of this stage. */
export async function observeStage(stage: Stage, before: Facts, shell: Shell): Promise<Result<Knowledge, Failure>> {
  let facts = before;
  let problems: Knowledge['problems'] = new Map();
  const asked = new Set<string>();
  for (let round = 0; round < maximumRounds; round += 1) {
    const named = new Map(stage.observe(seenIn(facts)).map((observation) => [keyOf(observation), observation]));
    const wanted = [...named].filter(([key]) => !asked.has(key));
    if (wanted.length === 0) break;
    for (const [key] of wanted) asked.add(key);
    const answered = await observe(
      wanted.map(([, observation]) => observation),
      shell,
    );
    if (!answered.ok) return answered;
    facts = new Map([...facts, ...answered.value.facts]);
    problems = new Map([...problems, ...answered.value.problems]);
  }
  return ok({ facts, problems, causes: new Map() });
}

/** One round trip. In check mode what earlier tasks would have changed is applied to what was seen. */
export async function observe(observations: readonly Observation[], shell: Shell): Promise<Result<Knowledge, Failure>> {
  if (observations.length === 0) return ok(nothingKnown);
  const session = await shell.session();
  if (!session.ok) return session;
  const batch = compileObservations(observations);
  const results = await session.value.run(batch.steps, { signal: shell.signal });
  if (!results.ok) return results;
  const { facts, problems, forward } = batch.decode(results.value);
  const found = new Map(facts);
  const open = new Map(problems);
  if (forward.size > 0) {
    const connection = await shell.connection();
    if (!connection.ok) return connection;
    // Seldom needed, and all of HTTP and TLS with it.
    const { observeThrough } = await import('../host/fallback.ts');
    for (const [key, observation] of forward) {
      const answer = await observeThrough(connection.value, observation, shell.clock);
      if (answer.ok) found.set(key, { observation, fact: answer.value });
      else open.set(key, answer.error);
    }
  }
  return ok({ ...foresee(found, shell.pretended), problems: open });
}
