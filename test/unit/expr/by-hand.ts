import { placeText } from '../../../src/core/source.ts';
import { fromJson, type Json, type Mapping, type Value } from '../../../src/core/value.ts';
import type { FreeNames, Outcome } from '../../../src/expr/api.ts';
import { compileExpression, compileTemplate, type TemplateOptions } from '../../../src/expr/compile.ts';
import { evaluateExpression, evaluateTemplate } from '../../../src/expr/evaluate.ts';
import { environment, placeIn, type World } from '../../rig/expr-environment.ts';

export type Variables = Readonly<Record<string, Json>>;

export function mapping(variables: Variables): Mapping {
  return new Map(Object.entries(variables).map(([name, value]): [Value, Value] => [name, fromJson(value)]));
}

/** The outcome of a template that compiles. */
export function render(text: string, variables: Variables = {}, world: World = {}): Outcome {
  const compiled = compileTemplate(text, placeIn(text));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((one) => one.message).join('; '));
  return evaluateTemplate(compiled.value, environment(mapping(variables), world), { native: true });
}

/** The outcome of an expression that compiles. */
export function compute(text: string, variables: Variables = {}, world: World = {}): Outcome {
  const compiled = compileExpression(text, placeIn(text));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((one) => one.message).join('; '));
  return evaluateExpression(compiled.value, environment(mapping(variables), world));
}

/** Why it failed and where, in one line each. */
export function failureOf(outcome: Outcome): string {
  if (outcome.kind !== 'failed') throw new Error(`It did not fail: ${outcome.kind}`);
  const { at, message, help } = outcome.error;
  return `${placeText(at)} ${message}${help === undefined ? '' : ` (${help})`}`;
}

/** What is wrong with a template, with the text that is marked. */
export function problemsOf(text: string, options: TemplateOptions = {}): readonly string[] {
  const compiled = compileTemplate(text, placeIn(text), options);
  if (compiled.ok) return [];
  return compiled.diagnostics.map(
    ({ code, message, at, help }) =>
      `${code} [${at === undefined ? '' : text.slice(at.start, at.end)}] ${message}${help === undefined ? '' : ` (${help})`}`,
  );
}

/** What an expression reads: `name.path`, `?` behind what is guarded, `~` behind what is read under a condition. */
export function readsOf(text: string, kind: 'template' | 'expression' = 'expression'): readonly string[] {
  return namesOf(text, kind).variables.map(
    ({ name, path, guarded, conditional }) =>
      [name, ...path].join('.') + (guarded ? '?' : '') + (conditional ? '~' : ''),
  );
}

export function namesOf(text: string, kind: 'template' | 'expression' = 'expression'): FreeNames {
  const compiled = kind === 'template' ? compileTemplate(text, placeIn(text)) : compileExpression(text, placeIn(text));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((one) => one.message).join('; '));
  return compiled.value.names;
}
