import type { Term } from '../../vars/term.ts';
import type { Loop } from '../tree.ts';
import { pipelineType, type TypeOfName } from './pipeline.ts';
import { elementOf, integer, listOf, mappingOf, type Type, text, typeOfTerm, unionOf, unknown } from './type.ts';

/** The type of a term, as far as what is computed in it is a variable, its fields and filters. */
export function typeOf(term: Term, typeOfName: TypeOfName): Type {
  return typeOfTerm(term, (computed) => {
    const expression = expressionOf(computed);
    return (expression === undefined ? undefined : pipelineType(expression.text, typeOfName)?.type) ?? unknown;
  });
}

/** What stands in the braces of a template that is nothing else, and where that begins in its text. */
export function expressionOf(term: Term): { readonly text: string; readonly from: number } | undefined {
  if (term.kind === 'expression') return { text: term.expression.text, from: 0 };
  if (term.kind !== 'template') return undefined;
  const found = /^(\s*\{\{-?)([^]*?)-?\}\}\s*$/.exec(term.template.text);
  const [, before = '', inner = ''] = found ?? [];
  return found === null || /\{\{|\}\}|\{%/.test(inner) ? undefined : { text: inner, from: before.length };
}

/** What `item` is. */
export function itemType(loop: Loop, typeOfName: TypeOfName): Type {
  const type = typeOf(loop.term, typeOfName);
  const element = elementOf(type);
  switch (loop.kind) {
    case 'loop':
    case 'list':
    case 'random_choice':
      return element;
    case 'items':
    case 'flattened':
      return flattened(type);
    case 'dict':
      return mappingOf({
        key: unknown,
        value: type.kind === 'mapping' && !type.open ? unionOf([...type.fields.values()]) : unknown,
      });
    case 'fileglob':
    case 'sequence':
    case 'lines':
    case 'inventory_hostnames':
    case 'first_found':
    case 'file':
    case 'template':
    case 'pipe':
    case 'varnames':
      return text;
    case 'indexed_items':
      return listOf(unionOf([integer, unknown]));
    case 'subelements':
    case 'nested':
    case 'together':
    case 'env':
    case 'vars':
      return unknown;
  }
}

/** with_items opens one level of lists inside of its list. */
function flattened(type: Type): Type {
  const element = elementOf(type);
  if (element.kind === 'union') return unionOf(element.of.map((one) => (one.kind === 'list' ? one.item : one)));
  return element.kind === 'list' ? element.item : element;
}

/** Whether no value of a type can be looped over. */
export function isNoList(type: Type): boolean {
  if (type.kind === 'union') return type.of.every(isNoList);
  return ['none', 'boolean', 'integer', 'float', 'text', 'mapping'].includes(type.kind);
}
