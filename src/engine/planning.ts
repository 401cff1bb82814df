import type { Change } from '../host/change.ts';
import type { Facts } from '../host/facts.ts';
import { predict } from '../host/predict.ts';
import type { Plan } from '../module/define.ts';
import { type Refusal, refuse } from '../module/plan.ts';
import type { Task } from '../playbook/tree.ts';
import { inBackground } from './background.ts';
import type { Call } from './call.ts';
import { isFalse } from './group.ts';
import { type Knowledge, lacks, problemOf, seenIn } from './observing.ts';

export interface Planned {
  readonly call: Call;
  readonly plan: Extract<Plan, { kind: 'plan' }>;
  /** What the plan was made on. */
  readonly facts: Facts;
}

export interface Drawn {
  readonly planned: readonly Planned[];
  /** The observed facts with every planned change applied. */
  readonly facts: Facts;
  /** The call that ended the list by refusing. */
  readonly refusal?: { readonly call: Call; readonly plan: Refusal; readonly facts: Facts };
}

/**
 * Plans in task order against the observed facts with the earlier plans applied to them (design §5). The list ends where
 * a call needs a fact that is unknown now, refuses, or must be seen through before the next one.
 */
export function drawPlans(calls: readonly Call[], known: Knowledge): Drawn {
  const planned: Planned[] = [];
  let { facts } = known;
  for (const [at, call] of calls.entries()) {
    if (lacks(call, facts)) {
      const problem = problemOf(call, { facts, problems: known.problems });
      if (problem === undefined) break;
      return {
        planned,
        facts,
        refusal: {
          call,
          plan: refuse(problem.message, problem.help === undefined ? {} : { help: problem.help }),
          facts,
        },
      };
    }
    const plan = inBackground(
      call,
      call.task.module.plan(call.params, seenIn(facts), call.inputs, call.context),
      facts,
    );
    if (plan.kind === 'refuse') return { planned, facts, refusal: { call, plan, facts } };
    planned.push({ call, plan, facts });
    facts = afterPlan(facts, call, plan.changes);
    if (endsList(call, plan, calls[at + 1])) break;
  }
  return { planned, facts };
}

/** A command that says `changed_when: false` literally leaves the facts as they are. */
export function isTakenAtItsWord({ changedWhen }: Task): boolean {
  return changedWhen?.every(isFalse) === true;
}

function afterPlan(facts: Facts, call: Call, changes: readonly Change[]): Facts {
  return isTakenAtItsWord(call.task) ? facts : changes.reduce(predict, facts);
}

function endsList(call: Call, plan: Planned['plan'], next: Call | undefined): boolean {
  if (plan.then !== undefined || plan.changes.some((change) => change.kind === 'reboot')) return true;
  // A failed item lets the other items go on but stops the tasks after the loop, which frames alone cannot say.
  return call.item !== undefined && !call.ignoreErrors && plan.changes.length > 0 && next?.index !== call.index;
}
