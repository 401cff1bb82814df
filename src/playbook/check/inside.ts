import type { Include } from '../tree.ts';
import type { Sources } from './sources.ts';
import type { Formula } from './uses.ts';

/** What is around a task because of the includes that brought it. */
export interface Inside {
  /** Their loop variables and the like. */
  readonly locals: Sources;
  /** The includes, outermost first: only where they run does the task. */
  readonly includes: readonly Include[];
  /** Of computed names: only where they have this value does the task run. */
  readonly choices: readonly { readonly include: Include; readonly formula: Formula; readonly value: string }[];
}

export const outside: Inside = { locals: new Map(), includes: [], choices: [] };
