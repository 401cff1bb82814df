import type { Value } from '../../core/value.ts';
import type { Environment, ExprError, FreeNames, Place } from '../api.ts';
import { build } from '../build/expression.ts';
import { evaluateExpression } from '../evaluate.ts';
import { filters } from '../filters/registry.ts';
import type { Expr } from '../syntax/ast.ts';
import { tests } from '../tests/registry.ts';

/** What an expression without variables comes to. */
export type Constant =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'failed'; readonly error: ExprError }
  | { readonly kind: 'open' };

const nothing: Environment = {
  resolve: () => undefined,
  names: () => [],
  answer: () => undefined,
  now: () => 0,
  random: () => 0,
};
const noNames: FreeNames = { variables: [], computed: false, lookups: false };
const known = new WeakMap<Expr, Constant>();

/** Evaluates an expression that `mayBeConstant`, and so do all its parts. */
export function constantOf(node: Expr, place: Place): Constant {
  const before = known.get(node);
  if (before !== undefined) return before;
  const at =
    ({ from, to }: { readonly from: number; readonly to: number }) =>
    () =>
      place(from, to);
  const body = build(node, { assigned: new Set(), at });
  const outcome = evaluateExpression(
    { kind: 'expression', text: '', place, body, names: noNames, syntax: [] },
    nothing,
  );
  const constant: Constant =
    outcome.kind === 'needs' || (outcome.kind === 'failed' && isOpen(outcome.error)) ? { kind: 'open' } : outcome;
  known.set(node, constant);
  return constant;
}

/** An undefined value may yet get a default, and what is too big here may be meant so. */
function isOpen({ reason }: ExprError): boolean {
  return ['undefined', 'unknown', 'fuel', 'lookup', 'omit'].includes(reason);
}

/** Each of these takes long, is another each time, or fails on purpose. */
const unlike = new Set(['password_hash', 'random', 'shuffle', 'mandatory', 'fail']);

const computing = new Set<Expr['kind']>([
  'const',
  'list',
  'tuple',
  'dict',
  'unary',
  'binary',
  'comparison',
  'concat',
  'item',
  'slice',
]);

/** Whether an expression is constant where its parts are. */
export function mayBeConstant(node: Expr): boolean {
  if (node.kind === 'test') return tests.get(node.name)?.asksController !== true;
  if (node.kind !== 'filter') return computing.has(node.kind);
  const name = node.name.slice(node.name.lastIndexOf('.') + 1);
  return node.input !== undefined && !unlike.has(name) && filters.get(node.name)?.asksController === false;
}
