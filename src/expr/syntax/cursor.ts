import { unreachable } from '../../core/result.ts';
import type { Span } from './ast.ts';
import type { SyntaxProblem, Token } from './token.ts';

/** Thrown where the grammar is broken; caught at the tag, so that the tags after it are still read. */
export class SyntaxBreak extends Error {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A place among the tokens. */
export interface Cursor {
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the next token is this operator. */
  at(operator: string): boolean;
  /** Whether the next token is this word. */
  atWord(word: string): boolean;
  skip(operator: string): boolean;
  skipWord(word: string): boolean;
  expect(operator: string): Token;
  expectName(what: string): Span & { readonly text: string };
  /** Where the last token that was taken ended. */
  end(): number;
  /** Counts how deep the grammar has gone; `run` goes one level down. */
  nested<T>(run: () => T): T;
}

/** Deeper nesting is refused rather than left to the JavaScript stack. */
const DEPTH = 200;

export function cursor(tokens: readonly Token[], textLength: number): Cursor {
  let index = 0;
  let depth = 0;
  let end = 0;
  const last: Token = tokens.at(-1) ?? { type: 'end', from: textLength, to: textLength };
  const peek = (ahead = 0): Token => tokens[index + ahead] ?? last;
  const isOperator = (token: Token, text: string): boolean => token.type === 'operator' && token.text === text;
  const isWord = (token: Token, text: string): boolean => token.type === 'name' && token.text === text;
  const next = (): Token => {
    const token = peek();
    if (index < tokens.length) index++;
    end = token.to;
    return token;
  };
  const skipIf = (yes: boolean): boolean => {
    if (yes) next();
    return yes;
  };
  return {
    peek,
    next,
    at: (operator) => isOperator(peek(), operator),
    atWord: (word) => isWord(peek(), word),
    skip: (operator) => skipIf(isOperator(peek(), operator)),
    skipWord: (word) => skipIf(isWord(peek(), word)),
    expect(operator) {
      if (!isOperator(peek(), operator)) throw unexpected(peek(), `"${operator}"`);
      return next();
    },
    expectName(what) {
      const token = peek();
      if (token.type !== 'name') throw unexpected(token, what);
      next();
      return token;
    },
    end: () => end,
    nested(run) {
      if (depth >= DEPTH)
        throw new SyntaxBreak({
          code: 'expr/too-deep',
          message: `This is nested more than ${DEPTH} levels deep`,
          from: peek().from,
          to: peek().to,
          help: 'Give the inner parts names with {% set %}',
        });
      depth++;
      try {
        return run();
      } finally {
        depth--;
      }
    },
  };
}

export function unexpected(token: Token, expected: string): SyntaxBreak {
  return new SyntaxBreak({
    code: 'expr/unexpected-token',
    message: `Expected ${expected}, found ${describe(token)}`,
    from: token.from,
    to: token.to,
    ...helpFor(token),
  });
}

/** Words of other languages, and what they are here. */
const words: ReadonlyMap<string, string> = new Map([
  ['=', 'Write "==" to compare'],
  ['contains', 'Write "is contains(…)", or "… in …" the other way round'],
  ['equals', 'Write "==" to compare'],
  ['matches', 'Write "is match(…)"'],
]);

function helpFor(token: Token): { readonly help?: string } {
  const help = token.type === 'operator' || token.type === 'name' ? words.get(token.text) : undefined;
  return help === undefined ? {} : { help };
}

function describe(token: Token): string {
  switch (token.type) {
    case 'name':
    case 'operator':
      return `"${token.text}"`;
    case 'string':
      return 'a string';
    case 'integer':
    case 'float':
      return `the number ${token.value}`;
    case 'variable-begin':
    case 'block-begin':
    case 'data':
      return 'text';
    case 'variable-end':
    case 'block-end':
      return 'the end of the tag';
    case 'end':
      return 'the end of the text';
    default:
      return unreachable(token);
  }
}

export function atTagEnd(at: Cursor): boolean {
  const { type } = at.peek();
  return type === 'variable-end' || type === 'block-end' || type === 'end' || at.at(')');
}

export function spanTo(at: Cursor, from: number): Span {
  return { from, to: at.end() };
}
