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

const changing = new Set('append clear extend insert pop popitem remove reverse setdefault sort update'.split(' '));

/** Names of which some part may be changed in place, as by `list.append(…)`: what is known of their values no longer holds. */
export function changedIn(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of expressionsIn(body)) {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute' || !changing.has(node.callee.name)) continue;
    let object = node.callee.object;
    while (object.kind === 'attribute' || object.kind === 'item') object = object.object;
    if (object.kind === 'name') names.add(object.name);
  }
  return names;
}

/** Every name that the body reads. */
export function namesIn(body: Body): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expression of expressionsIn(body)) if (expression.kind === 'name') names.add(expression.name);
  return names;
}
