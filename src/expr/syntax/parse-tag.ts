import type { Body, Expr, FilterCall, Statement, Target } from './ast.ts';
import { atTagEnd, type Cursor, spanTo, unexpected } from './cursor.ts';
import { parseExpression, parseFilter, parseOr, parseTuple } from './parse-expression.ts';
import { parseFrom, parseImport, parseInclude } from './parse-include.ts';
import { parseCallBlock, parseMacro } from './parse-macro.ts';
import type { TagContext } from './tag-context.ts';

export const blockTags = ['if', 'for', 'macro', 'call', 'filter', 'with', 'block', 'raw', 'autoescape'] as const;
export const simpleTags = ['set', 'do', 'include', 'import', 'from'] as const;

/** The statement of a tag whose name has been taken; `unknown` for a name that is none. */
export function parseTag(name: string, from: number, context: TagContext): Statement | undefined | 'unknown' {
  switch (name) {
    case 'if':
      return parseIf(from, context);
    case 'for':
      return parseFor(from, context);
    case 'set':
      return parseSet(from, context);
    case 'do':
      return parseDo(from, context);
    case 'with':
      return parseWith(from, context);
    case 'filter':
      return parseFilterBlock(from, context);
    case 'block':
      return parseBlock(from, context);
    case 'macro':
      return parseMacro(from, context);
    case 'call':
      return parseCallBlock(from, context);
    case 'include':
      return parseInclude(from, context);
    case 'import':
      return parseImport(from, context);
    case 'from':
      return parseFrom(from, context);
    default:
      return 'unknown';
  }
}

/** What stands for a broken expression: the diagnostic keeps the template from running. */
const broken: Expr = { kind: 'const', value: null, from: 0, to: 0 };
const brokenTarget: Target = { kind: 'name', name: '_', from: 0, to: 0 };

function parseIf(from: number, { at, head, body }: TagContext): Statement {
  const branches: { condition: Expr; body: Body }[] = [];
  let otherwise: Body = [];
  let word = 'if';
  while (word === 'if' || word === 'elif') {
    const condition = head(() => parseTuple(at, parseExpression, atTagEnd), broken);
    const branch = body('if', ['elif', 'else', 'endif'], spanTo(at, from));
    branches.push({ condition, body: branch.body });
    word = branch.end;
  }
  if (word === 'else') {
    head(() => undefined, undefined);
    const last = body('if', ['endif'], spanTo(at, from));
    otherwise = last.body;
    word = last.end;
  }
  if (word !== '') head(() => undefined, undefined);
  return { kind: 'if', branches, otherwise, ...spanTo(at, from) };
}

function parseFor(from: number, { at, head, body }: TagContext): Statement {
  const read = head(
    () => {
      const target = parseTarget(at);
      if (!at.skipWord('in')) throw unexpected(at.peek(), '"in"');
      const items = parseTuple(at, parseOr, (cursor) => atTagEnd(cursor) || cursor.atWord('recursive'));
      const condition = at.skipWord('if') ? parseExpression(at) : undefined;
      return { target, items, ...(condition && { condition }), recursive: at.skipWord('recursive') };
    },
    { target: brokenTarget, items: broken, recursive: false },
  );
  const main = body('for', ['else', 'endfor'], spanTo(at, from));
  let otherwise: Body = [];
  let { end } = main;
  if (end === 'else') {
    head(() => undefined, undefined);
    const last = body('for', ['endfor'], spanTo(at, from));
    otherwise = last.body;
    ({ end } = last);
  }
  if (end !== '') head(() => undefined, undefined);
  return { kind: 'for', ...read, body: main.body, otherwise, ...spanTo(at, from) };
}

function parseSet(from: number, context: TagContext): Statement | undefined {
  const { at, head } = context;
  const read = head<{ target: Target; value?: Expr; filter?: FilterCall } | undefined>(() => {
    const target = parseTarget(at);
    if (at.skip('=')) return { target, value: parseTuple(at, parseExpression, atTagEnd) };
    const filter = at.skip('|') ? parseFilterChain(at) : undefined;
    return { target, ...(filter && { filter }) };
  }, undefined);
  if (read === undefined) return undefined;
  const { target, value, filter } = read;
  if (value !== undefined) return { kind: 'set', target, value, ...spanTo(at, from) };
  const inner = closed('set', 'endset', from, context);
  return { kind: 'set-block', target, body: inner, ...(filter && { filter }), ...spanTo(at, from) };
}

function parseDo(from: number, { at, head }: TagContext): Statement | undefined {
  const value = head<Expr | undefined>(() => parseTuple(at, parseExpression, atTagEnd), undefined);
  return value && { kind: 'do', value, ...spanTo(at, from) };
}

function parseWith(from: number, context: TagContext): Statement {
  const { at, head } = context;
  const bindings = head<{ target: Target; value: Expr }[]>(() => {
    const found: { target: Target; value: Expr }[] = [];
    while (!atTagEnd(at)) {
      if (found.length > 0) at.expect(',');
      const target = parseName(at);
      at.expect('=');
      found.push({ target, value: parseExpression(at) });
    }
    return found;
  }, []);
  return { kind: 'with', bindings, body: closed('with', 'endwith', from, context), ...spanTo(at, from) };
}

function parseFilterBlock(from: number, context: TagContext): Statement | undefined {
  const { at, head } = context;
  const filter = head<FilterCall | undefined>(() => parseFilterChain(at), undefined);
  const body = closed('filter', 'endfilter', from, context);
  return filter && { kind: 'filter-block', filter, body, ...spanTo(at, from) };
}

/** `a | b(1)`: the first filter takes the block's text. */
function parseFilterChain(at: Cursor): FilterCall {
  let filter = parseFilter(at, undefined);
  while (at.at('|')) filter = parseFilter(at, filter);
  return filter;
}

/** A named part; without inheritance it is printed where it stands. */
function parseBlock(from: number, context: TagContext): Statement {
  const { at, head, body } = context;
  const name = head(() => {
    const found = at.expectName('a block name').text;
    while (at.skipWord('scoped') || at.skipWord('required')) continue;
    return found;
  }, '');
  const inner = body('block', ['endblock'], spanTo(at, from));
  if (inner.end !== '') {
    head(() => {
      if (at.peek().type === 'name') at.next();
    }, undefined);
  }
  return { kind: 'block', name, body: inner.body, ...spanTo(at, from) };
}

/** The body of a block with one end tag, which is taken whole. */
function closed(name: string, end: string, from: number, context: TagContext): Body {
  const inner = context.body(name, [end], spanTo(context.at, from));
  if (inner.end !== '') context.head(() => undefined, undefined);
  return inner.body;
}

/** `a`, `ns.a`, `a, b` or `(a, b)`. */
function parseTarget(at: Cursor): Target {
  const { from } = at.peek();
  const items = [parseTargetItem(at)];
  let commas = false;
  while (at.skip(',')) {
    commas = true;
    if (at.atWord('in') || at.at('=') || at.at(')')) break;
    items.push(parseTargetItem(at));
  }
  const [only] = items;
  return only !== undefined && !commas ? only : { kind: 'tuple', items, ...spanTo(at, from) };
}

function parseTargetItem(at: Cursor): Target {
  if (!at.skip('(')) return parseName(at, true);
  const target = parseTarget(at);
  at.expect(')');
  return target;
}

const reserved = new Set(['true', 'false', 'none', 'True', 'False', 'None']);

function parseName(at: Cursor, fields = false): Target {
  const token = at.peek();
  const { text: name, from } = at.expectName('a variable name');
  if (reserved.has(name)) throw unexpected(token, 'a variable name');
  if (!fields || !at.skip('.')) return { kind: 'name', name, ...spanTo(at, from) };
  const field = at.expectName('a field of the namespace').text;
  return { kind: 'field', name, field, ...spanTo(at, from) };
}
