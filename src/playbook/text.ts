import type { Compiled, Expression, Place } from '../expr/api.ts';
import { compileExpression } from '../expr/compile.ts';
import type { Term } from '../vars/term.ts';
import { termOf } from '../vars/term-of.ts';
import type { YamlNode, YamlScalar } from '../yaml/node.ts';
import type { Loading } from './loading.ts';

/** A node as a term; what is wrong in its templates is reported, and the term then stands for nothing. */
export function readTerm(loading: Loading, node: YamlNode): Term {
  const { term, diagnostics } = termOf(node, { decrypt: loading.options.decrypt });
  loading.report.add(diagnostics);
  return term;
}

/** `key:` without a value stands for its absence, as in Ansible. */
export function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Text in which something is computed. */
export function isTemplated(node: YamlNode): boolean {
  return (
    node.kind === 'scalar' && typeof node.value === 'string' && node.tag !== '!unsafe' && /\{\{|\{%/.test(node.value)
  );
}

/** Anything inside of it is computed. */
export function hasTemplates(node: YamlNode): boolean {
  if (node.kind === 'scalar') return isTemplated(node);
  if (node.kind === 'sequence') return node.items.some(hasTemplates);
  return node.entries.some((entry) => isTemplated(entry.key) || hasTemplates(entry.value));
}

/** By where they stand: a file that many plays use is compiled once. */
const compiledAt = new WeakMap<Place, Compiled<Expression>>();

/** A bare expression, as in `when`. `place` is of this text alone. */
export function readExpression(loading: Loading, text: string, place: Place): Expression | undefined {
  const compiled = compiledAt.get(place) ?? compileExpression(text, place);
  compiledAt.set(place, compiled);
  if (!compiled.ok) {
    loading.report.add(compiled.diagnostics);
    return undefined;
  }
  loading.report.add(compiled.warnings);
  return compiled.value;
}

/** The text of a term that is one and is not computed. */
export function literalOfTerm(term: Term | undefined): string | undefined {
  return term?.kind === 'constant' && typeof term.value === 'string' ? term.value : undefined;
}

/** A constant made of a scalar's value. */
export function constantOf(node: YamlScalar): Term {
  return { kind: 'constant', value: node.value, at: node.at, text: node.text };
}
