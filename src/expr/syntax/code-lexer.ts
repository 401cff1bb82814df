import { unescape } from './string-literal.ts';
import type { SyntaxProblem, Token } from './token.ts';

const pattern = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<float>(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))`,
    String.raw`(?<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)`,
    String.raw`(?<name>[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*)`,
    String.raw`(?<string>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")`,
    String.raw`(?<operator>\/\/|\*\*|==|!=|>=|<=|[+\-/*%~[\](){}<>=.:|,;])`,
  ].join('|'),
  'uy',
);

/** How one piece of code ended. */
interface CodeEnd {
  /** Where the closing delimiter begins, or the end of the text. */
  readonly at: number;
  readonly closed: boolean;
}

/**
 * Reads the code between two delimiters, or a whole expression when there is no `closing`.
 * A closing delimiter inside brackets does not close, as in `{{ {'a': {}} }}`.
 */
export function lexCode(
  text: string,
  start: number,
  closing: RegExp | undefined,
  escapes: boolean,
  tokens: Token[],
  problems: SyntaxProblem[],
): CodeEnd {
  let at = start;
  const brackets: string[] = [];
  while (at < text.length) {
    if (closing !== undefined && (brackets.length === 0 || !closesBracket(text[at], brackets))) {
      closing.lastIndex = at;
      if (closing.test(text)) return { at, closed: true };
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) {
      const { problem, token, end } = strange(text, at, closing);
      problems.push(problem);
      if (token !== undefined) tokens.push(token);
      at = end;
      continue;
    }
    const to = at + match[0].length;
    const token = tokenOf(match, at, to, escapes);
    if (token?.type === 'operator') track(token.text, brackets);
    if (token !== undefined) tokens.push(token);
    at = to;
  }
  return { at, closed: closing === undefined };
}

function tokenOf(match: RegExpExecArray, from: number, to: number, escapes: boolean): Token | undefined {
  const { float, integer, name, string, operator } = match.groups ?? {};
  if (name !== undefined) return { type: 'name', text: name, from, to };
  if (operator !== undefined) return { type: 'operator', text: operator, from, to };
  if (string !== undefined) return { type: 'string', value: stringValue(string, escapes), from, to };
  if (integer !== undefined) return { type: 'integer', value: BigInt(integer.replaceAll('_', '')), from, to };
  if (float !== undefined) return { type: 'float', value: Number(float.replaceAll('_', '')), from, to };
  return undefined;
}

function stringValue(literal: string, escapes: boolean): string {
  const inner = literal.slice(1, -1).replaceAll(/\r\n?/g, '\n');
  return escapes ? unescape(inner) : inner;
}

const pairs: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** A stray closing bracket is left to the parser, which knows what was expected. */
function track(operator: string, brackets: string[]): void {
  const closer = pairs[operator];
  if (closer !== undefined) brackets.push(closer);
  else if (brackets.at(-1) === operator) brackets.pop();
}

function closesBracket(char: string | undefined, brackets: readonly string[]): boolean {
  return brackets.at(-1) === '}' && char === '}';
}

/** What cannot be read, and where reading goes on; an open string counts as one up to there. */
function strange(
  text: string,
  at: number,
  closing: RegExp | undefined,
): { readonly problem: SyntaxProblem; readonly token?: Token; readonly end: number } {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (char === "'" || char === '"') {
    const end = endOfString(text, at, closing);
    const problem = { code: 'expr/open-string', message: 'This string is not closed', from: at, to: end } as const;
    const value = text.slice(at + 1, end);
    return {
      problem: { ...problem, help: `Close it with ${char}` },
      token: { type: 'string', value, from: at, to: end },
      end,
    };
  }
  let end = at + char.length;
  while (text.startsWith(char, end)) end += char.length;
  const help = char === '&' ? 'Write "and"' : char === '!' ? 'Write "not", or "!=" to compare' : undefined;
  const problem = {
    code: 'expr/unexpected-character',
    message: `Unexpected character "${char}"`,
    from: at,
    to: end,
  } as const;
  return { problem: { ...problem, ...(help !== undefined && { help }) }, end };
}

/** The end of the tag or of the line, whichever comes first. */
function endOfString(text: string, at: number, closing: RegExp | undefined): number {
  const newline = text.indexOf('\n', at);
  const line = newline === -1 ? text.length : newline;
  if (closing === undefined) return line;
  for (let end = at + 1; end < line; end++) {
    closing.lastIndex = end;
    if (closing.test(text)) return text.slice(0, end).trimEnd().length;
  }
  return line;
}
