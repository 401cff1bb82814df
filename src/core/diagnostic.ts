import type { Location } from './source.ts';

/** `layer/kebab-name`, such as `playbook/unknown-module`. Stable: never reused for another meaning. */
export type Code = `${string}/${string}`;

/** The input is wrong. Found before any connection is opened. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** Sentence case, no trailing period: what was found and what was expected. */
  readonly message: string;
  readonly at?: Location;
  readonly related?: readonly { readonly message: string; readonly at: Location }[];
  /** What to do next, such as `Did you mean "template"?` */
  readonly help?: string;
  /** A warning of what hlb does not have, where only a condition leads there: a task that comes to it fails. */
  readonly conditional?: true;
}

/** What a code stands for; each layer keeps its own table in `codes.ts`, and `hlb explain CODE` prints it. */
export interface CodeEntry {
  readonly title: string;
  /** Why it is an error, and how to mend it. One paragraph. */
  readonly explanation: string;
}
export type CodeTable = Readonly<Record<Code, CodeEntry>>;

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
