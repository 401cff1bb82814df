import type { BinaryOperator } from '../syntax/ast.ts';
import type { Known } from './force.ts';
import type { Moment, Span, Val } from './value.ts';

/** Sums and differences of datetimes and timedeltas; none where the operands are neither. */
export function momentArithmetic(operator: BinaryOperator, a: Known, b: Known): Val | undefined {
  const left = timed(a);
  const right = timed(b);
  if (left === undefined || right === undefined || (operator !== '+' && operator !== '-')) return undefined;
  if (left.kind === 'moment' && right.kind === 'moment')
    return operator === '-' ? { kind: 'span', micros: microsOf(left) - microsOf(right) } : undefined;
  if (left.kind === 'span' && right.kind === 'span')
    return { kind: 'span', micros: operator === '+' ? left.micros + right.micros : left.micros - right.micros };
  if (left.kind === 'moment' && right.kind === 'span')
    return momentAt(operator === '+' ? microsOf(left) + right.micros : microsOf(left) - right.micros);
  if (left.kind === 'span' && right.kind === 'moment' && operator === '+')
    return momentAt(left.micros + microsOf(right));
  return undefined;
}

function timed(value: Known): Moment | Span | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  return value.kind === 'moment' || value.kind === 'span' ? value : undefined;
}

function microsOf(moment: Moment): bigint {
  return BigInt(moment.ms) * 1000n + BigInt(moment.micros);
}

function momentAt(micros: bigint): Moment {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  return { kind: 'moment', ms: Number((micros - rest) / 1000n), micros: Number(rest) };
}
