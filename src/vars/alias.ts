import type { Expression, Template } from '../expr/api.ts';

/** A template that is one variable or an attribute of one and nothing else, such as `{{ cluster.network }}`. */
export interface Alias {
  readonly name: string;
  readonly path: readonly string[];
}

/** What a template stands for, so that its parts can be had without evaluating all of it. */
export function aliasOf(formula: Template | Expression): Alias | undefined {
  const [variable, ...others] = formula.names.variables;
  if (formula.kind !== 'template' || variable === undefined || others.length > 0) return undefined;
  const { name, path } = variable;
  const inner = /^\{\{[-+]?(.*?)-?\}\}$/s.exec(formula.text)?.[1]?.trim();
  return inner === [name, ...path].join('.') ? { name, path } : undefined;
}
