import { didYouMean } from '../../core/suggest.ts';
import { isTruthy } from '../runtime/compare.ts';
import { EvaluationError, fail, NeedsAnswer } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { bindValues } from '../runtime/signature.ts';
import { isPending, isSpecial, type List, type Named, PENDING, type Runtime, type Val } from '../runtime/value.ts';
import { lookups } from './registry.ts';

/** `lookup(name, …)`: one item alone, several texts joined with commas, else the list; `wantlist` gives it always. */
export function runLookup(name: string, terms: List, named: Named, rt: Runtime): Val {
  const definition = lookups.get(name);
  if (definition === undefined) return fail('lookup', `Unknown lookup "${name}"`, didYouMean(name, lookups.names));
  const missing = [...terms, ...named.values()].find((one) => isSpecial(one) && one.kind === 'undefined');
  if (missing !== undefined) return missing;
  const wantList = isTruthy(named.get('wantlist') ?? false);
  const errors = known(named.get('errors') ?? 'strict');
  const lenient = errors === 'ignore' || errors === 'warn';
  const options = new Map([...named].filter(([key]) => key !== 'wantlist' && key !== 'errors'));
  const what = `lookup "${name}"`;
  const bound = bindValues(definition.params, [], options, what);
  const byName = new Map<Val, Val>(definition.params.map((param, at) => [param.name, bound[at] ?? null]));
  try {
    const found = definition.run(terms, byName, rt);
    return isPending(found) ? PENDING : shaped(found, wantList);
  } catch (error) {
    if (error instanceof NeedsAnswer) return PENDING;
    if (lenient && error instanceof EvaluationError && !['fuel', 'unknown'].includes(error.reason))
      return wantList ? [] : null;
    throw error;
  }
}

function shaped(found: List, wantList: boolean): Val {
  if (wantList) return found;
  const [only] = found;
  if (only === undefined) return [];
  if (found.length === 1) return only;
  const texts = found.filter((item) => typeof item === 'string');
  return texts.length === found.length ? texts.join(',') : found;
}
