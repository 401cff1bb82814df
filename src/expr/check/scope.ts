import type { Body } from '../syntax/ast.ts';
import { expressionsIn, partsOfStatement } from './walk.ts';

/** Every name that any tag of the body sets. */
export function assignedIn(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (inner: Body): void => {
    for (const statement of inner) {
      const { sets, bodies } = partsOfStatement(statement);
      for (const name of sets) names.add(name);
      bodies.forEach(visit);
    }
  };
  visit(body);
  return names;
}

/** Every name that the body reads. */
export function namesIn(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expression of expressionsIn(body)) if (expression.kind === 'name') names.add(expression.name);
  return names;
}
