import type { Include } from '../tree.ts';
import { reachOf, valuesOf } from './reach.ts';
import { literalTargets, type Target } from './targets.ts';
import type { View } from './world.ts';

/** The same, or what the variables of the inventory and of the playbook say for each host of the play. */
export function targetsOf(view: View, include: Include): readonly Target[] | undefined {
  const literal = literalTargets(include);
  if (literal !== undefined || include.target.kind !== 'template' || include.loop !== undefined) return literal;
  if (reachOf(view, include, undefined) === 'never') return undefined;
  const { template } = include.target;
  const values = valuesOf(view, include, template);
  const names = values?.flatMap((value) => (typeof value === 'string' ? [value] : []));
  if (names === undefined || names.length === 0 || names.length !== values?.length) return undefined;
  return [...new Set(names)].map((name) => ({ name, chosenBy: template }));
}
