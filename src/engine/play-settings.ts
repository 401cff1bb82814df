import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { toJson } from '../core/value.ts';
import { OMIT } from '../expr/api.ts';
import { orders, type Play, strategies } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { PlayEvaluator, PlaySettings } from './context.ts';
import { refused } from './results.ts';

export async function playSettings(
  { gatherFacts, forceHandlers, order, strategy }: Pick<Play, 'gatherFacts' | 'forceHandlers' | 'order' | 'strategy'>,
  evaluate: PlayEvaluator,
): Promise<Result<PlaySettings, Failure>> {
  const gathers = await flag(gatherFacts, 'gather_facts', true, evaluate);
  if (!gathers.ok) return gathers;
  const forces = await flag(forceHandlers, 'force_handlers', false, evaluate);
  if (!forces.ok) return forces;
  const ordered = await word(order, 'order', orders, 'inventory', evaluate);
  if (!ordered.ok) return ordered;
  const how = await word(strategy, 'strategy', strategies, 'linear', evaluate);
  if (!how.ok) return how;
  return ok({ gatherFacts: gathers.value, forceHandlers: forces.value, order: ordered.value, strategy: how.value });
}

async function word<const Word extends string>(
  term: Term | undefined,
  name: string,
  known: readonly Word[],
  otherwise: Word,
  evaluate: PlayEvaluator,
): Promise<Result<Word, Failure>> {
  if (term === undefined) return ok(otherwise);
  const outcome = await evaluate(term);
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  if (value === OMIT || value === null) return ok(otherwise);
  const found = known.find((one) => value === one || value === `ansible.builtin.${one}`);
  if (found !== undefined) return ok(found);
  const message = `Expected "${name}" to be one of ${known.join(', ')}, found ${JSON.stringify(toJson(value))}`;
  return err(refused(message, term.at));
}

const words = new Map([
  ...['true', 'yes', 'on', 'y', 't', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', 'n', 'f', '0'].map((word) => [word, false] as const),
]);

/** A template may come as text, such as "no"; nothing leaves it as it is. What is no boolean is refused, as by Ansible. */
async function flag(
  term: Term | undefined,
  name: string,
  otherwise: boolean,
  evaluate: PlayEvaluator,
): Promise<Result<boolean, Failure>> {
  if (term === undefined) return ok(otherwise);
  const outcome = await evaluate(term);
  if (!outcome.ok) return outcome;
  const { value } = outcome;
  if (value === OMIT || value === null) return ok(otherwise);
  const known = typeof value === 'object' ? undefined : words.get(String(value).trim().toLowerCase());
  if (known !== undefined) return ok(known);
  return err(refused(`Expected "${name}" to be true or false, found ${JSON.stringify(toJson(value))}`, term.at));
}
