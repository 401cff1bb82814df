import pLimit from 'p-limit';
import type { Pretence } from '../core/pretence.ts';
import { err, ok, type Result } from '../core/result.ts';
import { isMapping, type Json, type JsonObject, toJson } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Facts } from '../host/facts.ts';
import { keyOf } from '../host/key.ts';
import type { Observation } from '../host/observation.ts';
import { matchHosts } from '../inventory/patterns.ts';
import { groupNames } from '../inventory/relations.ts';
import { canonicalArguments } from '../module/arguments.ts';
import type { Cluster, ClusterHost, Foreseen, Guard, GuardVerdict, Looks, Situation } from '../module/guard.ts';
import type { Rolling } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { valueOf } from '../vars/value-of.ts';
import { answererFor } from './answerer.ts';
import { createAnswers, settle } from './ask.ts';
import type { BatchContext } from './context.ts';
import { type HostState, newHostState } from './host-state.ts';
import { observe } from './observing.ts';
import { hostShell } from './open-shell.ts';
import { differing, type RollHosts } from './same-for-all.ts';
import { environmentOf } from './variables.ts';

/** A guard says what to ask in at most this many rounds, as a module does. */
const maximumRounds = 4;

export interface Judged extends GuardVerdict {
  readonly guard: string;
}

/** The guards of one roll, their arguments read. */
export interface Guarding {
  readonly cluster: Cluster;
  /** Looks at the whole cluster, all guards together. */
  readonly look: () => Promise<Looks>;
  readonly judge: (
    looks: Looks,
    taken: ReadonlyMap<string, Foreseen>,
    moment: Situation['moment'],
    pretended?: readonly Pretence[],
  ) => readonly Judged[];
  /** Whether a host may get back what it had when `before` was seen; of those guards that this concerns. */
  readonly judgeUndo: (looks: Looks, before: Looks, host: string) => readonly Judged[];
  /** Milliseconds that a verdict behind a batch may take to become a pass. */
  readonly patienceMs: number;
}

interface Ready {
  readonly guard: Guard;
  readonly params: unknown;
}

/** Arguments are evaluated for every host of the roll, and must come to the same. */
export async function createGuarding(
  rolling: Rolling,
  hosts: RollHosts,
  batch: BatchContext,
): Promise<Result<Guarding, string>> {
  const ready: Ready[] = [];
  for (const use of rolling.guards) {
    const guard = batch.play.run.options.guard(use.name);
    if (guard === undefined) return err(`There is no guard "${use.name}"`);
    const args = await argumentsOf(use, hosts[0], batch);
    if (!args.ok) return args;
    const differs =
      use.args === undefined
        ? ok(undefined)
        : await differing(use.args, hosts, (host) => argumentsOf(use, host, batch));
    if (!differs.ok) return differs;
    if (differs.value !== undefined)
      return err(
        `Expected the arguments of the guard "${use.name}" to be the same for all hosts, found ${differs.value}`,
      );
    const parsed = guard.params.safeParse(canonicalArguments(guard, args.value));
    if (!parsed.success) {
      const issues = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '));
      return err(`Invalid arguments of the guard "${use.name}": ${issues.join('; ')}`);
    }
    ready.push({ guard, params: parsed.data });
  }
  const cluster = await clusterFor(ready, batch);
  return ok({
    cluster,
    look: () => lookAround(ready, cluster, batch),
    judge: (looks, taken, moment, pretended = []) =>
      ready.map(({ guard, params }) => ({
        guard: guard.name,
        ...guard.verdict(params, { cluster, looks, taken, moment, pretended }),
      })),
    judgeUndo: (looks, before, host) => {
      const taken = new Map([[host, { disrupts: new Set<never>(), lists: [] }]]);
      return ready.flatMap(({ guard, params }) => {
        const verdict = guard.undo?.(params, { cluster, looks, taken }, before);
        return verdict === undefined ? [] : [{ guard: guard.name, ...verdict }];
      });
    },
    patienceMs: Math.max(0, ...ready.map(({ guard, params }) => guard.patience(params))) * 1000,
  });
}

async function argumentsOf(
  { name, args }: Rolling['guards'][number],
  host: HostState,
  batch: BatchContext,
): Promise<Result<JsonObject, string>> {
  if (args === undefined) return ok({});
  const answers = createAnswers(answererFor(batch.play, { file: args.at.source.path }));
  const outcome = await settle(() => evaluateTerm(args, environmentOf(batch, host, {}, answers)), answers);
  if (outcome.kind === 'failed') return err(`Arguments of the guard "${name}": ${outcome.error.message}`);
  if (outcome.value === null) return ok({});
  if (!isMapping(outcome.value)) return err(`Expected the arguments of the guard "${name}" to be a mapping`);
  return ok(Object.fromEntries([...outcome.value].map(([key, value]) => [toText(key), toJson(value)])));
}

/** Every host of the inventory, with the variables that the guards read, as the play sees them. */
async function clusterFor(ready: readonly Ready[], batch: BatchContext): Promise<Cluster> {
  const { inventory } = batch.play.run;
  const names = [...new Set(ready.flatMap(({ guard }) => guard.variables))];
  const hosts: ClusterHost[] = [];
  for (const name of inventory.hosts.keys()) {
    const values = new Map<string, Json>();
    const answers = createAnswers(answererFor(batch.play, { file: batch.play.play.at.source.path }));
    const env = environmentOf(batch, stateOf(name, batch), {}, answers);
    for (const variable of names) {
      if (env.resolve(variable) === undefined) continue;
      const outcome = await settle(() => valueOf(variable, env) ?? { kind: 'value', value: null }, answers);
      if (outcome.kind === 'value') values.set(variable, toJson(outcome.value));
    }
    hosts.push({ name, groups: groupNames(inventory, name), get: (variable) => values.get(variable) });
  }
  return { hosts, match: (pattern) => matchHosts(pattern, inventory).hosts };
}

/** A host outside the play takes no part in the run, so it gets no state that would be counted. */
function stateOf(name: string, batch: BatchContext): HostState {
  return batch.play.hosts.find((host) => host.name === name) ?? newHostState(name);
}

/** All guards ask together: what a host is asked in one round is one round trip. */
async function lookAround(ready: readonly Ready[], cluster: Cluster, batch: BatchContext): Promise<Looks> {
  const { options } = batch.play.run;
  const limit = pLimit(Math.max(1, options.forks));
  const looks = new Map<string, Looks extends ReadonlyMap<string, infer L> ? L : never>();
  const asked = new Map<string, Set<string>>();
  for (let round = 0; round < maximumRounds; round += 1) {
    const wanted = wantedNow(ready, cluster, looks, asked);
    if (wanted.size === 0) break;
    await Promise.all(
      [...wanted].map(([name, observations]) =>
        limit(async () => {
          const answered = await observe(observations, hostShell(stateOf(name, batch), batch));
          const before = looks.get(name);
          const known: Facts = before?.kind === 'seen' ? before.facts : new Map();
          looks.set(
            name,
            answered.ok
              ? { kind: 'seen', facts: new Map([...known, ...answered.value.facts]) }
              : { kind: 'unreachable', reason: answered.error.message },
          );
        }),
      ),
    );
  }
  return looks;
}

/** What is named and was not asked; a host that could not be reached is not tried again in the same look. */
function wantedNow(
  ready: readonly Ready[],
  cluster: Cluster,
  looks: Looks,
  asked: Map<string, Set<string>>,
): ReadonlyMap<string, readonly Observation[]> {
  const wanted = new Map<string, Observation[]>();
  for (const { guard, params } of ready) {
    for (const [name, observations] of guard.observe(params, cluster, looks)) {
      if (looks.get(name)?.kind === 'unreachable') continue;
      const known = asked.get(name) ?? new Set<string>();
      asked.set(name, known);
      for (const observation of observations) {
        const key = keyOf(observation);
        if (known.has(key)) continue;
        known.add(key);
        wanted.set(name, [...(wanted.get(name) ?? []), observation]);
      }
    }
  }
  return wanted;
}
