import type { BinaryOperator, CompareOperator } from '../syntax/ast.ts';
import { boolean, elementOf, float, integer, listOf, type Type, text, typeName, unionOf, unknown } from './type.ts';

/** The type of `left operator right`; `undefined` where Python refuses every value of these types. */
export function typeOfBinary(operator: BinaryOperator, left: Type, right: Type): Type | undefined {
  return pairwise(left, right, (a, b) => arithmetic(operator, a, b));
}

/** Whether Python refuses to compare every value of these types. */
export function refusesCompare(operator: CompareOperator, left: Type, right: Type): boolean {
  if (operator === '==' || operator === '!=') return false;
  return pairwise(left, right, (a, b) => (compares(operator, a, b) ? boolean : undefined)) === undefined;
}

/** The type of `-x` and `+x`; `undefined` where there is none. */
export function typeOfSigned(operand: Type): Type | undefined {
  return pairwise(integer, operand, (one, two) => arithmetic('-', one, two));
}

/** What helps where an operator stands between types that it cannot join. */
export function helpFor(operator: BinaryOperator | CompareOperator, left: Type, right: Type): string | undefined {
  const kinds = [left.kind, right.kind];
  if (operator === '+' && kinds.includes('list')) return 'Put the single value into a list, as in [x]';
  if (operator === '+' && kinds.includes('text')) return 'Join with "~", which turns both into text';
  if (operator === '+' && left.kind === 'mapping' && right.kind === 'mapping') return 'Merge them with "| combine(…)"';
  if (kinds.includes('text') && kinds.some(isNumber)) return 'Turn the text into a number with "| int"';
  return undefined;
}

/** `"+" is not supported between text and a whole number`. */
export function refusal(operator: string, left: Type, right: Type): string {
  return `"${operator}" is not supported between ${typeName(left)} and ${typeName(right)}`;
}

function pairwise(left: Type, right: Type, rule: (left: Type, right: Type) => Type | undefined): Type | undefined {
  const lefts = left.kind === 'union' ? left.of : [left];
  const rights = right.kind === 'union' ? right.of : [right];
  const found = lefts.flatMap((a) => rights.flatMap((b) => rule(a, b) ?? []));
  return found.length === 0 ? undefined : unionOf(found);
}

function arithmetic(operator: BinaryOperator, left: Type, right: Type): Type | undefined {
  const { kind: a } = left;
  const { kind: b } = right;
  if (operator === '%' && a === 'text') return text;
  if (a === 'unknown' || b === 'unknown') return unknown;
  if (isNumber(a) && isNumber(b))
    return operator === '/' || a === 'float' || b === 'float' ? float : numberOf(operator);
  if (operator === '+' && a === 'text' && b === 'text') return text;
  if (operator === '+' && a === 'list' && b === 'list') return listOf(unionOf([elementOf(left), elementOf(right)]));
  if (operator === '*' && isWhole(b) && (a === 'text' || a === 'list')) return repeated(left);
  if (operator === '*' && isWhole(a) && (b === 'text' || b === 'list')) return repeated(right);
  return undefined;
}

/** A power of whole numbers may be a fraction. */
function numberOf(operator: BinaryOperator): Type {
  return operator === '**' ? unknown : integer;
}

function repeated(type: Type): Type {
  return type.kind === 'list' ? listOf(type.item) : type;
}

function compares(operator: CompareOperator, left: Type, right: Type): boolean {
  const { kind: a } = left;
  const { kind: b } = right;
  if (operator === 'in' || operator === 'not in') {
    if (b === 'text') return a === 'text' || a === 'unknown';
    return !isNumber(b) && b !== 'none';
  }
  if (a === 'unknown' || b === 'unknown') return true;
  if (isNumber(a)) return isNumber(b);
  return a === b && (a === 'text' || a === 'list');
}

function isNumber(kind: Type['kind']): boolean {
  return isWhole(kind) || kind === 'float';
}

function isWhole(kind: Type['kind']): boolean {
  return kind === 'integer' || kind === 'boolean';
}
