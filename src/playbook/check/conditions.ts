import type { Expression } from '../../expr/api.ts';
import type { Loading } from '../loading.ts';
import type { Include, Task } from '../tree.ts';
import { infer } from '../../expr/types/infer.ts';
import { type Type, type TypeOfName, typeName } from '../../expr/types/type.ts';

/** Reports conditions that are a value which is always true or always false, such as a whole result. */
export function checkConditions(loading: Loading, entry: Task | Include, ofName: TypeOfName): void {
  for (const condition of entry.keywords.when) checkCondition(loading, condition, ofName);
}

function checkCondition(loading: Loading, condition: Expression, ofName: TypeOfName): void {
  const type = infer(condition, ofName).type;
  const [place, written] = [condition.place(0, condition.text.length), condition.text.trim()];
  if (type.kind === 'mapping' && type.fields.size > 0 && isPath(condition)) {
    loading.report.error(
      'playbook/constant-condition',
      place,
      `"${written}" is ${typeName(type)}, which always counts as true`,
      `Ask for a field of it, such as ${written} is changed`,
    );
    return;
  }
  // Ansible 2.19 fails such a task, earlier ones ask whether it is empty, as hlb does.
  if (mayBeBoolean(type) || isLiteral(condition)) return;
  loading.report.warning(
    'playbook/no-boolean',
    place,
    `"${written}" is ${typeName(type)}, and a condition is true or false`,
    `Write ${isNumber(type) ? `${written} != 0` : `${written} | length > 0`}`,
  );
}

function mayBeBoolean(type: Type): boolean {
  if (type.kind !== 'union') return ['unknown', 'boolean', 'none'].includes(type.kind);
  return type.of.some((one) => one.kind !== 'none' && mayBeBoolean(one));
}

function isNumber(type: Type): boolean {
  if (type.kind === 'union') return type.of.every((one) => one.kind === 'none' || isNumber(one));
  return type.kind === 'integer' || type.kind === 'float';
}

/** Such as 1, of which it is plain what was meant. */
function isLiteral({ syntax }: Expression): boolean {
  const [only] = syntax;
  return only?.kind === 'output' && only.value.kind === 'const';
}

/** A variable, perhaps with fields, and nothing else. */
function isPath({ syntax }: Expression): boolean {
  const [only] = syntax;
  let node = only?.kind === 'output' ? only.value : undefined;
  while (node?.kind === 'attribute' || node?.kind === 'item') node = node.object;
  return node?.kind === 'name';
}
