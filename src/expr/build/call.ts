import { unreachable } from '../../core/result.ts';
import { filters } from '../filters/registry.ts';
import { attribute, methodOf } from '../runtime/access.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { known, recover } from '../runtime/force.ts';
import { itemsOf } from '../runtime/iterate.ts';
import { bind, bindValues, type Slot } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { typeName } from '../runtime/type-name.ts';
import {
  isDict,
  isPending,
  isSpecial,
  isUndefined,
  type Named,
  NONE_NAMED,
  type Params,
  type Runtime,
  type Undefined,
  type Val,
} from '../runtime/value.ts';
import type { Arguments, Call, Expr, FilterCall, TestCall } from '../syntax/ast.ts';
import { tests } from '../tests/registry.ts';
import { type Eval, type Frame, guarded, type Scope } from './frame.ts';

/** Handed in, since an expression is made of calls and a call of expressions. */
type Build = (node: Expr, scope: Scope) => Eval;

/**
 * The first undefined argument, which then is the result; an unanswered one ends the statement. What turns out to be
 * undefined inside a call makes its result undefined too, as ansible-core has it.
 */
function missing(args: readonly Val[], takesUndefined: boolean): Undefined | undefined {
  let first: Undefined | undefined;
  for (const one of args) {
    if (!isSpecial(one)) continue;
    if (one.kind === 'pending') throw new NeedsAnswer();
    if (one.kind === 'undefined' && !takesUndefined) first ??= one;
  }
  return first;
}

export function buildCall(node: Call, scope: Scope, build: Build): Eval {
  const args = buildArguments(node.args, scope, build);
  const at = scope.at(node);
  const { callee } = node;
  if (callee.kind !== 'attribute') {
    const target = build(callee, scope);
    return guarded(at, (frame) => {
      const value = target(frame);
      const { positional, named } = args(frame);
      return call(value, positional, named, frame.rt);
    });
  }
  const object = build(callee.object, scope);
  const nameAt = scope.at(callee);
  return guarded(at, (frame) => {
    const value = object(frame);
    const { positional, named } = args(frame);
    if (isUndefined(value)) return value;
    if (isPending(value)) throw new NeedsAnswer();
    const method = methodOf(value, callee.name);
    if (method === undefined) return call(attribute(value, callee.name, nameAt), positional, named, frame.rt);
    frame.rt.spend(1);
    return missing([...positional, ...named.values()], false) ?? recover(() => method(positional, named, frame.rt));
  });
}

/** Calls a function, macro or recursive loop. */
export function call(callee: Val, positional: readonly Val[], named: Named, rt: Runtime): Val {
  rt.spend(1);
  if (isUndefined(callee)) return callee;
  const target = known(callee);
  if (isSpecial(target)) {
    if (target.kind === 'callable')
      return (
        missing([...positional, ...named.values()], target.takesUndefined) ??
        recover(() => target.call(positional, named, rt))
      );
    if (target.kind === 'loop') {
      if (target.recurse === undefined) fail('type', 'This loop is not recursive', 'Write {% for … in … recursive %}');
      return target.recurse(positional[0] ?? null);
    }
  }
  return fail('type', `A ${typeName(target)} cannot be called`);
}

/** `input` stands for what the first filter of a block takes. */
export function buildFilter(node: FilterCall, scope: Scope, build: Build, input: Eval | undefined): Eval {
  const at = scope.at(node);
  const definition = filters.get(node.name);
  const inner = node.input;
  const value: Eval =
    inner === undefined
      ? (input ?? (() => null))
      : inner.kind === 'filter' && input !== undefined
        ? buildFilter(inner, scope, build, input)
        : build(inner, scope);
  if (definition === undefined) return unknown(`Unknown filter "${node.name}"`, at);
  const { params, run, takesUndefined } = definition;
  const args = boundArguments(node.args, params, `filter "${node.name}"`, scope, build);
  return guarded(at, (frame) => {
    const piped = value(frame);
    const given = args(frame);
    frame.rt.spend(1);
    return (
      missing([piped], takesUndefined) ?? missing(given, takesUndefined) ?? recover(() => run(piped, given, frame.rt))
    );
  });
}

export function buildTest(node: TestCall, scope: Scope, build: Build): Eval {
  const at = scope.at(node);
  const definition = tests.get(node.name);
  if (definition === undefined) return unknown(`Unknown test "${node.name}"`, at);
  const { params, run, takesUndefined } = definition;
  const value = build(node.input, scope);
  const args = boundArguments(node.args, params, `test "${node.name}"`, scope, build);
  return guarded(at, (frame) => {
    const tested = value(frame);
    const given = args(frame);
    const result =
      missing([tested], takesUndefined) ??
      missing(given, takesUndefined) ??
      recover(() => run(tested, given, frame.rt) !== node.negated);
    return node.negated ? known(result) : result;
  });
}

/** The checker has reported it; this keeps an unchecked text from running past it. */
function unknown(message: string, at: ReturnType<Scope['at']>): Eval {
  return guarded(at, () => fail('syntax', message));
}

type Given = (frame: Frame) => { readonly positional: readonly Val[]; readonly named: Named };

function buildArguments(args: Arguments, scope: Scope, build: Build): Given {
  const positional = args.positional.map((one) => build(one, scope));
  const named = args.named.map(({ name, value }) => [name, build(value, scope)] as const);
  const spread = args.spread && build(args.spread, scope);
  const spreadNamed = args.spreadNamed && build(args.spreadNamed, scope);
  if (spread === undefined && spreadNamed === undefined) {
    if (named.length === 0) return (frame) => ({ positional: positional.map((one) => one(frame)), named: NONE_NAMED });
    return (frame) => ({
      positional: positional.map((one) => one(frame)),
      named: new Map(named.map(([name, value]) => [name, value(frame)])),
    });
  }
  return (frame) => {
    const all = positional.map((one) => one(frame));
    if (spread !== undefined) all.push(...itemsOf(spread(frame), frame.rt));
    const byName = new Map(named.map(([name, value]) => [name, value(frame)]));
    if (spreadNamed !== undefined) {
      const more = known(spreadNamed(frame));
      if (!isDict(more)) fail('type', `"**" needs a dict, not ${typeName(more)}`);
      for (const [name, value] of more) byName.set(toText(name), value);
    }
    return { positional: all, named: byName };
  };
}

/** Arguments in the order of the parameters; bound now where they are written out, else at each call. */
function boundArguments(
  args: Arguments,
  params: Params,
  what: string,
  scope: Scope,
  build: Build,
): (frame: Frame) => readonly Val[] {
  if (args.spread !== undefined || args.spreadNamed !== undefined) {
    const given = buildArguments(args, scope, build);
    return (frame) => {
      const { positional, named } = given(frame);
      return bindValues(params, positional, named, what);
    };
  }
  const names = args.named.map(({ name }) => name);
  const { slots, problems } = bind(params, args.positional.length, names, what);
  const [problem] = problems;
  if (problem !== undefined) return () => fail('type', problem.message, problem.help);
  const positional = args.positional.map((one) => build(one, scope));
  const named = new Map(args.named.map(({ name, value }) => [name, build(value, scope)]));
  const fillers = slots.map((slot) => filler(slot, positional, named));
  return (frame) => fillers.map((one) => one(frame));
}

function filler(slot: Slot, positional: readonly Eval[], named: ReadonlyMap<string, Eval>): Eval {
  const nothing: Eval = () => null;
  switch (slot.from) {
    case 'positional':
      return positional[slot.index] ?? nothing;
    case 'named':
      return named.get(slot.name) ?? nothing;
    case 'fallback': {
      const { value } = slot;
      return () => value;
    }
    case 'rest': {
      const further = positional.slice(slot.start);
      return (frame) => further.map((one) => one(frame));
    }
    case 'keywords': {
      const entries = slot.names.map((name) => [name, named.get(name) ?? nothing] as const);
      return (frame) => new Map<Val, Val>(entries.map(([name, value]) => [name, value(frame)]));
    }
    default:
      return unreachable(slot);
  }
}
