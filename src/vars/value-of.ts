import type { Environment, Outcome } from '../expr/api.ts';
import { compileExpression } from '../expr/compile.ts';
import { evaluateExpression } from '../expr/evaluate.ts';

/** The whole value of one variable; `undefined` where nothing defines it. */
export function valueOf(name: string, env: Environment): Outcome | undefined {
  const found = env.resolve(name);
  if (found === undefined) return undefined;
  if (found === null || typeof found !== 'object' || !('kind' in found)) return { kind: 'value', value: found };
  const whole = { source: { path: name, text: name }, start: 0, end: name.length };
  const compiled = compileExpression(name, () => whole);
  if (!compiled.ok) throw new Error(`"${name}" is no name of a variable`);
  return evaluateExpression(compiled.value, env);
}
