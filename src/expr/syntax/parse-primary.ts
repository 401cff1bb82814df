import type { Expr } from './ast.ts';
import { atTagEnd, type Cursor, SyntaxBreak, spanTo, unexpected } from './cursor.ts';

/** Handed in, since an expression is made of operands and an operand of expressions. */
type Parse = (at: Cursor) => Expr;

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const operatorsOfOthers: ReadonlyMap<string, string> = new Map([
  ['!', 'Write "not"'],
  ['=', 'Write "==" to compare'],
  ['|', 'A filter needs a value before it'],
]);

/** A name, a literal, or something in brackets. */
export function parsePrimary(at: Cursor, parseExpression: Parse): Expr {
  const token = at.peek();
  const { from, to } = token;
  if (token.type === 'name') {
    at.next();
    const value = constants.get(token.text);
    return value === undefined ? { kind: 'name', name: token.text, from, to } : { kind: 'const', value, from, to };
  }
  if (token.type === 'string') return parseStrings(at);
  if (token.type === 'integer' || token.type === 'float') {
    at.next();
    return { kind: 'const', value: token.value, from, to };
  }
  if (at.at('(')) return at.nested(() => parseBrackets(at, parseExpression));
  if (at.at('[')) return at.nested(() => parseList(at, parseExpression));
  if (at.at('{')) return at.nested(() => parseDict(at, parseExpression));
  const { problem } = unexpected(token, 'an expression');
  const help = token.type === 'operator' ? operatorsOfOthers.get(token.text) : undefined;
  throw new SyntaxBreak({ ...problem, ...(help !== undefined && { help }) });
}

/** Strings that follow each other are one string. */
function parseStrings(at: Cursor): Expr {
  const { from } = at.peek();
  let value = '';
  for (let token = at.peek(); token.type === 'string'; token = at.peek()) {
    value += token.value;
    at.next();
  }
  return { kind: 'const', value, ...spanTo(at, from) };
}

function parseBrackets(at: Cursor, parseExpression: Parse): Expr {
  const { from } = at.next();
  const items: Expr[] = [];
  let commas = false;
  while (!at.at(')')) {
    if (atTagEnd(at)) throw unexpected(at.peek(), '")"');
    items.push(parseExpression(at));
    if (!at.at(',')) break;
    at.next();
    commas = true;
  }
  at.expect(')');
  const [only] = items;
  return only !== undefined && !commas ? only : { kind: 'tuple', items, ...spanTo(at, from) };
}

function parseList(at: Cursor, parseExpression: Parse): Expr {
  const { from } = at.next();
  const items: Expr[] = [];
  while (!at.at(']')) {
    items.push(parseExpression(at));
    if (!at.at(']')) at.expect(',');
  }
  at.next();
  return { kind: 'list', items, ...spanTo(at, from) };
}

function parseDict(at: Cursor, parseExpression: Parse): Expr {
  const { from } = at.next();
  const entries: { key: Expr; value: Expr }[] = [];
  while (!at.at('}')) {
    const key = parseExpression(at);
    at.expect(':');
    entries.push({ key, value: parseExpression(at) });
    if (!at.at('}')) at.expect(',');
  }
  at.next();
  return { kind: 'dict', entries, ...spanTo(at, from) };
}
