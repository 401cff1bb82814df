import { unreachable } from '../../core/result.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail, NeedsAnswer } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { itemsOf } from '../runtime/iterate.ts';
import { owned } from '../runtime/owned.ts';
import { isSpecial, type Val } from '../runtime/value.ts';
import type { Body, If, Statement, Target } from '../syntax/ast.ts';
import { buildFilter } from './call.ts';
import { concat } from './concat.ts';
import { build } from './expression.ts';
import { buildFor } from './for.ts';
import { type Eval, type Exec, type Frame, inner, located, type Scope } from './frame.ts';
import { buildFromImport, buildImport, buildInclude } from './include.ts';
import { buildCallBlock, buildMacro } from './macro.ts';

/** Turns statements into one function that prints into a list. */
export function buildBody(body: Body, scope: Scope): Exec {
  const steps = body.map((statement) => {
    const step = buildStatement(statement, scope);
    return statement.kind === 'text' ? step : patient(step);
  });
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  return (frame, out) => {
    for (const step of steps) step(frame, out);
  };
}

/** A statement that waits for an answer does not keep the next ones from asking. */
function patient(step: Exec): Exec {
  return (frame, out) => {
    try {
      step(frame, out);
    } catch (error) {
      if (!(error instanceof NeedsAnswer)) throw error;
      frame.engine.waits(error);
    }
  };
}

function buildStatement(node: Statement, scope: Scope): Exec {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (frame, out) => {
        frame.rt.reserve(text.length);
        out.push(text);
      };
    }
    case 'output': {
      const value = build(node.value, scope);
      return (frame, out) => void out.push(printable(value(frame), frame));
    }
    case 'do': {
      const value = build(node.value, scope);
      return (frame) => void known(value(frame));
    }
    case 'if':
      return buildIf(node, scope);
    case 'for':
      return buildFor(node, scope, buildBody, assign);
    case 'set': {
      const value = build(node.value, scope);
      return placed(node, scope, (frame) => assign(node.target, value(frame), frame));
    }
    case 'set-block': {
      const body = buildBody(node.body, scope);
      const filter = node.filter;
      const value = filter === undefined ? captured(body) : buildFilter(filter, scope, build, captured(body));
      return placed(node, scope, (frame) => assign(node.target, value(frame), frame));
    }
    case 'with': {
      const bindings = node.bindings.map(({ target, value }) => ({ target, value: build(value, scope) }));
      const body = buildBody(node.body, scope);
      return (frame, out) => {
        const scoped = inner(frame);
        for (const { target, value } of bindings) assign(target, value(frame), scoped);
        body(scoped, out);
      };
    }
    case 'filter-block': {
      const value = buildFilter(node.filter, scope, build, captured(buildBody(node.body, scope)));
      return (frame, out) => void out.push(printable(value(frame), frame));
    }
    case 'block': {
      const body = buildBody(node.body, scope);
      return (frame, out) => body(inner(frame), out);
    }
    case 'macro':
      return buildMacro(node, scope, buildBody);
    case 'call-block':
      return buildCallBlock(node.call, node.caller, scope, buildBody);
    case 'include':
      return buildInclude(node, scope);
    case 'import':
      return buildImport(node, scope);
    case 'from-import':
      return buildFromImport(node, scope);
    default:
      return unreachable(node);
  }
}

function printable(value: Val, frame: Frame): Val {
  if (typeof value === 'string') frame.rt.reserve(value.length);
  if (isSpecial(value) && value.kind === 'pending') throw new NeedsAnswer();
  return frame.engine.copies ? owned(value) : value;
}

function placed(node: Statement, scope: Scope, run: (frame: Frame) => void): Exec {
  const at = scope.at(node);
  return (frame) => {
    try {
      run(frame);
    } catch (error) {
      throw located(error, at);
    }
  };
}

/** The value of what a block prints. */
function captured(body: Exec): Eval {
  return (frame) => {
    const out: Val[] = [];
    body(inner(frame), out);
    return concat(out);
  };
}

function buildIf(node: If, scope: Scope): Exec {
  const branches = node.branches.map(({ condition, body }) => ({
    condition: build(condition, scope),
    body: buildBody(body, scope),
  }));
  const otherwise = buildBody(node.otherwise, scope);
  return (frame, out) => {
    for (const { condition, body } of branches) if (isTruthy(condition(frame))) return body(frame, out);
    return otherwise(frame, out);
  };
}

/** Sets what a target names in the scope of the frame. */
export function assign(target: Target, value: Val, frame: Frame): void {
  switch (target.kind) {
    case 'name':
      frame.vars.set(target.name, value);
      return;
    case 'field': {
      const object = lookUp(target.name, frame);
      if (!isSpecial(object) || object.kind !== 'namespace')
        return fail(
          'type',
          `"${target.name}" is not a namespace, so its field cannot be set`,
          `Begin with {% set ${target.name} = namespace() %}`,
        );
      object.fields.set(target.field, value);
      return;
    }
    case 'tuple': {
      const items = itemsOf(value, frame.rt);
      if (items.length !== target.items.length)
        fail('value', `Expected ${target.items.length} values to unpack, found ${items.length}`);
      for (const [at, one] of target.items.entries()) assign(one, items[at] ?? null, frame);
      return;
    }
    default:
      return unreachable(target);
  }
}

function lookUp(name: string, frame: Frame): Val {
  for (let one: Frame | undefined = frame; one !== undefined; one = one.parent) {
    const value = one.vars.get(name);
    if (value !== undefined) return known(value);
  }
  return known(frame.free(name));
}
