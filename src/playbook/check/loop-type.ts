import { infer } from '../../expr/types/infer.ts';
import {
  elementOf,
  integer,
  listOf,
  mappingOf,
  type Type,
  type TypeOfName,
  text,
  unionOf,
  unknown,
} from '../../expr/types/type.ts';
import type { Term } from '../../vars/term.ts';
import type { Loop } from '../tree.ts';
import { typeOfTerm } from './type.ts';

/** The type of a term, what is computed in it included. */
export function typeOf(term: Term, typeOfName: TypeOfName): Type {
  return typeOfTerm(term, (computed) => {
    if (computed.kind === 'template') return infer(computed.template, typeOfName).type;
    return computed.kind === 'expression' ? infer(computed.expression, typeOfName).type : unknown;
  });
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

/** Whether with_dict can take nothing of a type: it wants a mapping, or a list of mappings. */
export function isNoDict(type: Type): boolean {
  if (type.kind === 'union') return type.of.every(isNoDict);
  if (type.kind === 'list') return type.items?.some((item) => item.kind !== 'unknown' && !mayBeMapping(item)) ?? false;
  return !mayBeMapping(type);
}

function mayBeMapping(type: Type): boolean {
  if (type.kind === 'union') return type.of.some(mayBeMapping);
  return type.kind === 'mapping' || type.kind === 'unknown';
}
