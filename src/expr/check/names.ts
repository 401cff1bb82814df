import { unreachable } from '../../core/result.ts';
import type { FreeNames, Place } from '../api.ts';
import { filters } from '../filters/registry.ts';
import { globalNames } from '../globals.ts';
import { lookups } from '../lookups/registry.ts';
import { dictMethods } from '../methods/dict.ts';
import type { Body, Call, Expr, FilterCall, Statement } from '../syntax/ast.ts';
import { tests } from '../tests/registry.ts';
import { indexText } from '../types/attribute.ts';
import { changedIn } from './scope.ts';
import { argumentsOf, macroNames, namesOf, partsOf, withParts } from './walk.ts';

type Variable = FreeNames['variables'][number];

/** Where a read stands. */
interface Around {
  /** Names that the template has set here for certain. */
  readonly bound: ReadonlySet<string>;
  /** Names that it may have set. */
  readonly maybe: ReadonlySet<string>;
  /** Names that a condition around asks about. */
  readonly asked: ReadonlySet<string>;
  readonly conditional: boolean;
  /** An undefined value does no harm here. */
  readonly tolerant: boolean;
}

/** What a template or expression reads from its environment. */
export function freeNames(body: Body, place: Place): FreeNames {
  const variables: Variable[] = [];
  let computed = false;
  let controller = false;
  const changed = changedIn(body);
  statements(body, { bound: new Set(), maybe: new Set(), asked: new Set(), conditional: false, tolerant: false });
  return { variables, computed, lookups: controller };

  /** Gives what is bound behind the body. */
  function statements(inner: Body, start: Around): Around {
    let around = start;
    for (const statement of inner) around = one(statement, around);
    return around;
  }

  function one(node: Statement, around: Around): Around {
    switch (node.kind) {
      case 'text':
        return around;
      case 'output':
      case 'do':
        read(node.value, around);
        return around;
      case 'set':
        read(node.value, around);
        return bind(around, namesOf(node.target));
      case 'set-block':
        if (node.filter) read(node.filter, around);
        statements(node.body, around);
        return bind(around, namesOf(node.target));
      case 'if': {
        let seen = around;
        const ends: Around[] = [];
        for (const { condition, body: branch } of node.branches) {
          read(condition, seen);
          const behind = { ...asking(seen, condition), conditional: true };
          ends.push(statements(branch, behind));
          seen = behind;
        }
        ends.push(statements(node.otherwise, seen));
        return merged(around, ends);
      }
      case 'for': {
        read(node.items, around);
        const inside = bind({ ...asking(around, node.items), conditional: true }, namesOf(node.target));
        if (node.condition) read(node.condition, inside);
        const behind = node.condition ? asking(inside, node.condition) : inside;
        statements(node.body, bind(behind, ['loop']));
        statements(node.otherwise, { ...around, conditional: true });
        return around;
      }
      case 'with': {
        for (const { value } of node.bindings) read(value, around);
        statements(
          node.body,
          bind(
            around,
            node.bindings.flatMap(({ target }) => namesOf(target)),
          ),
        );
        return around;
      }
      case 'filter-block':
        read(node.filter, around);
        statements(node.body, around);
        return around;
      case 'block':
        statements(node.body, around);
        return around;
      case 'macro': {
        const named = bind(around, [node.name]);
        macro(node.parameters, node.body, named);
        return named;
      }
      case 'call-block':
        read(node.call, around);
        macro(node.caller.parameters, node.caller.body, around);
        return around;
      case 'include':
        read(node.path, around);
        controller = true;
        computed ||= node.withContext;
        return around;
      case 'import':
      case 'from-import':
        read(node.path, around);
        controller = true;
        computed ||= node.withContext;
        return bind(around, node.kind === 'import' ? [node.name] : node.names.map(({ as }) => as));
      default:
        return unreachable(node);
    }
  }

  function macro(
    parameters: readonly { readonly name: string; readonly fallback?: Expr }[],
    inner: Body,
    around: Around,
  ): void {
    const inside = bind({ ...around, conditional: true }, [...parameters.map(({ name }) => name), ...macroNames]);
    for (const { fallback } of parameters) if (fallback) read(fallback, inside);
    statements(inner, inside);
  }

  function read(node: Expr, around: Around): void {
    switch (node.kind) {
      case 'name':
      case 'attribute':
      case 'item':
        return path(node, around);
      case 'call':
        return call(node, around);
      case 'filter': {
        if (filters.get(node.name)?.asksController === true || mapsToController(node)) controller = true;
        const isDefault = /(?:^|\.)(?:d|default)$/.test(node.name);
        if (node.input) read(node.input, { ...around, tolerant: around.tolerant || isDefault });
        // What stands in for a missing value may be missing itself where the value is there.
        const beside = isDefault ? { ...around, conditional: true } : around;
        for (const argument of argumentsOf(node.args)) read(argument, beside);
        return undefined;
      }
      case 'test': {
        if (tests.get(node.name)?.asksController === true) controller = true;
        const asks = /(?:^|\.)(?:un)?defined$/.test(node.name);
        read(node.input, { ...around, tolerant: asks });
        for (const argument of argumentsOf(node.args)) read(argument, strict(around));
        return undefined;
      }
      case 'logical':
        read(node.left, strict(around));
        read(node.right, { ...asking(around, node.left), conditional: true });
        return undefined;
      case 'conditional': {
        read(node.condition, strict(around));
        const inside = { ...asking(around, node.condition), conditional: true };
        read(node.chosen, inside);
        if (node.otherwise) read(node.otherwise, inside);
        return undefined;
      }
      case 'list':
      case 'tuple':
      case 'dict':
        for (const part of partsOf(node)) read(part, around);
        return undefined;
      case 'const':
      case 'slice':
      case 'unary':
      case 'binary':
      case 'comparison':
      case 'concat':
      default:
        for (const part of partsOf(node)) read(part, strict(around));
        return undefined;
    }
  }

  function call(node: Call, around: Around): void {
    const { callee } = node;
    if (callee.kind === 'name' && ['lookup', 'query', 'q'].includes(callee.name) && !around.bound.has(callee.name))
      asksLookup(node, around);
    if (callee.kind === 'attribute') path(callee, around, true);
    else read(callee, around);
    for (const argument of argumentsOf(node.args)) read(argument, strict(around));
  }

  function asksLookup(node: Call, around: Around): void {
    const [plugin, ...terms] = node.args.positional;
    const name = plugin?.kind === 'const' ? String(plugin.value) : undefined;
    const definition = name === undefined ? undefined : lookups.get(name);
    if (definition?.name !== 'vars') {
      if (definition === undefined || definition.asksController) controller = true;
      return;
    }
    const tolerant = node.args.named.some((one) => one.name === 'default' || one.name === 'errors');
    for (const term of terms) {
      if (term.kind === 'const' && typeof term.value === 'string') found(term.value, [], term, { ...around, tolerant });
      else computed = true;
    }
  }

  /** A name with the attributes that follow it. The last one of a call may be a method. */
  function path(node: Expr, around: Around, called = false): void {
    const steps: string[] = [];
    let at: Expr = node;
    while (at.kind === 'attribute' || at.kind === 'item') {
      const step = at.kind === 'attribute' ? at.name : indexText(at.key);
      if (at.kind === 'item') {
        if (step === undefined) read(at.key, strict(around));
        if (step === undefined && at.object.kind === 'name' && ['vars', 'hostvars'].includes(at.object.name))
          computed = true;
      }
      const method = at.kind === 'attribute' && dictMethods.has(at.name);
      if (step === undefined || method || (called && at === node)) {
        steps.length = 0;
      } else steps.unshift(step);
      at = at.object;
    }
    if (at.kind !== 'name') return read(at, around);
    const [first, ...others] = steps;
    if (at.name === 'vars' && first !== undefined && !around.bound.has('vars'))
      return found(first, others, node, around);
    return found(at.name, steps, node, around);
  }

  function found(name: string, steps: readonly string[], node: Expr, around: Around): void {
    if (around.bound.has(name)) return;
    if (globalNames.includes(name)) return;
    const guarded = around.tolerant || around.asked.has(name) || around.maybe.has(name);
    const known = changed.has(name) ? [] : steps;
    variables.push({ name, path: known, at: place(node.from, node.to), guarded, conditional: around.conditional });
  }
}

/** `map('fileglob')` asks as much as the filter itself. */
function mapsToController({ name, args }: FilterCall): boolean {
  const [first] = args.positional;
  if (!name.endsWith('map') || first === undefined) return false;
  return first.kind === 'const' ? filters.get(String(first.value))?.asksController === true : false;
}

function strict(around: Around): Around {
  return around.tolerant ? { ...around, tolerant: false } : around;
}

function bind(around: Around, names: readonly string[]): Around {
  return { ...around, bound: new Set([...around.bound, ...names]) };
}

/** Inside a branch, what its condition names is guarded. */
function asking(around: Around, condition: Expr): Around {
  const asked = new Set(around.asked);
  for (const part of withParts(condition)) if (part.kind === 'name') asked.add(part.name);
  return { ...around, asked };
}

/** What only some branches set may be set behind them. */
function merged(before: Around, ends: readonly Around[]): Around {
  const maybe = new Set(before.maybe);
  const bound = new Set(before.bound);
  for (const end of ends) {
    for (const name of [...end.bound, ...end.maybe]) {
      if (ends.every((one) => one.bound.has(name))) bound.add(name);
      else maybe.add(name);
    }
  }
  return { ...before, bound, maybe };
}
