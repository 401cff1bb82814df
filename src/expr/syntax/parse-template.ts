import { didYouMean } from '../../core/suggest.ts';
import type { Body, Expr, Span, Statement } from './ast.ts';
import { atTagEnd, cursor, SyntaxBreak, spanTo, unexpected } from './cursor.ts';
import { parseExpression, parseTuple } from './parse-expression.ts';
import { blockTags, parseTag, simpleTags } from './parse-tag.ts';
import type { TagContext } from './tag-context.ts';
import type { SyntaxProblem, Token } from './token.ts';

/** Builds the tree. A broken tag is reported and left out, and the tags after it are still read. */
export function parseTemplate(tokens: readonly Token[], textLength: number, problems: SyntaxProblem[]): Body {
  const at = cursor(tokens, textLength);
  const open: { readonly name: string; readonly ends: readonly string[]; readonly at: Span }[] = [];
  /** After an unknown tag its end tag is no news. */
  let unknownSeen = false;
  const context: TagContext = { at, head, body };
  /** Where the tag at hand begins. */
  let tagStart = 0;
  return statements();

  /** What the lexer could not read explains what the parser then finds missing. */
  function brokenAlready(from: number, to: number): boolean {
    return problems.some((one) => one.from >= from && one.from <= to && lexical.has(one.code));
  }

  function statements(): Body {
    const found: Statement[] = [];
    for (;;) {
      const token = at.peek();
      if (token.type === 'end' || (token.type === 'block-begin' && endsHere())) return found;
      const statement = one(token);
      if (statement !== undefined) found.push(statement);
    }
  }

  function one(token: Token): Statement | undefined {
    if (token.type !== 'data') tagStart = token.from;
    if (token.type === 'block-begin') return tag();
    at.next();
    if (token.type === 'data') return { kind: 'text', text: token.text, from: token.from, to: token.to };
    if (token.type !== 'variable-begin') return undefined;
    const value = head<Expr | undefined>(() => parseTuple(at, parseExpression, atTagEnd), undefined, 'variable-end');
    return value && { kind: 'output', value, ...spanTo(at, token.from) };
  }

  /** Whether the tag at hand ends the innermost block, or one around it, which then was left open. */
  function endsHere(): boolean {
    const word = at.peek(1);
    if (word.type !== 'name') return false;
    return open.some((block) => block.ends.includes(word.text));
  }

  function tag(): Statement | undefined {
    const begin = at.next();
    const word = at.peek();
    if (word.type !== 'name') {
      head(() => at.expectName('a tag name'), undefined, 'block-end');
      return undefined;
    }
    at.next();
    const statement = parseTag(word.text, begin.from, context);
    if (statement !== 'unknown') return statement;
    const stray = word.text.startsWith('end') || word.text === 'else' || word.text === 'elif';
    if (!stray || !unknownSeen) problems.push(stray ? strayTag(word) : unknownTag(word));
    if (!stray) unknownSeen = true;
    skipTag('block-end');
    return undefined;
  }

  /** Reads what stands inside a tag, up to and with its closing delimiter; `fallback` where it is broken. */
  function head<T>(read: () => T, fallback: T, end: 'variable-end' | 'block-end' = 'block-end'): T {
    try {
      const value = read();
      if (at.peek().type !== end) throw unexpected(at.peek(), 'the end of the tag');
      at.next();
      return value;
    } catch (error) {
      if (!(error instanceof SyntaxBreak)) throw error;
      if (!brokenAlready(tagStart, error.problem.to)) problems.push(error.problem);
      skipTag(end);
      return fallback;
    }
  }

  function skipTag(end: 'variable-end' | 'block-end'): void {
    while (at.peek().type !== end && at.peek().type !== 'end') at.next();
    at.next();
  }

  /** The statements up to one of `ends`, which is taken with its opening delimiter; the empty string where there is none. */
  function body(name: string, ends: readonly string[], begun: Span): { readonly body: Body; readonly end: string } {
    open.push({ name, ends, at: begun });
    const found = statements();
    open.pop();
    const word = at.peek(1);
    if (at.peek().type === 'block-begin' && word.type === 'name' && ends.includes(word.text)) {
      at.next();
      at.next();
      return { body: found, end: word.text };
    }
    const last = ends.at(-1) ?? '';
    problems.push({
      code: 'expr/unclosed-block',
      message: `The block "${name}" is not closed`,
      from: begun.from,
      to: begun.to,
      help: `Close it with {% ${last} %}`,
    });
    return { body: found, end: '' };
  }
}

const lexical: ReadonlySet<string> = new Set(['expr/open-string', 'expr/unexpected-character', 'expr/unclosed-tag']);

/** An expression that is the whole text, as in `when`. */
export function parseBare(tokens: readonly Token[], textLength: number, problems: SyntaxProblem[]): Expr {
  const at = cursor(tokens, textLength);
  try {
    const value = parseExpression(at);
    if (at.peek().type !== 'end') throw unexpected(at.peek(), 'the end of the expression');
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxBreak)) throw error;
    if (problems.length === 0) problems.push(error.problem);
    return { kind: 'const', value: null, from: 0, to: 0 };
  }
}

function strayTag(word: Span & { readonly text: string }): SyntaxProblem {
  return {
    code: 'expr/stray-tag',
    message: `There is no open block that "${word.text}" could belong to`,
    from: word.from,
    to: word.to,
  };
}

function unknownTag(word: Span & { readonly text: string }): SyntaxProblem {
  const help = helpFor(word.text);
  return {
    code: 'expr/unknown-tag',
    message: `Unknown tag "${word.text}"`,
    from: word.from,
    to: word.to,
    ...(help !== undefined && { help }),
  };
}

function helpFor(name: string): string | undefined {
  if (name === 'break' || name === 'continue')
    return 'Ansible has no loop controls; give the loop a condition, as in {% for x in list if … %}';
  if (name === 'extends') return 'Template inheritance is not supported; use {% include %} or {% import %}';
  return didYouMean(name, [...blockTags, ...simpleTags]);
}
