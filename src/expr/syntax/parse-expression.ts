import type { Arguments, BinaryOperator, CompareOperator, Expr, FilterCall, Name, Span } from './ast.ts';
import { type Cursor, SyntaxBreak, spanTo, unexpected } from './cursor.ts';
import { parsePrimary } from './parse-primary.ts';
import type { Token } from './token.ts';

/** `a if b else c`, the loosest expression. */
export function parseExpression(at: Cursor): Expr {
  return at.nested(() => {
    let node = parseOr(at);
    while (at.skipWord('if')) {
      const condition = parseOr(at);
      const otherwise = at.skipWord('else') ? parseExpression(at) : undefined;
      node = {
        kind: 'conditional',
        condition,
        chosen: node,
        ...(otherwise && { otherwise }),
        ...spanTo(at, node.from),
      };
    }
    return node;
  });
}

/** The same without a trailing `if`, as `{% for … in … if … %}` needs. */
export function parseOr(at: Cursor): Expr {
  let left = parseAnd(at);
  while (at.skipWord('or')) {
    const right = parseAnd(at);
    left = { kind: 'logical', operator: 'or', left, right, ...spanTo(at, left.from) };
  }
  return left;
}

function parseAnd(at: Cursor): Expr {
  let left = parseNot(at);
  while (at.skipWord('and')) {
    const right = parseNot(at);
    left = { kind: 'logical', operator: 'and', left, right, ...spanTo(at, left.from) };
  }
  return left;
}

function parseNot(at: Cursor): Expr {
  if (!at.atWord('not')) return parseComparison(at);
  const { from } = at.next();
  const operand = at.nested(() => parseNot(at));
  return { kind: 'unary', operator: 'not', operand, ...spanTo(at, from) };
}

function parseComparison(at: Cursor): Expr {
  const first = parseSum(at);
  const rest: { operator: CompareOperator; operand: Expr }[] = [];
  for (let operator = compareOperator(at); operator !== undefined; operator = compareOperator(at)) {
    rest.push({ operator, operand: parseSum(at) });
  }
  return rest.length === 0 ? first : { kind: 'comparison', first, rest, ...spanTo(at, first.from) };
}

/** Takes the operator when there is one. */
function compareOperator(at: Cursor): CompareOperator | undefined {
  for (const operator of ['==', '!=', '<=', '>=', '<', '>'] as const) if (at.skip(operator)) return operator;
  if (at.skipWord('in')) return 'in';
  const after = at.peek(1);
  if (!at.atWord('not') || after.type !== 'name' || after.text !== 'in') return undefined;
  at.next();
  at.next();
  return 'not in';
}

function parseSum(at: Cursor): Expr {
  return parseBinary(at, ['+', '-'], parseConcat);
}

function parseConcat(at: Cursor): Expr {
  const first = parseProduct(at);
  if (!at.at('~')) return first;
  const parts = [first];
  while (at.skip('~')) parts.push(parseProduct(at));
  return { kind: 'concat', parts, ...spanTo(at, first.from) };
}

function parseProduct(at: Cursor): Expr {
  return parseBinary(at, ['*', '/', '//', '%'], parsePower);
}

/** Jinja's `**` takes its left neighbours first, unlike Python's. */
function parsePower(at: Cursor): Expr {
  return parseBinary(at, ['**'], (inner) => parseUnary(inner, true));
}

function parseBinary(at: Cursor, operators: readonly BinaryOperator[], operand: (at: Cursor) => Expr): Expr {
  let left = operand(at);
  for (;;) {
    const operator = operators.find((one) => at.at(one));
    if (operator === undefined) return left;
    at.next();
    const right = operand(at);
    left = { kind: 'binary', operator, left, right, ...spanTo(at, left.from) };
  }
}

/** `-x | abs` filters the negated value: the sign binds tighter than a filter. */
function parseUnary(at: Cursor, filters: boolean): Expr {
  const operator = at.at('-') ? '-' : at.at('+') ? '+' : undefined;
  let node: Expr;
  if (operator === undefined) node = parsePrimary(at, parseExpression);
  else {
    const { from } = at.next();
    const operand = at.nested(() => parseUnary(at, false));
    node = { kind: 'unary', operator, operand, ...spanTo(at, from) };
  }
  node = parsePostfix(at, node);
  return filters ? parseFilters(at, node) : node;
}

/** Attributes, items and calls. */
function parsePostfix(at: Cursor, start: Expr): Expr {
  let node = start;
  for (;;) {
    if (at.at('.')) node = parseDot(at, node);
    else if (at.at('[')) node = parseSubscript(at, node);
    else if (at.at('(')) node = { kind: 'call', callee: node, args: parseArguments(at), ...spanTo(at, node.from) };
    else return node;
  }
}

function parseDot(at: Cursor, object: Expr): Expr {
  at.next();
  const token = at.peek();
  if (token.type === 'name') {
    at.next();
    return { kind: 'attribute', object, name: token.text, nameAt: token, ...spanTo(at, object.from) };
  }
  if (token.type !== 'integer') throw unexpected(token, 'a name after "."');
  at.next();
  const key: Expr = { kind: 'const', value: token.value, from: token.from, to: token.to };
  return { kind: 'item', object, key, ...spanTo(at, object.from) };
}

function parseSubscript(at: Cursor, object: Expr): Expr {
  at.next();
  if (at.at(']')) throw unexpected(at.peek(), 'an index');
  const start = at.at(':') ? undefined : parseExpression(at);
  if (at.skip(':')) {
    const stop = at.at(']') || at.at(':') ? undefined : parseExpression(at);
    const step = at.skip(':') && !at.at(']') ? parseExpression(at) : undefined;
    at.expect(']');
    return {
      kind: 'slice',
      object,
      ...(start && { start }),
      ...(stop && { stop }),
      ...(step && { step }),
      ...spanTo(at, object.from),
    };
  }
  const key = start ?? { kind: 'const', value: null, ...spanTo(at, at.end()) };
  const items = [key];
  while (at.skip(',')) items.push(parseExpression(at));
  at.expect(']');
  const only: Expr = items.length === 1 ? key : { kind: 'tuple', items, ...spanTo(at, key.from) };
  return { kind: 'item', object, key: only, ...spanTo(at, object.from) };
}

/** Filters, tests and calls behind an operand. */
function parseFilters(at: Cursor, start: Expr): Expr {
  let node = start;
  for (;;) {
    if (at.at('|')) node = parseFilter(at, node);
    else if (at.atWord('is')) node = parseTest(at, node);
    else if (at.at('(')) node = { kind: 'call', callee: node, args: parseArguments(at), ...spanTo(at, node.from) };
    else return node;
  }
}

/** One `| name(…)`; without an input, the head of a filter block, its bar not written. */
export function parseFilter(at: Cursor, input: Expr | undefined): FilterCall {
  const from = input?.from ?? at.peek().from;
  if (input !== undefined) at.next();
  const nameAt = dottedName(at, 'a filter name');
  const args = at.at('(') ? parseArguments(at) : noArguments;
  return { kind: 'filter', name: nameAt.text, nameAt, args, ...(input && { input }), ...spanTo(at, from) };
}

function parseTest(at: Cursor, input: Expr): Expr {
  at.next();
  const negated = at.skipWord('not');
  const nameAt = dottedName(at, 'a test name');
  const args = at.at('(') ? parseArguments(at) : bareArgument(at);
  return { kind: 'test', input, name: nameAt.text, nameAt, args, negated, ...spanTo(at, input.from) };
}

/** `is divisibleby 3`: one argument may do without brackets. */
function bareArgument(at: Cursor): Arguments {
  const token = at.peek();
  if (!beginsOperand(token)) return noArguments;
  if (at.atWord('is'))
    throw new SyntaxBreak({
      code: 'expr/chained-test',
      message: 'One test cannot follow another',
      from: token.from,
      to: token.to,
      help: 'Join them with "and"',
    });
  return { positional: [parsePostfix(at, parsePrimary(at, parseExpression))], named: [] };
}

function beginsOperand(token: Token): boolean {
  if (token.type === 'name') return !['else', 'or', 'and'].includes(token.text);
  if (token.type === 'operator') return ['(', '[', '{'].includes(token.text);
  return token.type === 'string' || token.type === 'integer' || token.type === 'float';
}

function dottedName(at: Cursor, what: string): Span & { readonly text: string } {
  const first = at.expectName(what);
  let text = first.text;
  while (at.skip('.')) text += `.${at.expectName(what).text}`;
  return { text, from: first.from, to: at.end() };
}

const noArguments: Arguments = { positional: [], named: [] };

/** `(a, b=c, *d, **e)` */
function parseArguments(at: Cursor): Arguments {
  at.expect('(');
  const positional: Expr[] = [];
  const named: { name: string; value: Expr; at: Span }[] = [];
  let spread: Expr | undefined;
  let spreadNamed: Expr | undefined;
  while (!at.at(')')) {
    const token = at.peek();
    if (at.at('**') && spreadNamed === undefined) {
      at.next();
      spreadNamed = parseExpression(at);
    } else if (at.at('*') && spread === undefined && spreadNamed === undefined) {
      at.next();
      spread = parseExpression(at);
    } else if (isNamed(at) && spreadNamed === undefined) {
      const name: Name = { kind: 'name', name: at.expectName('a name').text, from: token.from, to: token.to };
      at.expect('=');
      named.push({ name: name.name, value: parseExpression(at), at: token });
    } else if (named.length === 0 && spread === undefined && spreadNamed === undefined) {
      positional.push(parseExpression(at));
    } else throw unexpected(token, 'a named argument');
    if (!at.at(')')) at.expect(',');
  }
  at.next();
  return { positional, named, ...(spread && { spread }), ...(spreadNamed && { spreadNamed }) };
}

function isNamed(at: Cursor): boolean {
  const after = at.peek(1);
  return at.peek().type === 'name' && after.type === 'operator' && after.text === '=';
}

/** One expression, or several with commas between: a tuple. */
export function parseTuple(at: Cursor, one: (at: Cursor) => Expr, ends: (at: Cursor) => boolean): Expr {
  const { from } = at.peek();
  const items: Expr[] = [];
  let commas = false;
  for (;;) {
    if (items.length > 0) at.expect(',');
    if (ends(at)) break;
    items.push(one(at));
    if (!at.at(',')) break;
    commas = true;
  }
  const [only] = items;
  if (only === undefined) throw unexpected(at.peek(), 'an expression');
  return commas ? { kind: 'tuple', items, ...spanTo(at, from) } : only;
}
