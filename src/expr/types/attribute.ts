import type { Arguments, Expr } from '../syntax/ast.ts';

/** A constant key of `object[key]` as it stands in a path: a text, or a whole number. */
export function indexText(key: Expr): string | undefined {
  if (key.kind === 'unary' && key.operator === '-') {
    const index = indexText(key.operand);
    return index !== undefined &&
      /^\d+$/.test(index) &&
      key.operand.kind === 'const' &&
      typeof key.operand.value === 'bigint'
      ? `-${index}`
      : undefined;
  }
  if (key.kind !== 'const') return undefined;
  return typeof key.value === 'string' || typeof key.value === 'bigint' ? String(key.value) : undefined;
}

const byFirst = new Set(['selectattr', 'rejectattr', 'groupby']);
const byName = new Set(['map', 'sort', 'sum', 'unique', 'min', 'max']);

/** Whether a filter may be given an attribute as a text. */
export function namesAttribute(filter: string): boolean {
  return byFirst.has(filter) || byName.has(filter);
}

/** The attribute that a filter is given as a text, with its place; not one of which it asks whether it is there. */
export function attributeOfFilter(
  filter: string,
  { positional, named }: Arguments,
): { readonly value: string; readonly from: number; readonly to: number } | undefined {
  if (named.some(({ name }) => name === 'default')) return undefined;
  const [, test] = positional;
  if (test?.kind === 'const' && (test.value === 'defined' || test.value === 'undefined')) return undefined;
  const node = byFirst.has(filter)
    ? positional[0]
    : byName.has(filter)
      ? named.find(({ name }) => name === 'attribute')?.value
      : undefined;
  if (node?.kind !== 'const' || typeof node.value !== 'string' || !/^[\w.]+$/.test(node.value)) return undefined;
  // Inside of its quotes.
  return { value: node.value, from: node.from + 1, to: node.to - 1 };
}
