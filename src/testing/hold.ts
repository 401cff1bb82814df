import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Came, Case } from './case.ts';
import { isPart } from './facts.ts';

/** Throws, with what was expected and what came, unless a case came out as it says. */
export function hold(came: Came, one: Case): void {
  if (one.invalid !== undefined) {
    contains(came.invalid, one.invalid, 'what is wrong with the parameters');
    return;
  }
  deepStrictEqual(came.invalid, undefined, `The parameters are refused: ${came.invalid}`);
  if (one.refuse !== undefined) {
    contains(came.plan?.kind === 'refuse' ? came.plan.reason : undefined, one.refuse, 'the reason of the refusal');
    return;
  }
  if (came.plan?.kind !== 'plan') {
    throw new Error(`Expected a plan, and the module refused: ${came.plan?.reason ?? 'nothing was planned'}`);
  }
  deepStrictEqual(came.changes, one.changes);
  ok((came.rounds ?? 0) <= one.rounds, `Expected ${one.rounds} rounds of observation at most, found ${came.rounds}`);
  if (one.changes.length === 0 && one.effects === undefined && one.later.length === 0) {
    ok(one.why, 'A case without changes says why');
    ok(came.plan.why ?? came.plan.unknown, 'A plan without changes says why');
  }
  if (one.effects !== undefined) deepStrictEqual(came.plan.effects, one.effects);
  if (one.unknown !== undefined) contains(came.plan.unknown, one.unknown, 'why it is unknown');
  if (one.skip !== undefined) deepStrictEqual(came.plan.skip ?? false, one.skip);
  if (one.disrupts !== undefined) deepStrictEqual(came.disrupts, one.disrupts);
  for (const [at, expected] of one.later.entries()) {
    const later = came.later?.[at];
    if (expected.refuse === undefined) deepStrictEqual(later?.changes, expected.changes);
    else contains(later?.plan.kind === 'refuse' ? later.plan.reason : undefined, expected.refuse, 'the later refusal');
  }
  // Where fields are missing or differ, the whole of both is shown.
  if (one.result !== undefined && !isPart(one.result, came.result)) deepStrictEqual(came.result, one.result);
}

function contains(text: string | undefined, part: string, what: string): void {
  ok(text?.includes(part), `Expected ${what} to contain "${part}", found ${JSON.stringify(text)}`);
}
