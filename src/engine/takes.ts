import type { Disrupts } from '../module/define.ts';
import { manifestArgumentsDisrupt, manifestsDisrupt } from '../module/pod-manifests.ts';
import type { Task } from '../playbook/tree.ts';
import type { Takes } from './call.ts';
import { argumentsIn, type KnownArguments } from './known-arguments.ts';
import { seenIn } from './observing.ts';
import type { Planned } from './planning.ts';
import { onlyReads } from './pretended.ts';

/** What a plan takes away: what its module says, and what the manifests of static pods that it writes stand for. */
export function takesOf({ call, plan, facts }: Planned): Takes {
  const { module, disrupts } = call.task;
  const lists = module.lists?.(call.params, seenIn(facts));
  const withLists = lists === undefined ? {} : { lists };
  const changes = plan.changes.length > 0 || plan.unknown !== undefined;
  if (disrupts !== undefined && changes) return { disrupts, ...withLists };
  const isOpen = plan.then !== undefined || plan.unknown !== undefined;
  const own = [
    ...(module.disrupts?.(call.params, plan) ?? []),
    ...manifestsDisrupt(plan.changes),
    ...(isOpen && !onlyReads(module) ? manifestArgumentsDisrupt(argumentsIn(call.params).texts) : []),
  ];
  return { disrupts: own, ...withLists };
}

/** The most that a task may take away, where its plan cannot be made. */
export function mostOf({ disrupts, module }: Task, known: KnownArguments): readonly Disrupts[] {
  if (disrupts !== undefined) return disrupts;
  const own = module.mayDisrupt?.(known.params) ?? (module.disrupts === undefined ? [] : (['node'] as const));
  return onlyReads(module) ? own : [...own, ...manifestArgumentsDisrupt(known.texts)];
}
