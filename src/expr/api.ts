import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import type { Mapping, Value } from '../core/value.ts';
import type { Body } from './syntax/ast.ts';
import type { Delimiters } from './syntax/token.ts';

/** Where a template's text comes from: offsets of the text to a place in the source. */
export type Place = (from: number, to: number) => Location;

/** A text with `{{ }}`, `{% %}` and `{# #}`, parsed. Opaque to other layers. */
export interface Template {
  readonly kind: 'template';
  readonly text: string;
  readonly place: Place;
  readonly body: unknown;
  /** One `{{ }}` and nothing else: its value keeps its type. */
  readonly native: boolean;
  readonly names: FreeNames;
  /** As it was read, for its types. */
  readonly syntax: Body;
}

/** A bare expression, as in `when`. Opaque to other layers. */
export interface Expression {
  readonly kind: 'expression';
  readonly text: string;
  readonly place: Place;
  readonly body: unknown;
  readonly names: FreeNames;
  readonly syntax: Body;
}

/** What an expression reads from its environment, known without evaluating it. */
export interface FreeNames {
  /** Every free variable with the first attribute path it reads, such as `result` → [["stdout"], ["rc"]]. */
  readonly variables: readonly {
    readonly name: string;
    readonly path: readonly string[];
    readonly at: Location;
    /** Under `default` or `is defined`, or where a condition around it asks about the same variable. */
    readonly guarded: boolean;
    /** It is read only if a condition holds, a loop runs or a macro is called. */
    readonly conditional: boolean;
  }[];
  /** A construct reads names that are only known when it runs (`vars[x]`, `hostvars[x]`, `lookup('vars', x)`). */
  readonly computed: boolean;
  /** It uses a lookup, so the controller's files, environment or commands shape it. */
  readonly lookups: boolean;
}

/**
 * A value of which parts are still templates; forced part by part, so that one undefined part does not spoil its siblings.
 * What it asks of `evaluateTemplate` it hands on through `valueOf` (evaluate.ts), so that a failure or an open request
 * inside it reaches the evaluation that wanted the value, and `default` sees an undefined one.
 */
export interface Deferred {
  readonly kind: 'deferred';
  /** The whole of it, every part evaluated. */
  readonly force: () => Value;
  /** One part, unevaluated siblings left alone; absent where there is none. A list has the parts `0n` up to its end. */
  readonly part: (key: Value) => Value | Deferred | undefined;
  /** Of a mapping; absent for everything else. */
  readonly keys: () => readonly Value[] | undefined;
}

/** What only the controller knows; answered outside, and the evaluation is asked again. */
export type Request =
  | { readonly kind: 'env'; readonly name: string }
  /** `search`: the folder of its sort, before the one around; absent where the path stands for itself. */
  | { readonly kind: 'file'; readonly path: string; readonly search?: 'files' | 'templates' | 'vars' }
  | { readonly kind: 'glob'; readonly pattern: string }
  /** What a path of the controller is; a relative one counts from the working directory. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'pipe'; readonly command: string }
  | {
      readonly kind: 'template';
      readonly path: string;
      /** Other than for the files of the module template. */
      readonly reading?: { readonly trimBlocks: boolean; readonly delimiters: Partial<Delimiters> };
    }
  /** The password in a file, made where there is none: `initial`, or so many characters of the alphabet. */
  | {
      readonly kind: 'password';
      readonly path: string;
      readonly length: number;
      readonly alphabet: string;
      readonly initial?: string;
      readonly salted: boolean;
    }
  /** The hosts of the inventory that a pattern names. */
  | { readonly kind: 'hosts'; readonly pattern: string };

export interface ControllerPath {
  /** Absolute, with symlinks and ".." resolved as far as there are any. */
  readonly real: string;
  /** Of the path itself, not followed. */
  readonly isLink: boolean;
  /** Followed; absent where nothing is there. */
  readonly target?: {
    readonly type: 'file' | 'directory' | 'other';
    /** Equal for two names of one file. */
    readonly identity: string;
    readonly isMount: boolean;
  };
}

export type Answer =
  /** With the path that was found, for files, and the salt, for passwords. */
  | { readonly kind: 'text'; readonly text: string; readonly path?: string; readonly salt?: string | undefined }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'path'; readonly path: ControllerPath }
  | { readonly kind: 'template'; readonly template: Template }
  | { readonly kind: 'error'; readonly message: string };

/** Everything an evaluation may know. */
export interface Environment {
  /** Absent: undefined variable. */
  readonly resolve: (name: string) => Value | Deferred | undefined;
  /** All names, for `vars`, `varnames` and did-you-mean. */
  readonly names: () => Iterable<string>;
  /** Already answered, or absent: the evaluation then ends with `needs`. */
  readonly answer: (request: Request) => Answer | undefined;
  readonly now: () => number;
  readonly random: () => number;
}

export type Outcome =
  | { readonly kind: 'value'; readonly value: Value }
  /** Answer these and ask again. */
  | { readonly kind: 'needs'; readonly requests: readonly Request[] }
  | { readonly kind: 'failed'; readonly error: ExprError };

export interface ExprError {
  /** `unknown`: there is a value, and nobody can know it yet. Unlike an undefined one it has no default. */
  readonly reason: 'undefined' | 'unknown' | 'type' | 'value' | 'syntax' | 'fuel' | 'lookup' | 'omit';
  readonly message: string;
  readonly at: Location;
  readonly help?: string;
}

/** Ansible's `omit`, told apart by identity: an argument that has it is left out. */
export const OMIT: Mapping = new Map([['__omit_place_holder__', true]]);

export type Compiled<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
