import type { Location } from '../../core/source.ts';
import type { Answer, Deferred, Environment, Request, Template } from '../api.ts';

/** What an expression computes with: every `Value`, and what only lives while it is evaluated. */
export type Val = null | boolean | bigint | number | string | List | Dict | Special;
export type List = readonly Val[];
export type Dict = ReadonlyMap<Val, Val>;
export type Special =
  | Undefined
  | Pending
  | Deferred
  | OwnCopy
  | Callable
  | Range
  | Namespace
  | Moment
  | Span
  | LoopState
  | Cycler;

/** A variable, attribute or item that is not there. Passed around freely; the first real use of it is the error. */
export interface Undefined {
  readonly kind: 'undefined';
  /** Told only when it becomes an error. */
  readonly describe: () => { readonly message: string; readonly at?: Location; readonly help?: string };
  /** The variable that was not found, for `mandatory`. */
  readonly name?: string;
  /** `a if b` without an else: prints as nothing, as Jinja has it. */
  readonly silent: boolean;
}

/** The value of a lookup that the controller has yet to answer. */
export interface Pending {
  readonly kind: 'pending';
}
export const PENDING: Pending = { kind: 'pending' };

/** What is deferred, copied so that it may be changed in place. */
export interface OwnCopy {
  readonly kind: 'copy';
  readonly part: (key: Val) => Val | undefined;
  /** The outermost layer, the same one each time. */
  readonly open: () => Exclude<Val, Deferred | OwnCopy>;
}

/** A function, method or macro. */
export interface Callable {
  readonly kind: 'callable';
  readonly name: string;
  /** As `type_debug` prints it. */
  readonly type: 'function' | 'builtin_function_or_method' | 'method' | 'Macro';
  /** Undefined arguments are passed on instead of becoming the result. */
  readonly takesUndefined: boolean;
  readonly call: (args: readonly Val[], named: Named, rt: Runtime) => Val;
  readonly params?: Params;
  readonly attributes?: ReadonlyMap<string, Val>;
}
export type Named = ReadonlyMap<string, Val>;
export const NONE_NAMED: Named = new Map();

/** One parameter of a filter, test, function or method, as Python would declare it. */
export type Param =
  | { readonly name: string; readonly kind: 'required' }
  | { readonly name: string; readonly kind: 'optional'; readonly fallback: Val }
  /** `*name`: the further positional arguments, as a list. */
  | { readonly name: string; readonly kind: 'rest' }
  /** `**name`: the further named arguments, as a dict. */
  | { readonly name: string; readonly kind: 'keywords' };
export type Params = readonly Param[];

/** One evaluation: what it may ask, and how much it may still do. */
export interface Runtime {
  readonly env: Environment;
  /** Counts steps; ends the evaluation when there are too many. */
  readonly spend: (steps: number) => void;
  /** Counts characters or items of something that is about to be made; ends the evaluation when it is too big. */
  readonly reserve: (size: number) => void;
  /** The controller's answer, or `PENDING` with the request noted down. */
  readonly ask: (request: Request) => Answer | Pending;
  /** Applies a filter or test by its name, as `map` and `select` do. */
  readonly filter: (name: string, value: Val, args: readonly Val[], named: Named) => Val;
  readonly test: (name: string, value: Val, args: readonly Val[], named: Named) => boolean;
  readonly attribute: (value: Val, name: string) => Val;
  readonly item: (value: Val, key: Val) => Val;
  readonly call: (callee: Val, args: readonly Val[], named: Named) => Val;
  /** What another template gives, which sees the same variables and the further ones. */
  readonly render: (template: Template, further: Named) => Val;
  readonly lookup: (name: string, terms: readonly Val[], named: Named) => Val;
  /** Called before a list or dict is changed in place: the environment's own values never are. */
  readonly change: () => void;
  readonly hasFilter: (name: string) => boolean;
  readonly hasTest: (name: string) => boolean;
}

/** Python's `range`: counted, not kept. */
export interface Range {
  readonly kind: 'range';
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  readonly length: number;
}

/** `namespace()`: what `{% set ns.x = … %}` writes to. */
export interface Namespace {
  readonly kind: 'namespace';
  readonly fields: Map<string, Val>;
}

/** Python's `datetime`, without a time zone: the fields as on a clock, kept as if they were UTC. */
export interface Moment {
  readonly kind: 'moment';
  /** Milliseconds since 1970 of the fields read as UTC. */
  readonly ms: number;
  /** Below the millisecond, 0 to 999. */
  readonly micros: number;
}

/** Python's `timedelta`. */
export interface Span {
  readonly kind: 'span';
  readonly micros: bigint;
}

/** `loop` in a `{% for %}`. */
export interface LoopState {
  readonly kind: 'loop';
  readonly items: List;
  readonly depth: number;
  index: number;
  changed: Val | undefined;
  readonly recurse: ((items: Val) => Val) | undefined;
}

export interface Cycler {
  readonly kind: 'cycler';
  readonly items: List;
  position: number;
}

/** A list that prints with round brackets and becomes a list where it leaves the language. */
export class Tuple extends Array<Val> {
  /** Of a named tuple, what its items are called. */
  names: readonly string[] = [];

  /** Whatever is made from a tuple by `map` and the like is a list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

export function tuple(items: readonly Val[], names: readonly string[] = []): Tuple {
  const made = new Tuple();
  made.names = names;
  for (const item of items) made.push(item);
  return made;
}

/** The value unless there is none: none of Python is a value too, unlike what `??` takes it for. */
export function or<T>(value: Val | undefined, instead: () => T): Val | T {
  return value === undefined ? instead() : value;
}

export function isList(value: Val | undefined): value is List {
  return Array.isArray(value);
}

export function isDict(value: Val | undefined): value is Dict {
  return value instanceof Map;
}

/** Not evaluated yet, in whole or in part. */
export function isLazy(value: Val | undefined): value is Deferred | OwnCopy {
  return isSpecial(value) && (value.kind === 'deferred' || value.kind === 'copy');
}

/** Neither text, number, list nor dict. */
export function isSpecial(value: Val | undefined): value is Special {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

export function isUndefined(value: Val | undefined): value is Undefined {
  return isSpecial(value) && value.kind === 'undefined';
}

export function isPending(value: Val | undefined): value is Pending {
  return value === PENDING;
}

export function isNumber(value: Val | undefined): value is bigint | number | boolean {
  const type = typeof value;
  return type === 'bigint' || type === 'number' || type === 'boolean';
}
