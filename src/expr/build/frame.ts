import type { Location } from '../../core/source.ts';
import type { Template } from '../api.ts';
import { EvaluationError, type NeedsAnswer } from '../runtime/failure.ts';
import type { Runtime, Val } from '../runtime/value.ts';

/** One scope of a running template. */
export interface Frame {
  readonly rt: Runtime;
  readonly engine: Engine;
  readonly vars: Map<string, Val>;
  readonly parent: Frame | undefined;
  /** Names that no scope of this template has set: variables, the scopes of an including template, functions. */
  readonly free: (name: string) => Val | undefined;
}

/** What statements need beyond what filters do. */
export interface Engine {
  /** Values may change in place while the template runs, so what is printed is copied. */
  readonly copies: boolean;
  /** Runs one level deeper, as macros and includes do. */
  readonly nested: <T>(run: () => T) => T;
  /** Functions such as `range`, for templates imported without context. */
  readonly globals: (name: string) => Val | undefined;
  readonly programOf: (template: Template) => Program;
  /** A statement could not end for want of answers. */
  readonly waits: (reason: NeedsAnswer) => void;
  readonly names: () => Iterable<string>;
}

export type Eval = (frame: Frame) => Val;
export type Exec = (frame: Frame, out: Val[]) => void;

/** A template made ready to run. */
export interface Program {
  readonly run: Exec;
  /** How many line breaks the result must end with at least, as Ansible keeps them. */
  readonly trailing: number;
  readonly newline: string;
  /** The result, where nothing has to be computed. */
  readonly verbatim?: string;
}

/** What building needs to know of the whole text. */
export interface Scope {
  /** Gives a location on demand: most are never asked for. */
  readonly at: (node: { readonly from: number; readonly to: number }) => () => Location;
  /** Names that any tag of the text sets; every other name skips the scopes. */
  readonly assigned: ReadonlySet<string>;
}

export function inner(frame: Frame): Frame {
  return { ...frame, vars: new Map(), parent: frame };
}

/** Adds the place to an error that has none yet. */
export function located(error: unknown, at: () => Location): unknown {
  if (error instanceof EvaluationError && error.at === undefined) error.at = at();
  return error;
}

/** The same, with the place added to its errors. */
export function guarded(at: () => Location, run: Eval): Eval {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      throw located(error, at);
    }
  };
}
