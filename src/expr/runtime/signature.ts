import { unreachable } from '../../core/result.ts';
import { didYouMean } from '../../core/suggest.ts';
import { fail } from './failure.ts';
import { isList, type Named, type Param, type Params, type Val } from './value.ts';

export function required(name: string): Param {
  return { name, kind: 'required' };
}
export function optional(name: string, fallback: Val = null): Param {
  return { name, kind: 'optional', fallback };
}
export function rest(name = 'args'): Param {
  return { name, kind: 'rest' };
}
export function keywords(name = 'kwargs'): Param {
  return { name, kind: 'keywords' };
}

/** How the arguments of a call meet the parameters; found once for a call whose arguments are written out. */
interface Binding {
  /** One entry a parameter: which argument it takes, or what it is without one. */
  readonly slots: readonly Slot[];
  readonly problems: readonly Problem[];
}
export type Slot =
  | { readonly from: 'positional'; readonly index: number }
  | { readonly from: 'named'; readonly name: string }
  | { readonly from: 'fallback'; readonly value: Val }
  | { readonly from: 'rest'; readonly start: number }
  | { readonly from: 'keywords'; readonly names: readonly string[] };
export interface Problem {
  readonly message: string;
  readonly help?: string;
  /** The argument at fault, where one is. */
  readonly argument?: number | string;
}

/** `what` names the callee in messages, such as `filter "join"`. */
export function bind(params: Params, positional: number, named: readonly string[], what: string): Binding {
  const problems: Problem[] = [];
  const left = new Set(named);
  let next = 0;
  const slots = params.map((param): Slot => {
    if (param.kind === 'rest') {
      const start = next;
      next = Math.max(next, positional);
      return { from: 'rest', start };
    }
    if (param.kind === 'keywords') {
      const names = [...left];
      left.clear();
      return { from: 'keywords', names };
    }
    if (next < positional) {
      if (left.delete(param.name))
        problems.push({ message: `The ${what} got "${param.name}" twice`, argument: param.name });
      return { from: 'positional', index: next++ };
    }
    if (left.delete(param.name)) return { from: 'named', name: param.name };
    if (param.kind === 'optional') return { from: 'fallback', value: param.fallback };
    problems.push({ message: `The ${what} needs an argument "${param.name}"`, help: usage(params, what) });
    return { from: 'fallback', value: null };
  });
  if (next < positional)
    problems.push({
      message: `The ${what} takes ${count(next)}, not ${positional}`,
      help: usage(params, what),
      argument: next,
    });
  for (const name of left) {
    const help = didYouMean(name, namesOf(params)) ?? usage(params, what);
    problems.push({ message: `The ${what} has no argument "${name}"`, help, argument: name });
  }
  return { slots, problems };
}

/** Binds at run time; a mismatch ends the evaluation. */
export function bindValues(params: Params, positional: readonly Val[], named: Named, what: string): readonly Val[] {
  if (named.size === 0 && positional.length === params.length && params.every(isPlain)) return positional;
  const { slots, problems } = bind(params, positional.length, [...named.keys()], what);
  const [problem] = problems;
  if (problem !== undefined) fail('type', problem.message, problem.help);
  return slots.map((slot) => fill(slot, positional, named));
}

function fill(slot: Slot, positional: readonly Val[], named: Named): Val {
  switch (slot.from) {
    case 'positional':
      return positional[slot.index] ?? null;
    case 'named':
      return named.get(slot.name) ?? null;
    case 'fallback':
      return slot.value;
    case 'rest':
      return positional.slice(slot.start);
    case 'keywords':
      return new Map<Val, Val>(slot.names.map((name) => [name, named.get(name) ?? null]));
    default:
      return unreachable(slot);
  }
}

function isPlain(param: Param): boolean {
  return param.kind === 'required' || param.kind === 'optional';
}

function namesOf(params: Params): string[] {
  return params.filter(isPlain).map((param) => param.name);
}

function count(arguments_: number): string {
  if (arguments_ === 0) return 'no argument';
  return arguments_ === 1 ? 'one argument' : `at most ${arguments_} arguments`;
}

function usage(params: Params, what: string): string {
  return params.length === 0 ? `The ${what} takes no argument` : `Its arguments are ${signatureText(params)}`;
}

/** `(width, first, blank=False)`, for messages and the reference. */
export function signatureText(params: Params): string {
  return `(${params.map(paramText).join(', ')})`;
}

function paramText(param: Param): string {
  switch (param.kind) {
    case 'required':
      return param.name;
    case 'optional':
      return `${param.name}=${literal(param.fallback)}`;
    case 'rest':
      return `*${param.name}`;
    case 'keywords':
      return `**${param.name}`;
    default:
      return unreachable(param);
  }
}

function literal(value: Val): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'none';
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : isList(value) ? '[]' : '{}';
}
