import { unreachable } from '../../core/result.ts';
import { didYouMean } from '../../core/suggest.ts';
import { attribute, item, undefinedBecause } from '../runtime/access.ts';
import { binary, signed } from '../runtime/arithmetic.ts';
import { compareNumbers, contains, equal, isTruthy, order } from '../runtime/compare.ts';
import { dictOf } from '../runtime/dict.ts';
import { known } from '../runtime/force.ts';
import { slice } from '../runtime/slice.ts';
import { toText } from '../runtime/text.ts';
import { isNumber, or, tuple, type Undefined, type Val } from '../runtime/value.ts';
import type { CompareOperator, Comparison, Conditional, Expr, Name } from '../syntax/ast.ts';
import { buildCall, buildFilter, buildTest } from './call.ts';
import { type Eval, type Frame, guarded, type Scope } from './frame.ts';

/** Turns an expression into a function that computes it. */
export function build(node: Expr, scope: Scope): Eval {
  const sub = (one: Expr): Eval => build(one, scope);
  switch (node.kind) {
    case 'const': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return buildName(node, scope);
    case 'list': {
      const items = node.items.map(sub);
      return (frame) => items.map((one) => one(frame));
    }
    case 'tuple': {
      const items = node.items.map(sub);
      return (frame) => tuple(items.map((one) => one(frame)));
    }
    case 'dict': {
      const entries = node.entries.map(({ key, value }) => [sub(key), sub(value)] as const);
      const at = scope.at(node);
      return guarded(at, (frame) => dictOf(entries.map(([key, value]) => [known(key(frame)), value(frame)])));
    }
    case 'attribute': {
      const object = sub(node.object);
      const at = scope.at(node);
      return guarded(at, (frame) => attribute(object(frame), node.name, at));
    }
    case 'item': {
      const object = sub(node.object);
      const key = sub(node.key);
      const at = scope.at(node);
      return guarded(at, (frame) => item(object(frame), key(frame), at));
    }
    case 'slice': {
      const parts = [node.object, node.start, node.stop, node.step].map((part) => (part ? sub(part) : () => null));
      return guarded(scope.at(node), (frame) => {
        const [value = null, start = null, stop = null, step = null] = parts.map((part) => part(frame));
        return slice(value, start, stop, step, frame.rt);
      });
    }
    case 'unary': {
      const operand = sub(node.operand);
      const { operator } = node;
      if (operator === 'not') return (frame) => !isTruthy(operand(frame));
      return guarded(scope.at(node), (frame) => signed(operator, operand(frame)));
    }
    case 'binary': {
      const left = sub(node.left);
      const right = sub(node.right);
      return guarded(scope.at(node), (frame) => binary(node.operator, left(frame), right(frame), frame.rt));
    }
    case 'logical': {
      const left = sub(node.left);
      const right = sub(node.right);
      const stopsAt = node.operator === 'or';
      return (frame) => {
        const first = left(frame);
        return isTruthy(first) === stopsAt ? first : right(frame);
      };
    }
    case 'comparison':
      return buildComparison(node, scope);
    case 'concat': {
      const parts = node.parts.map(sub);
      return guarded(scope.at(node), (frame) => {
        const values = parts.map((part) => part(frame));
        const text = values.map(toText).join('');
        frame.rt.reserve(text.length);
        return text;
      });
    }
    case 'conditional':
      return buildConditional(node, scope);
    case 'call':
      return buildCall(node, scope, build);
    case 'filter':
      return buildFilter(node, scope, build, undefined);
    case 'test':
      return buildTest(node, scope, build);
    default:
      return unreachable(node);
  }
}

function buildName({ name, ...span }: Name, scope: Scope): Eval {
  const at = scope.at(span);
  if (!scope.assigned.has(name)) return (frame) => or(frame.free(name), () => unknownName(name, frame, at));
  return (frame) => {
    for (let one: Frame | undefined = frame; one !== undefined; one = one.parent) {
      const value = one.vars.get(name);
      if (value !== undefined) return value;
    }
    return or(frame.free(name), () => unknownName(name, frame, at));
  };
}

function unknownName(name: string, { engine }: Frame, at: ReturnType<Scope['at']>): Undefined {
  return undefinedBecause(
    () => `"${name}" is not defined`,
    () => didYouMean(name, engine.names()),
    at,
    name,
  );
}

function buildComparison(node: Comparison, scope: Scope): Eval {
  const first = build(node.first, scope);
  const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: build(operand, scope) }));
  const at = scope.at(node);
  const [only] = rest;
  if (rest.length === 1 && only !== undefined)
    return guarded(at, (frame) => compare(only.operator, first(frame), only.operand(frame)));
  return guarded(at, (frame) => {
    let left = first(frame);
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      if (!compare(operator, left, right)) return false;
      left = right;
    }
    return true;
  });
}

export function compare(operator: CompareOperator, left: Val, right: Val): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(
        operator,
        isNumber(left) && isNumber(right) ? compareNumbers(left, right) : order(left, right, operator),
      );
    default:
      return unreachable(operator);
  }
}

/** No order holds for a NaN. */
function ordered(operator: '<' | '<=' | '>' | '>=', sign: number): boolean {
  switch (operator) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    default:
      return unreachable(operator);
  }
}

function buildConditional(node: Conditional, scope: Scope): Eval {
  const condition = build(node.condition, scope);
  const chosen = build(node.chosen, scope);
  const otherwise = node.otherwise && build(node.otherwise, scope);
  const at = scope.at(node);
  return (frame) => {
    if (isTruthy(condition(frame))) return chosen(frame);
    if (otherwise !== undefined) return otherwise(frame);
    const message = 'The condition is false and there is no "else"';
    return { kind: 'undefined', silent: true, describe: () => ({ message, at: at(), help: 'Add an "else"' }) };
  };
}
