import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { toJson, type Value } from '../core/value.ts';
import { truthOf } from '../core/truth.ts';
import { OMIT } from '../expr/api.ts';
import { orders, type Play, strategies } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { PlayEvaluator, PlaySettings } from './context.ts';
import { refused } from './results.ts';

export async function playSettings(play: Play, evaluate: PlayEvaluator): Promise<Result<PlaySettings, Failure>> {
  const gathers = await setting(play.gatherFacts, 'gather_facts', truth, true, evaluate);
  if (!gathers.ok) return gathers;
  const forces = await setting(play.forceHandlers, 'force_handlers', truth, false, evaluate);
  if (!forces.ok) return forces;
  const order = await setting(play.order, 'order', oneOf(orders), 'inventory', evaluate);
  if (!order.ok) return order;
  const strategy = await setting(play.strategy, 'strategy', oneOf(strategies), 'linear', evaluate);
  if (!strategy.ok) return strategy;
  return ok({
    gatherFacts: gathers.value,
    forceHandlers: forces.value,
    order: order.value,
    strategy: strategy.value,
  });
}

/** What a setting may be, and what a value says; undefined where it is none of that. */
interface Kind<T> {
  readonly expected: string;
  readonly read: (value: Value) => T | undefined;
}

/** A template may come as text, such as "no". */
const truth: Kind<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'object' ? undefined : truthOf(String(value))),
};

function oneOf<const Word extends string>(known: readonly Word[]): Kind<Word> {
  return {
    expected: `one of ${known.join(', ')}`,
    read: (value) => known.find((word) => value === word || value === `ansible.builtin.${word}`),
  };
}

/** Nothing and omit leave it as it is. What is neither is refused, as by Ansible. */
async function setting<T>(
  term: Term | undefined,
  name: string,
  { expected, read }: Kind<T>,
  otherwise: T,
  evaluate: PlayEvaluator,
): Promise<Result<T, Failure>> {
  if (term === undefined) return ok(otherwise);
  const outcome = await evaluate(term);
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  if (value === OMIT || value === null) return ok(otherwise);
  const known = read(value);
  if (known !== undefined) return ok(known);
  return err(refused(`Expected "${name}" to be ${expected}, found ${JSON.stringify(toJson(value))}`, term.at));
}
