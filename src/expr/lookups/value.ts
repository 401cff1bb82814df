import { defineLookup } from '../define.ts';
import { subelements } from '../filters/dict.ts';
import { flatten } from '../filters/list.ts';
import { product } from '../filters/sets.ts';
import { matchPattern } from '../python/regex/match.ts';
import { asFlag, asItems, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, type List, or, tuple, type Val } from '../runtime/value.ts';
import { sequence } from './sequence.ts';
import { noFallback, variable } from './variable.ts';

/** Lookups that rearrange values or read variables; nothing outside shapes them. */
export const valueLookups = [
  defineLookup({
    name: 'vars',
    terms: 'names of variables',
    summary: 'Gives variables by their names',
    params: [optional('default', noFallback)],
    run: (terms, options, rt) =>
      terms.map((term) =>
        variable(
          asText(term, 'The name of a variable'),
          or(options.get('default'), () => noFallback),
          rt,
        ),
      ),
  }),
  defineLookup({
    name: 'varnames',
    terms: 'regular expressions',
    summary: 'Gives the names of variables that match',
    run: (terms, _, rt) => {
      const names = [...rt.env.names()];
      return terms.flatMap((term) => names.filter((name) => matchPattern(asText(term, 'The pattern'), name, rt)));
    },
  }),
  defineLookup({
    name: 'dict',
    terms: 'dicts',
    summary: 'Gives the entries of dicts, each with a key and a value',
    run: (terms, _, rt) =>
      flatTerms(terms).flatMap((term) => {
        const dict = known(term);
        if (!isDict(dict)) return fail('type', 'The lookup "dict" needs dicts');
        rt.spend(dict.size);
        return [...dict].map(
          ([key, value]) =>
            new Map<Val, Val>([
              ['key', key],
              ['value', value],
            ]),
        );
      }),
  }),
  defineLookup({
    name: 'items',
    terms: 'lists',
    summary: 'Gives the items of lists, one level flattened',
    run: (terms) => flatten(terms, 1, true),
  }),
  defineLookup({ name: 'list', terms: 'values', summary: 'Gives the values as they are', run: (terms) => terms }),
  defineLookup({
    name: 'flattened',
    collection: 'community.general',
    terms: 'lists',
    summary: 'Gives the items of lists, all levels flattened',
    run: (terms) => flatten(terms, undefined, true),
  }),
  defineLookup({
    name: 'indexed_items',
    terms: 'lists',
    summary: 'Gives pairs of an index and an item',
    run: (terms) => flatten(terms, 1, true).map((item, at) => tuple([BigInt(at), item])),
  }),
  defineLookup({
    name: 'nested',
    terms: 'lists',
    summary: 'Gives every combination of one item of each list',
    run: (terms, _, rt) =>
      product(
        terms.map((term) => listOf(term, rt)),
        rt,
      ).map((row) => flatten([row], undefined, true)),
  }),
  defineLookup({
    name: 'together',
    terms: 'lists',
    summary: 'Gives lists of the items that stand at the same place, short lists filled with none',
    run(terms, _, rt) {
      const lists = terms.map((term) => asItems(term, rt));
      const length = Math.max(0, ...lists.map((list) => list.length));
      return Array.from({ length }, (_item, at) => flatten([lists.map((list) => list[at] ?? null)], undefined, false));
    },
  }),
  defineLookup({
    name: 'subelements',
    terms: 'a list of dicts, a path to a list in each, and options',
    summary: 'Pairs each item with every item of a list inside it',
    run(terms, _, rt) {
      const [list, path, flags] = terms;
      const options = known(flags ?? null);
      const skip = isDict(options) && asFlag(options.get('skip_missing') ?? false);
      return subelements(list ?? null, path ?? null, skip, rt, true);
    },
  }),
  defineLookup({
    name: 'random_choice',
    terms: 'values',
    summary: 'Gives one of the values, by chance',
    run: (terms, _, rt) => {
      const chosen = terms[Math.floor(rt.env.random() * terms.length)];
      return chosen === undefined ? [] : [chosen];
    },
  }),
  defineLookup({
    name: 'sequence',
    terms: 'texts such as start=1 end=5 stride=2 format=node%02d, or 1-5',
    summary: 'Gives texts that count',
    params: [optional('start', 1n), optional('end'), optional('count'), optional('stride'), optional('format', '%d')],
    run: (terms, options, rt) => sequence(terms.map(toText), options, rt),
  }),
];

function flatTerms(terms: List): List {
  return terms.flatMap((term) => {
    const value = known(term);
    return isList(value) ? value : [value];
  });
}

function listOf(term: Val, rt: Parameters<typeof asItems>[1]): List {
  const value = known(term);
  return isList(value) || isDict(value) ? asItems(value, rt) : [value];
}
