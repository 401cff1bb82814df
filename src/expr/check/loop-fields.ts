import { didYouMean } from '../../core/suggest.ts';
import type { Body } from '../syntax/ast.ts';
import type { SyntaxProblem } from '../syntax/token.ts';
import { expressionsIn, partsOfStatement } from './walk.ts';

/** What `loop` has inside of `{% for %}`. */
const fields = [
  'changed',
  'cycle',
  'depth',
  'depth0',
  'first',
  'index',
  'index0',
  'last',
  'length',
  'nextitem',
  'previtem',
  'revindex',
  'revindex0',
];

/** `loop.indx` inside of `{% for %}`. */
export function checkLoopFields(body: Body, problems: SyntaxProblem[]): void {
  for (const node of bodiesOfFor(body).flatMap(expressionsIn)) {
    if (node.kind !== 'attribute' || node.object.kind !== 'name' || node.object.name !== 'loop') continue;
    if (fields.includes(node.name)) continue;
    const { from, to } = node.nameAt;
    const message = `"loop" has no field "${node.name}"`;
    const help = didYouMean(node.name, fields) ?? `It has ${fields.join(', ')}`;
    problems.push({ code: 'expr/unknown-attribute', message, from, to, help });
  }
}

/** The outermost ones. */
function bodiesOfFor(body: Body): readonly Body[] {
  return body.flatMap((statement) =>
    statement.kind === 'for' ? [statement.body] : partsOfStatement(statement).bodies.flatMap(bodiesOfFor),
  );
}
