import type { Location } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { Expression, Template } from '../expr/api.ts';

/** A tree as a person wrote it in YAML, its texts compiled once: what arguments and variables are until they are used. */
export type Term =
  | {
      readonly kind: 'constant';
      readonly value: Value;
      readonly at: Location /** As written, for modes such as 0644. */;
      readonly text?: string;
    }
  | { readonly kind: 'template'; readonly template: Template; readonly at: Location }
  /** A bare expression, such as an item of `assert.that`: its value is handed on together with its text. */
  | { readonly kind: 'expression'; readonly expression: Expression; readonly at: Location }
  /** There will be a value that nobody can know yet, as in check mode what a command prints; and why. */
  | { readonly kind: 'unknown'; readonly because: string; readonly at: Location }
  | { readonly kind: 'list'; readonly items: readonly Term[]; readonly at: Location }
  | {
      readonly kind: 'mapping';
      readonly entries: readonly { readonly key: Term; readonly value: Term }[];
      readonly at: Location;
    };

/** Where in the order of precedence a variable stands (design §8), weakest first. */
export const levels = [
  'role-default',
  'inventory-group-all',
  'inventory-group',
  'inventory-group-vars-all',
  'playbook-group-vars-all',
  'inventory-group-vars',
  'playbook-group-vars',
  'inventory-host',
  'inventory-host-vars',
  'playbook-host-vars',
  'fact',
  'play',
  'prompt',
  'vars-file',
  'role',
  'block',
  'task',
  'include-vars',
  'set-fact',
  'role-param',
  'include-param',
  'extra',
  'magic',
] as const;
export type Level = (typeof levels)[number];

/** A variable with the place it came from. */
export interface Variable {
  readonly term: Term;
  readonly level: Level;
  /** What it belongs to, such as `group web` or `role balancer`. */
  readonly origin: string;
}
export type Variables = ReadonlyMap<string, Variable>;
