import { parsePattern } from '../python/regex/parse.ts';
import { groupsOfReplacement } from '../python/regex/replace.ts';
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
  const short = name.slice(name.lastIndexOf('.') + 1);
  const named = patternArguments.get(short);
  if (named === undefined) return;
  const pattern: Expr | undefined = args.positional[0] ?? args.named.find((one) => named.includes(one.name))?.value;
  if (pattern?.kind !== 'const' || typeof pattern.value !== 'string') return;
  try {
    const { groups, names } = parsePattern(pattern.value);
    checkGroups(short, args, (group) => (/^\d+$/.test(group) ? Number(group) <= groups : names.has(group)), problems);
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

/** Groups that are written out, in a replacement or to be given, and that the pattern does not have. */
function checkGroups(
  filter: string,
  { positional, named }: Arguments,
  has: (group: string) => boolean,
  problems: SyntaxProblem[],
): void {
  const replacement = positional[1] ?? named.find((one) => one.name === 'replacement')?.value;
  const asked = filter === 'regex_search' ? positional.slice(1) : filter === 'regex_replace' ? [replacement] : [];
  for (const node of asked) {
    if (node?.kind !== 'const' || typeof node.value !== 'string') continue;
    const missing = groupsOfReplacement(node.value).find((group) => !has(group));
    if (missing === undefined) continue;
    problems.push({
      code: 'expr/constant-regex',
      message: `The pattern has no group "${missing}"`,
      from: node.from,
      to: node.to,
      help: 'Put round brackets around the part of the pattern that is meant',
    });
  }
}
