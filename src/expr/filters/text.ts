import { defineFilter } from '../define.ts';
import { capitalize } from '../methods/string-case.ts';
import { center, replace, split, splitLines, strip } from '../methods/string-parts.ts';
import { shellQuote } from '../../core/python-shell-quote.ts';
import { wrapText } from '../python/text-wrap.ts';
import { asCount, asCountOrNone, asFlag, asText, asTextOrNone } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { characters, lengthOf } from '../runtime/iterate.ts';
import { percentFormat } from '../runtime/percent-format.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, tuple } from '../runtime/value.ts';

export const textFilters = [
  defineFilter({ name: 'string', summary: 'Gives the value as text', run: (value) => toText(value) }),
  defineFilter({
    name: 'lower',
    summary: 'Puts the text into lower case',
    run: (value) => toText(value).toLowerCase(),
  }),
  defineFilter({
    name: 'upper',
    summary: 'Puts the text into upper case',
    run: (value) => toText(value).toUpperCase(),
  }),
  defineFilter({
    name: 'capitalize',
    summary: 'Puts the first character into upper case and the others into lower case',
    run: (value) => capitalize(toText(value)),
  }),
  defineFilter({
    name: 'title',
    summary: 'Begins every word with an upper case letter',
    run: (value) =>
      toText(value)
        .split(/([-\s({[<]+)/)
        .map(capitalize)
        .join(''),
  }),
  defineFilter({
    name: 'trim',
    summary: 'Drops white space, or the given characters, from both ends',
    params: [optional('chars')],
    run: (value, [chars]) => strip(toText(value), asTextOrNone(chars, 'The characters'), 'both'),
  }),
  defineFilter({
    name: 'center',
    summary: 'Puts blanks around the text up to a width',
    params: [optional('width', 80n)],
    run(value, [width], rt) {
      const columns = asCount(width, 'The width');
      rt.reserve(columns);
      return center(toText(value), columns);
    },
  }),
  defineFilter({
    name: 'replace',
    summary: 'Replaces a part of the text wherever it occurs, or the first count times',
    params: [required('old'), required('new'), optional('count')],
    run(value, [old, by, count], rt) {
      const made = replace(
        toText(value),
        toText(old ?? null),
        toText(by ?? null),
        asCountOrNone(count, 'The count') ?? -1,
      );
      rt.reserve(made.length);
      return made;
    },
  }),
  defineFilter({
    name: 'indent',
    summary: 'Puts blanks before every line but the first, or before all',
    params: [optional('width', 4n), optional('first', false), optional('blank', false)],
    run(value, [width, first, blank], rt) {
      const by = known(width);
      const indention = typeof by === 'string' ? by : ' '.repeat(Math.max(0, asCount(by, 'The width')));
      const lines = splitLines(`${asText(value, 'The text to indent')}\n`, false);
      rt.reserve(lines.length * indention.length);
      const rows = lines.map((line, at) => (at === 0 || (line === '' && !asFlag(blank)) ? line : indention + line));
      return (asFlag(first) ? indention : '') + rows.join('\n');
    },
  }),
  defineFilter({
    name: 'truncate',
    summary: 'Cuts the text at a length, at the end of a word unless killwords is true',
    params: [optional('length', 255n), optional('killwords', false), optional('end', '...'), optional('leeway')],
    run(value, [length, killwords, end, leeway]) {
      const text = toText(value);
      const chars = characters(text);
      const limit = asCount(length, 'The length');
      const ending = toText(end ?? null);
      if (limit < lengthOf(ending))
        fail('value', `The length must be at least ${lengthOf(ending)}, that of the end, not ${limit}`);
      if (chars.length <= limit + (asCountOrNone(leeway, 'The leeway') ?? 5)) return text;
      const cut = chars.slice(0, limit - lengthOf(ending)).join('');
      const blank = cut.lastIndexOf(' ');
      return (asFlag(killwords) || blank === -1 ? cut : cut.slice(0, blank)) + ending;
    },
  }),
  defineFilter({
    name: 'wordcount',
    summary: 'Counts the words',
    run: (value) => BigInt(toText(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  }),
  defineFilter({
    name: 'wordwrap',
    summary: 'Breaks lines at a width',
    params: [
      optional('width', 79n),
      optional('break_long_words', true),
      optional('wrapstring'),
      optional('break_on_hyphens', true),
    ],
    run(value, [width, long, wrapstring, hyphens], rt) {
      const joint = asTextOrNone(wrapstring, 'The wrapstring') ?? '\n';
      const options = {
        width: asCount(width, 'The width'),
        breakLongWords: asFlag(long),
        breakOnHyphens: asFlag(hyphens),
      };
      return splitLines(toText(value), false)
        .map((line) => wrapText(line, options, rt).join(joint))
        .join(joint);
    },
  }),
  defineFilter({
    name: 'format',
    summary: 'Fills the % places of the text with the arguments',
    params: [rest(), keywords()],
    run(value, [args, named], rt) {
      const positional = isList(args) ? args : [];
      const byName = isDict(named) && named.size > 0 ? named : undefined;
      if (byName !== undefined && positional.length > 0)
        fail('type', 'Give either positional or named arguments, not both');
      return percentFormat(toText(value), byName ?? tuple(positional), rt);
    },
  }),
  defineFilter({
    name: 'split',
    summary: 'Splits the text at a separator, or at white space',
    params: [optional('sep'), optional('maxsplit', -1n)],
    run: (value, [separator, max]) =>
      split(
        asText(value, 'The text to split'),
        asTextOrNone(separator, 'The separator'),
        asCount(max, 'The number of splits'),
      ),
  }),
  defineFilter({
    name: 'quote',
    summary: 'Quotes the text for a shell',
    run: (value) => shellQuote(known(value) === null ? '' : toText(value)),
  }),
];
