import type { Call, Expr, MacroDefinition, Statement } from './ast.ts';
import { type Cursor, SyntaxBreak, spanTo } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { TagContext } from './tag-context.ts';

type Parameter = MacroDefinition['parameters'][number];

export function parseMacro(from: number, { at, head, body }: TagContext): Statement {
  const { name, parameters } = head(
    () => ({ name: at.expectName('a macro name').text, parameters: parseParameters(at) }),
    { name: '', parameters: [] },
  );
  const inner = body('macro', ['endmacro'], spanTo(at, from));
  if (inner.end !== '') {
    head(() => {
      if (at.peek().type === 'name') at.next();
    }, undefined);
  }
  return { kind: 'macro', name, parameters, body: inner.body, ...spanTo(at, from) };
}

export function parseCallBlock(from: number, { at, head, body }: TagContext): Statement | undefined {
  const read = head<{ parameters: readonly Parameter[]; call: Call } | undefined>(() => {
    const parameters = at.at('(') ? parseParameters(at) : [];
    const call = parseExpression(at);
    if (call.kind !== 'call')
      throw new SyntaxBreak({
        code: 'expr/unexpected-token',
        message: 'Expected a call of a macro',
        from: call.from,
        to: call.to,
        help: 'Write {% call name(…) %}',
      });
    return { parameters, call };
  }, undefined);
  const inner = body('call', ['endcall'], spanTo(at, from));
  if (inner.end !== '') head(() => undefined, undefined);
  if (read === undefined) return undefined;
  const caller: MacroDefinition = {
    kind: 'macro',
    name: 'caller',
    parameters: read.parameters,
    body: inner.body,
    ...spanTo(at, from),
  };
  return { kind: 'call-block', call: read.call, caller, ...spanTo(at, from) };
}

function parseParameters(at: Cursor): readonly Parameter[] {
  at.expect('(');
  const parameters: { name: string; fallback?: Expr }[] = [];
  while (!at.at(')')) {
    const token = at.peek();
    const { text: name } = at.expectName('an argument name');
    if (at.skip('=')) parameters.push({ name, fallback: parseExpression(at) });
    else if (parameters.some((one) => one.fallback !== undefined))
      throw new SyntaxBreak({
        code: 'expr/unexpected-token',
        message: `The argument "${name}" needs a default, since one before it has one`,
        from: token.from,
        to: token.to,
      });
    else parameters.push({ name });
    if (!at.at(')')) at.expect(',');
  }
  at.next();
  return parameters;
}
