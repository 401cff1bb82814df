import type { Term } from '../../vars/term.ts';
import type { Loop } from '../tree.ts';
import { integer, listOf, mappingOf, type Type, text, typeOfTerm, unionOf, unknown } from './type.ts';
import { followPath } from './type-path.ts';

/** Types of variables, as a task sees them. */
export type TypeOfName = (name: string) => Type;

/** The type of a term; a template that only names a variable or a field of one has that type. */
export function typeOf(term: Term, typeOfName: TypeOfName): Type {
  return typeOfTerm(term, (computed) => {
    const path = barePath(computed);
    if (path === undefined) return unknown;
    const [name = '', ...rest] = path;
    const found = followPath(typeOfName(name), rest);
    return found.ok ? found.type : unknown;
  });
}

/** `{{ a.b }}` is `a`, `b`. */
function barePath(term: Term): readonly string[] | undefined {
  if (term.kind === 'expression') return pathOf(term.expression.text);
  if (term.kind !== 'template') return undefined;
  const inner = /^\s*\{\{-?([^{}]*?)-?\}\}\s*$/.exec(term.template.text)?.[1];
  return inner === undefined ? undefined : pathOf(inner);
}

/** A variable and its fields, where an expression is nothing else. */
export function pathOf(expression: string): readonly string[] | undefined {
  const written = expression.trim();
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(written)) return undefined;
  return ['true', 'false', 'none', 'True', 'False', 'None', 'omit'].includes(written) ? undefined : written.split('.');
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
    case 'first_found':
      return text;
    case 'indexed_items':
      return listOf(unionOf([integer, unknown]));
    case 'nested':
    case 'together':
    case 'subelements':
    case 'env':
    case 'vars':
      return unknown;
  }
}

function elementOf(type: Type): Type {
  if (type.kind === 'list') return type.item;
  return type.kind === 'union' ? unionOf(type.of.map(elementOf)) : unknown;
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
