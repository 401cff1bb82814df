import { parsePattern } from '../python/regex/parse.ts';
import { PatternError } from '../python/regex/pattern-error.ts';
import type { Arguments, Expr } from '../syntax/ast.ts';
import type { SyntaxProblem } from '../syntax/token.ts';

/** The names of the argument that is a pattern, by filter and test. */
const patternArguments: ReadonlyMap<string, readonly string[]> = new Map([
  ['regex_replace', ['pattern']],
  ['regex_search', ['regex']],
  ['regex_findall', ['regex']],
  ['match', ['pattern']],
  ['search', ['pattern']],
  ['regex', ['pattern']],
]);

/** A pattern that is written out and cannot be read. */
export function checkPattern(name: string, args: Arguments, problems: SyntaxProblem[]): void {
  const named = patternArguments.get(name.slice(name.lastIndexOf('.') + 1));
  if (named === undefined) return;
  const pattern: Expr | undefined = args.positional[0] ?? args.named.find((one) => named.includes(one.name))?.value;
  if (pattern?.kind !== 'const' || typeof pattern.value !== 'string') return;
  try {
    parsePattern(pattern.value);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    problems.push({
      code: 'expr/constant-regex',
      message: `"${pattern.value}" is no regular expression: ${error.message}`,
      from: pattern.from,
      to: pattern.to,
      help: `Look at character ${error.at + 1} of the pattern`,
    });
  }
}
