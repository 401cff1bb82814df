import type { Expression } from '../../expr/api.ts';
import type { Loading } from '../loading.ts';
import type { Include, Task } from '../tree.ts';
import { pathOf, type TypeOfName } from './pipeline.ts';
import { typeName } from './type.ts';
import { followPath } from './type-path.ts';

/** Reports conditions that are a value which is always true or always false, such as a whole result. */
export function checkConditions(loading: Loading, entry: Task | Include, ofName: TypeOfName): void {
  for (const condition of entry.keywords.when) checkCondition(loading, condition, ofName);
}

function checkCondition(loading: Loading, condition: Expression, ofName: TypeOfName): void {
  const path = pathOf(condition.text);
  const [name, ...rest] = path ?? [];
  if (name === undefined) return;
  const found = followPath(ofName(name), rest);
  if (!found.ok || found.type.kind !== 'mapping' || found.type.fields.size === 0) return;
  loading.report.error(
    'playbook/constant-condition',
    condition.place(0, condition.text.length),
    `"${condition.text.trim()}" is ${typeName(found.type)}, which always counts as true`,
    `Ask for a field of it, such as ${condition.text.trim()} is changed`,
  );
}
