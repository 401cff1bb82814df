import { unreachable } from '../../core/result.ts';
import type { Arguments, Body, Expr, Statement, Target } from '../syntax/ast.ts';

/** The expressions right inside an expression, in the order in which they are written. */
export function partsOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'const':
    case 'name':
      return [];
    case 'list':
    case 'tuple':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'attribute':
      return [node.object];
    case 'item':
      return [node.object, node.key];
    case 'slice':
      return [node.object, node.start, node.stop, node.step].filter((part) => part !== undefined);
    case 'call':
      return [node.callee, ...argumentsOf(node.args)];
    case 'filter':
      return [...(node.input ? [node.input] : []), ...argumentsOf(node.args)];
    case 'test':
      return [node.input, ...argumentsOf(node.args)];
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'comparison':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'concat':
      return node.parts;
    case 'conditional':
      return [node.condition, node.chosen, ...(node.otherwise ? [node.otherwise] : [])];
    default:
      return unreachable(node);
  }
}

export function argumentsOf(args: Arguments): readonly Expr[] {
  const { positional, named, spread, spreadNamed } = args;
  return [
    ...positional,
    ...named.map(({ value }) => value),
    ...(spread ? [spread] : []),
    ...(spreadNamed ? [spreadNamed] : []),
  ];
}

/** What stands right inside a statement. */
export interface Parts {
  readonly expressions: readonly Expr[];
  readonly bodies: readonly Body[];
  /** Names that it sets, in any scope. */
  readonly sets: readonly string[];
}

export function partsOfStatement(node: Statement): Parts {
  const parts = (expressions: readonly Expr[], bodies: readonly Body[] = [], sets: readonly string[] = []): Parts => ({
    expressions,
    bodies,
    sets,
  });
  switch (node.kind) {
    case 'text':
      return parts([]);
    case 'output':
    case 'do':
      return parts([node.value]);
    case 'if':
      return parts(
        node.branches.map(({ condition }) => condition),
        [...node.branches.map(({ body }) => body), node.otherwise],
      );
    case 'for':
      return parts(
        [node.items, ...(node.condition ? [node.condition] : [])],
        [node.body, node.otherwise],
        [...namesOf(node.target), 'loop'],
      );
    case 'set':
      return parts([node.value], [], namesOf(node.target));
    case 'set-block':
      return parts(node.filter ? [node.filter] : [], [node.body], namesOf(node.target));
    case 'with':
      return parts(
        node.bindings.map(({ value }) => value),
        [node.body],
        node.bindings.flatMap(({ target }) => namesOf(target)),
      );
    case 'filter-block':
      return parts([node.filter], [node.body]);
    case 'block':
      return parts([], [node.body]);
    case 'macro':
      return parts(
        node.parameters.flatMap(({ fallback }) => (fallback ? [fallback] : [])),
        [node.body],
        [node.name, ...node.parameters.map(({ name }) => name), ...macroNames],
      );
    case 'call-block': {
      const { parameters, body } = node.caller;
      return parts(
        [node.call, ...parameters.flatMap(({ fallback }) => (fallback ? [fallback] : []))],
        [body],
        [...parameters.map(({ name }) => name), ...macroNames],
      );
    }
    case 'include':
      return parts([node.path]);
    case 'import':
      return parts([node.path], [], [node.name]);
    case 'from-import':
      return parts(
        [node.path],
        [],
        node.names.map(({ as }) => as),
      );
    default:
      return unreachable(node);
  }
}

/** What a macro's body finds set without asking. */
export const macroNames = ['varargs', 'kwargs', 'caller'] as const;

/** The names that a target binds; a field of a namespace binds none. */
export function namesOf(target: Target): readonly string[] {
  switch (target.kind) {
    case 'name':
      return [target.name];
    case 'field':
      return [];
    case 'tuple':
      return target.items.flatMap(namesOf);
    default:
      return unreachable(target);
  }
}

/** Every expression of the body, each before its parts. */
export function expressionsIn(body: Body): readonly Expr[] {
  const found: Expr[] = [];
  const bodies = [body];
  for (let one = bodies.shift(); one !== undefined; one = bodies.shift()) {
    for (const statement of one) {
      const { expressions, bodies: inner } = partsOfStatement(statement);
      for (const expression of expressions) found.push(...withParts(expression));
      bodies.push(...inner);
    }
  }
  return found;
}

/** The expression and all inside it, without the JavaScript stack: expressions may be long chains. */
export function withParts(node: Expr): readonly Expr[] {
  const found: Expr[] = [];
  const open = [node];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one);
    open.push(...partsOf(one).toReversed());
  }
  return found;
}
