import { exports } from './apply/script.ts';
import type { Facts, Known } from './facts.ts';
import { keyOf } from './key.ts';
import type { Observation } from './observation.ts';
import { observeAccounts } from './observe/account.ts';
import { observeCommand, observeWait } from './observe/command.ts';
import { observeContainers } from './observe/containers.ts';
import { observeDirectory } from './observe/directory.ts';
import { observeFiles } from './observe/file.ts';
import { observeGlobs } from './observe/glob.ts';
import { observeHaproxy } from './observe/haproxy.ts';
import { observeHttp } from './observe/http.ts';
import {
  observeHostname,
  observeKernelModules,
  observeMounts,
  observePorts,
  observeSwap,
  observeSysctls,
} from './observe/kernel.ts';
import { observePackages } from './observe/package.ts';
import type { Part, Problem } from './observe/part.ts';
import { observeSystem } from './observe/system.ts';
import { observeUnits } from './observe/unit.ts';
import type { Step, StepResult } from './session.ts';

export type { Problem } from './observe/part.ts';

/** What a host answered, by `keyOf` of the question. Each question asked is in exactly one of the three; `identity` comes along. */
export interface Observed {
  readonly facts: Facts;
  /** Questions that could not be answered: a tool is missing, access is denied. The task that asked fails. */
  readonly problems: ReadonlyMap<string, Problem>;
  /** Questions to ask with `observeThrough`, because the host has no tool for them. */
  readonly forward: ReadonlyMap<string, Observation>;
}

export interface CompiledObservations {
  /** For one `Session.run`. Never fatal. */
  readonly steps: readonly Step[];
  /** `results` are those of `steps`, in order. */
  decode(results: readonly StepResult[]): Observed;
}

/**
 * Many questions as few steps: those of one kind share one, and equal ones are asked once. `env` is the task's
 * `environment`. Pure.
 */
export function compileObservations(
  observations: readonly Observation[],
  env: Readonly<Record<string, string>> = {},
): CompiledObservations {
  const distinct = [...new Map(observations.map((observation) => [keyOf(observation), observation])).values()];
  const parts = partsOf(distinct);
  const prefix = exports(env);
  return {
    steps: parts.flatMap((part) => part.steps.map((step) => ({ ...step, script: prefix + step.script }))),
    decode: (results) => {
      const facts = new Map<string, Known>();
      const problems = new Map<string, Problem>();
      const forward = new Map<string, Observation>();
      let at = 0;
      for (const part of parts) {
        const answers = part.decode(results.slice(at, at + part.steps.length));
        at += part.steps.length;
        for (const answer of answers) {
          const key = keyOf(answer.observation);
          if ('fact' in answer) facts.set(key, { observation: answer.observation, fact: answer.fact });
          else if ('problem' in answer) problems.set(key, answer.problem);
          else forward.set(key, answer.observation);
        }
      }
      return { facts, problems, forward };
    },
  };
}

function ofKind<K extends Observation['kind']>(
  observations: readonly Observation[],
  kind: K,
): readonly Extract<Observation, { kind: K }>[] {
  const isOfKind = (one: Observation): one is Extract<Observation, { kind: K }> => one.kind === kind;
  return observations.filter(isOfKind);
}

function partsOf(observations: readonly Observation[]): readonly Part[] {
  const of = <K extends Observation['kind']>(kind: K): readonly Extract<Observation, { kind: K }>[] =>
    ofKind(observations, kind);
  return [
    ...observeFiles(of('file'), of('identity')),
    ...observeGlobs(of('glob')),
    ...of('directory').map(observeDirectory),
    ...observeAccounts(of('user'), of('group')),
    ...of('mounts').map(observeMounts),
    ...of('swap').map(observeSwap),
    ...observeSysctls(of('sysctl')),
    ...observeKernelModules(of('kernel-module')),
    ...of('hostname').map(observeHostname),
    ...observePorts(of('port')),
    ...observeUnits(of('unit')),
    ...observePackages(of('package')),
    ...of('containers').map(observeContainers),
    ...of('haproxy').map(observeHaproxy),
    ...of('http').map(observeHttp),
    ...of('command').map(observeCommand),
    ...of('wait').map(observeWait),
    ...of('system').map(observeSystem),
  ];
}
