import type { Facts } from '../host/facts.ts';
import type { Disrupts, Listing, Plan } from '../module/define.ts';
import { manifestArgumentsDisrupt, manifestsDisrupt } from '../module/pod-manifests.ts';
import type { Task } from '../playbook/tree.ts';
import type { Call, Takes } from './call.ts';
import { argumentsIn, type KnownArguments } from './known-arguments.ts';
import { seenIn } from './observing.ts';
import type { Planned } from './planning.ts';
import { onlyReads } from './pretended.ts';

/** What a plan takes away: what its module says, and what the manifests of static pods that it writes stand for. */
export function takesOf({ call, plan, facts }: Planned): Takes {
  const { module, disrupts } = call.task;
  const isOpen = plan.then !== undefined || plan.unknown !== undefined;
  const list = isOpen ? mayList(call.task, argumentsIn(call.params)) : module.lists?.(call.params, seenIn(facts), plan);
  const withList = list === undefined ? {} : { list };
  if (disrupts !== undefined && (isOpen || plan.changes.length > 0)) return { disrupts, ...withList };
  const own = [
    ...(module.disrupts?.(call.params, plan, seenIn(facts), call.context) ?? []),
    ...manifestsDisrupt(plan.changes),
    ...(isOpen ? mostOf(call.task, argumentsIn(call.params)) : []),
  ];
  return { disrupts: own, ...withList };
}

/** Of a plan that is refused now and may not be once the tasks before it are done. */
export function takesOfRefused(call: Call, plan: Plan, facts: Facts): Takes {
  const { module } = call.task;
  const known = argumentsIn(call.params);
  const isSeen = module
    .observe(call.params, seenIn(facts), call.inputs, call.context)
    .every((one) => seenIn(facts).maybe(one) !== undefined);
  const list = (isSeen ? module.lists?.(call.params, seenIn(facts), plan) : undefined) ?? mayList(call.task, known);
  return { disrupts: mostOf(call.task, known), ...(list === undefined ? {} : { list }) };
}

/** The most that a task may take away, where its plan cannot be made. */
export function mostOf({ disrupts, module }: Task, known: KnownArguments): readonly Disrupts[] {
  if (disrupts !== undefined) return disrupts;
  const own = module.mayDisrupt?.(known.params) ?? (module.disrupts === undefined ? [] : (['node'] as const));
  return onlyReads(module) ? own : [...own, ...manifestArgumentsDisrupt(known.texts)];
}

/** The list that a task may load at most. */
export function mayList({ module }: Task, { params }: KnownArguments): Listing | undefined {
  if (module.lists === undefined) return undefined;
  return module.mayList === undefined ? 'unknown' : module.mayList(params);
}
