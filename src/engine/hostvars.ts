import type { Deferred, Environment } from '../expr/api.ts';
import { hostLayers } from '../inventory/layers.ts';
import { createScope } from '../vars/scope.ts';
import type { Variables } from '../vars/term.ts';
import type { Answers } from './ask.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { ofHost, ofRun } from './run-variables.ts';

/** The variables of a scope, each evaluated only where it is read. */
export function partsOf(environment: Environment, names: () => readonly string[]): Deferred {
  return {
    kind: 'deferred',
    part: (key) => (typeof key === 'string' ? environment.resolve(key) : undefined),
    keys: names,
    force: () => {
      throw new Error('variables are read one by one');
    },
  };
}

/** Each host's variables as that host's own tasks would see them, and of what hlb says itself what is not of a play. */
export function hostvarsOf(batch: BatchContext, answers: Answers): Deferred {
  const { run, play } = batch.play;
  const one = (name: string): Deferred => {
    const host = run.host(name);
    const layers = ownLayers(batch, host);
    const told = new Map([...ofHost(run, host), ...ofRun(run, play)]);
    const scope = createScope({
      layers,
      // Ansible has no hostvars in there; where it would fail a value does no harm.
      magic: (magicName) => (magicName === 'hostvars' ? hostvarsOf(batch, answers) : told.get(magicName)?.()),
      answer: answers.known,
      now: () => run.options.clock.now(),
      random: run.options.random,
    });
    const names = (): readonly string[] => [
      ...new Set([
        ...layers.flatMap((layer) => [...layer.keys()]),
        ...[...told.keys()].filter((magicName) => told.get(magicName)?.() !== undefined),
      ]),
    ];
    return partsOf(scope, names);
  };
  return {
    kind: 'deferred',
    part: (key) =>
      typeof key === 'string' && (run.inventory.hosts.has(key) || key === 'localhost') ? one(key) : undefined,
    keys: () => [...run.inventory.hosts.keys()],
    force: () => {
      throw new Error('hostvars are read one by one');
    },
  };
}

/** What other hosts see of a host: nothing of the play, its roles or its files of variables, as Ansible has it. */
function ownLayers(batch: BatchContext, host: HostState): readonly Variables[] {
  const { run, play } = batch.play;
  const ofInventory = hostLayers(run.inventory, host.name, play.baseDir);
  return [...ofInventory, host.facts, host.includeVars, host.setFacts, run.options.extraVars];
}
