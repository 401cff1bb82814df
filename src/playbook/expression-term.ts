import type { Term } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Loading } from './loading.ts';
import { readTerm } from './text.ts';
import { condition } from './values.ts';

/** An argument whose texts are bare expressions, such as `assert.that` and `debug.var`. */
export function expressionTerm(loading: Loading, node: YamlNode, what: string): Term {
  if (node.kind === 'sequence') {
    return { kind: 'list', items: node.items.map((item) => expressionTerm(loading, item, what)), at: node.at };
  }
  if (node.kind !== 'scalar' || node.value === null) return readTerm(loading, node);
  const expression = condition(loading, node, what);
  return expression === undefined
    ? readTerm(loading, { ...node, tag: '!unsafe' })
    : { kind: 'expression', expression, at: node.at };
}
