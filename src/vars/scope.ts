import type { Location } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Deferred, Environment, Expression, Outcome, Template } from '../expr/api.ts';
import { lazily, type Reader } from './deferred.ts';
import { evaluateFormula } from './evaluate.ts';
import type { Level, Term, Variable, Variables } from './term.ts';
import { alongTrail, createTrail, raise, type Trail } from './trail.ts';

export interface ScopeOptions {
  /** Weakest first. Shared between scopes, never copied. */
  readonly layers: readonly Variables[];
  /** What hlb itself sets; stronger than every layer. */
  readonly magic?: (name: string) => Value | Deferred | undefined;
  readonly magicNames?: () => Iterable<string>;
  readonly answer: Environment['answer'];
  readonly now: Environment['now'];
  readonly random: Environment['random'];
  /** Of the scopes that can read each other; its own where absent. */
  readonly trail?: Trail;
}

/** The variables that one host sees at one task. */
export interface Scope extends Environment {
  /** Every value that a name was given, the one that counts first; the others are shadowed by those before them. */
  readonly explain: (name: string) => readonly Candidate[];
}

export interface Candidate {
  readonly level: Level;
  readonly origin: string;
  /** Absent for what hlb sets itself. */
  readonly at?: Location;
  readonly term?: Term;
}

/**
 * Looks names up through layers of variables. Templates inside them are evaluated when they are read, part by part, and
 * each at most once in the life of the scope; so a scope is for one task, and costs next to nothing to make.
 */
export function createScope(options: ScopeOptions): Scope {
  const { layers, magic, magicNames } = options;
  const trail = options.trail ?? createTrail();
  const done = new Map<Template | Expression, Outcome>();

  const find = (name: string): Variable | undefined => {
    for (let index = layers.length - 1; index >= 0; index--) {
      const found = layers[index]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const resolve = (name: string): Value | Deferred | undefined => {
    const set = magic?.(name);
    if (set !== undefined) return set;
    const variable = find(name);
    return variable === undefined ? undefined : lazily(variable.term, () => name, reader);
  };

  const reader: Reader = {
    resolve,
    evaluate: (formula, name) => {
      const known = done.get(formula);
      if (known !== undefined) return known;
      const step = { scope, formula, name };
      const outcome = alongTrail<Outcome>(
        trail,
        step,
        () => evaluateFormula(formula, scope),
        (failure) => failure,
      );
      // What is still to be answered may be known the next time; a circle is only one as seen from inside of it.
      if (outcome.kind === 'value') done.set(formula, outcome);
      return outcome;
    },
    look: (formula, name, work) => alongTrail(trail, { scope, formula, name }, work, raise),
  };

  const scope: Scope = {
    resolve,
    names: () => new Set([...layers.flatMap((layer) => [...layer.keys()]), ...(magicNames?.() ?? [])]),
    answer: options.answer,
    now: options.now,
    random: options.random,
    explain: (name) => [
      ...(magic?.(name) === undefined ? [] : [{ level: 'magic', origin: 'hlb' } as const]),
      ...layers.flatMap((layer) => candidateOf(layer.get(name))).reverse(),
    ],
  };
  return scope;
}

function candidateOf(variable: Variable | undefined): readonly Candidate[] {
  if (variable === undefined) return [];
  const { level, origin, term } = variable;
  return [{ level, origin, term, at: term.at }];
}
