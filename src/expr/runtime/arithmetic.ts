import { unreachable } from '../../core/result.ts';
import type { BinaryOperator } from '../syntax/ast.ts';
import { fail } from './failure.ts';
import { type Known, known } from './force.ts';
import { checkBits } from './limits.ts';
import { momentArithmetic } from './moment-arithmetic.ts';
import { bitsOf, floatFloorDivide, floatModulo, floorDivide, modulo, power, toFloat } from './numbers.ts';
import { percentFormat } from './percent-format.ts';
import { typeName } from './type-name.ts';
import { isList, isNumber, type Runtime, Tuple, tuple, type Val } from './value.ts';

/** Python's arithmetic operators. */
export function binary(operator: BinaryOperator, a: Val, b: Val, rt: Runtime): Val {
  const left = known(a);
  const right = known(b);
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(operator, left, right);
  if (isNumber(left) && isNumber(right)) {
    if (typeof left === 'number' || typeof right === 'number') return floats(operator, toFloat(left), toFloat(right));
    return integers(operator, BigInt(left), BigInt(right));
  }
  if (operator === '+') return add(left, right, rt);
  if (operator === '%' && typeof left === 'string') return percentFormat(left, right, rt);
  if (operator === '*') {
    if (typeof left === 'string' || isList(left)) return repeat(left, right, rt);
    if (typeof right === 'string' || isList(right)) return repeat(right, left, rt);
  }
  return momentArithmetic(operator, left, right) ?? unsupported(operator, left, right);
}

function add(left: Known, right: Known, rt: Runtime): Val {
  if (typeof left === 'string' && typeof right === 'string') {
    rt.reserve(left.length + right.length);
    return left + right;
  }
  if (isList(left) && isList(right) && left instanceof Tuple === right instanceof Tuple) {
    rt.reserve(left.length + right.length);
    return left instanceof Tuple ? tuple([...left, ...right]) : [...left, ...right];
  }
  return momentArithmetic('+', left, right) ?? unsupported('+', left, right);
}

function repeat(what: string | readonly Val[], times: Known, rt: Runtime): Val {
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return unsupported('*', what, times);
  const count = Math.max(0, Number(times));
  rt.reserve(what.length * count);
  if (typeof what === 'string') return what.repeat(count);
  const items = Array.from({ length: count }, () => what).flat();
  return what instanceof Tuple ? tuple(items) : items;
}

function unsupported(operator: string, left: Val, right: Val): never {
  const mixed = typeof left === 'string' ? right : typeof right === 'string' ? left : undefined;
  const help =
    operator === '+' && mixed !== undefined
      ? 'Join with "~", which turns both into text'
      : operator === '+' && (isList(left) || isList(right))
        ? 'Put the single value into a list, as in [x]'
        : undefined;
  return fail('type', `"${operator}" is not supported between ${typeName(left)} and ${typeName(right)}`, help);
}

function integers(operator: BinaryOperator, a: bigint, b: bigint): Val {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      if (a > 0xffffffffn || b > 0xffffffffn) checkBits(bitsOf(a) + bitsOf(b));
      return a * b;
    case '/':
      if (b === 0n) return divisionByZero();
      return divide(a, b);
    case '//':
      if (b === 0n) return divisionByZero();
      return floorDivide(a, b);
    case '%':
      if (b === 0n) return divisionByZero();
      return modulo(a, b);
    case '**':
      return power(a, b);
    default:
      return unreachable(operator);
  }
}

/** The float nearest to the quotient, however big both are. */
function divide(a: bigint, b: bigint): number {
  const [left, right] = [Number(a), Number(b)];
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left / right;
  const negative = a < 0n !== b < 0n;
  const [above, below] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const shift = bitsOf(below) - bitsOf(above) + 70;
  const scaled = shift >= 0 ? above << BigInt(shift) : above;
  const divisor = shift >= 0 ? below : below << BigInt(-shift);
  const quotient = scaled / divisor;
  const sticky = scaled % divisor === 0n ? quotient : quotient | 1n;
  const half = Math.trunc(shift / 2);
  const size = Number(sticky) / 2 ** half / 2 ** (shift - half);
  if (!Number.isFinite(size)) return fail('value', 'The quotient is too big for a float');
  return negative ? -size : size;
}

function floats(operator: BinaryOperator, a: number, b: number): Val {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? divisionByZero() : a / b;
    case '//':
      return b === 0 ? divisionByZero() : floatFloorDivide(a, b);
    case '%':
      return b === 0 ? divisionByZero() : floatModulo(a, b);
    case '**':
      if (a === 0 && b < 0) return divisionByZero();
      if (a < 0 && !Number.isInteger(b)) return fail('value', 'A root of a negative number is not a number');
      return b === 0 || a === 1 ? 1 : a ** b;
    default:
      return unreachable(operator);
  }
}

function divisionByZero(): never {
  return fail('value', 'Division by zero');
}

/** Unary `-` and `+`. */
export function signed(operator: '-' | '+', given: Val): Val {
  const value = known(given);
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'span')
    return operator === '-' ? { kind: 'span', micros: -value.micros } : value;
  if (!isNumber(value)) return fail('type', `"${operator}" needs a number, not ${typeName(value)}`);
  const number = typeof value === 'boolean' ? BigInt(value) : value;
  return operator === '-' ? -number : number;
}
