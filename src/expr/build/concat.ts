import { OMIT } from '../api.ts';
import { known, settle } from '../runtime/force.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, isSpecial, type Val } from '../runtime/value.ts';
import type { Program } from './frame.ts';

/**
 * What a sequence of printed values is, as ansible-core has it: nothing is none, one value is itself, several are text.
 * None prints as nothing, a tuple as a list.
 */
export function concat(nodes: readonly Val[]): Val {
  const printed = nodes.filter((node) => node !== null);
  const [only] = printed;
  if (only === undefined) return null;
  return printed.length === 1 ? only : printed.map(printedText).join('');
}

/** What a whole template gives: text ends with the line breaks that its source ended with. */
export function resultOf(nodes: readonly Val[], { trailing, newline, verbatim }: Program): Val {
  if (verbatim !== undefined) return verbatim;
  const printed = concat(nodes);
  if (trailing === 0) return printed;
  const value = settle(printed);
  if (typeof value !== 'string') return value;
  let has = 0;
  while (has < trailing && value.at(-1 - has) === '\n') has++;
  return has < trailing ? value + newline.repeat(trailing - has) : value;
}

/** The text of one `{{ }}` among others. */
export function printedText(node: Val): string {
  if (typeof node === 'string') return node;
  const value = settle(node);
  if (value === null || value === OMIT) return '';
  if (isSpecial(value) && value.kind === 'undefined' && value.silent) return '';
  return toText(listed(known(value)));
}

/** Tuples become lists and omitted items are left out, all the way down. */
function listed(given: Val): Val {
  const value = settle(given);
  if (isList(value)) return value.filter((item) => item !== OMIT).map(listed);
  if (isDict(value))
    return new Map([...value].filter(([, item]) => item !== OMIT).map(([key, item]) => [key, listed(item)]));
  return value;
}
