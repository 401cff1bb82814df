import type { Include } from '../tree.ts';
import { possibleTexts } from './literal-arguments.ts';
import type { Formula } from './uses.ts';

/** One file or role that an include may name. */
export interface Target {
  readonly name: string;
  /** What is evaluated to choose it among others; absent where it is named for certain. */
  readonly chosenBy?: Formula;
}

/** What an include names literally, for each item of a literal loop, or in the branches of a conditional expression. */
export function literalTargets(include: Include): readonly Target[] | undefined {
  const texts = possibleTexts(include.target, include.loop);
  if (texts !== undefined) return [...new Set(texts)].map((name) => ({ name }));
  if (include.target.kind !== 'template') return undefined;
  const { template } = include.target;
  const inner = /^\s*\{\{-?([^{}]*?)-?\}\}\s*$/s.exec(template.text)?.[1];
  const branches = inner === undefined ? undefined : branchesOf(inner);
  return branches?.map((name) => ({ name, chosenBy: template }));
}

/** `'a' if x else 'b'`: a and b; `undefined` of anything else. */
function branchesOf(expression: string): readonly string[] | undefined {
  const literal = /^\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*/.exec(expression);
  if (literal === null) return undefined;
  const name = literal[1] ?? literal[2] ?? '';
  const rest = expression.slice(literal[0].length);
  if (rest === '') return [name];
  const otherwise = /^if\s[^]*?\selse\s+(?=['"][^'"]*['"]\s*($|if\s))/.exec(rest);
  const others = otherwise === null ? undefined : branchesOf(rest.slice(otherwise[0].length));
  return others === undefined ? undefined : [name, ...others];
}
