import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { positionOf } from '../../../src/core/source.ts';
import type { Value } from '../../../src/core/value.ts';
import type { Outcome } from '../../../src/expr/api.ts';
import { compileExpression } from '../../../src/expr/compile.ts';
import { evaluateExpression } from '../../../src/expr/evaluate.ts';
import { createScope, type Scope, type ScopeOptions } from '../../../src/vars/scope.ts';
import type { Level, Variables } from '../../../src/vars/term.ts';
import { variablesOfNode } from '../../../src/vars/variables.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';

/** The variables of a YAML text; its path is its level. */
export function layer(text: string, level: Level = 'play', origin = 'play'): Variables {
  return variablesOfNode(parseYaml({ path: level, text }).root, level, origin).variables;
}

/** A scope over layers of YAML, weakest first. */
export function scopeOf(...layers: readonly (string | Variables)[]): Scope {
  return scopeWith({ layers: layers.map((one) => (typeof one === 'string' ? layer(one) : one)) });
}

export function scopeWith(options: Partial<ScopeOptions>): Scope {
  return createScope({ layers: [], answer: () => undefined, now: () => 0, random: () => 0, ...options });
}

export function evaluate(expression: string, scope: Scope): Outcome {
  const source = { path: 'expression', text: expression };
  const compiled = compileExpression(expression, (start, end) => ({ source, start, end }));
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((one) => one.message).join('; '));
  return evaluateExpression(compiled.value, scope);
}

/** The value of an expression; fails the test where there is none. */
export function valueIn(scope: Scope, expression: string): Value {
  const outcome = evaluate(expression, scope);
  if (outcome.kind === 'value') return outcome.value;
  throw new Error(outcome.kind === 'failed' ? outcome.error.message : 'Something is still to be answered');
}

/** `code line:column message`, one each. */
export function told(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, severity, message, at }) => {
    const { line, column } = at === undefined ? { line: 0, column: 0 } : positionOf(at.source, at.start);
    return `${severity} ${code} ${line}:${column} ${message}`;
  });
}
