import type { Statement } from './ast.ts';
import { type Cursor, spanTo } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import type { TagContext } from './tag-context.ts';

/** Included templates see the variables unless told otherwise. */
export function parseInclude(from: number, { at, head }: TagContext): Statement | undefined {
  return head<Statement | undefined>(() => {
    const path = parseExpression(at);
    const ignoreMissing = at.skipWord('ignore');
    if (ignoreMissing) expectWord(at, 'missing');
    return { kind: 'include', path, ignoreMissing, withContext: parseContext(at, true), ...spanTo(at, from) };
  }, undefined);
}

/** Imported templates see no variables unless told otherwise. */
export function parseImport(from: number, { at, head }: TagContext): Statement | undefined {
  return head<Statement | undefined>(() => {
    const path = parseExpression(at);
    expectWord(at, 'as');
    const name = at.expectName('a name for what is imported').text;
    return { kind: 'import', path, name, withContext: parseContext(at, false), ...spanTo(at, from) };
  }, undefined);
}

export function parseFrom(from: number, { at, head }: TagContext): Statement | undefined {
  return head<Statement | undefined>(() => {
    const path = parseExpression(at);
    expectWord(at, 'import');
    const names: { name: string; as: string }[] = [];
    let withContext: boolean | undefined;
    do {
      withContext = names.length > 0 ? contextWords(at) : undefined;
      if (withContext !== undefined || at.peek().type !== 'name') break;
      const { text: name } = at.expectName('the name of a macro');
      names.push({ name, as: at.skipWord('as') ? at.expectName('a name').text : name });
      withContext = contextWords(at);
    } while (withContext === undefined && at.skip(','));
    if (names.length === 0) at.expectName('the name of a macro');
    return { kind: 'from-import', path, names, withContext: withContext ?? false, ...spanTo(at, from) };
  }, undefined);
}

function parseContext(at: Cursor, fallback: boolean): boolean {
  return contextWords(at) ?? fallback;
}

/** `with context` or `without context`, where it stands. */
function contextWords(at: Cursor): boolean | undefined {
  const after = at.peek(1);
  if (!(at.atWord('with') || at.atWord('without')) || after.type !== 'name' || after.text !== 'context')
    return undefined;
  const withContext = at.atWord('with');
  at.next();
  at.next();
  return withContext;
}

function expectWord(at: Cursor, word: string): void {
  if (!at.skipWord(word)) at.expect(word);
}
