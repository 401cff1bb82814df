import { defineFilter } from '../define.ts';
import { dumpJson, type JsonStyle } from '../python/json-dump.ts';
import { loadJson } from '../python/json-load.ts';
import { asFlag, asText, asTextOrNone } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { isList, type Params, type Val } from '../runtime/value.ts';

const dumpParams = (indent: Val, sortKeys: boolean): Params => [
  optional('indent', indent),
  optional('sort_keys', sortKeys),
  optional('ensure_ascii', true),
  optional('separators'),
];

export const jsonFilters = [
  defineFilter({
    name: 'to_json',
    summary: 'Writes the value as JSON in one line',
    params: dumpParams(null, false),
    run: (value, args) => dumpJson(value, styleOf(args)),
  }),
  defineFilter({
    name: 'to_nice_json',
    summary: 'Writes the value as JSON in many lines, its keys sorted',
    params: dumpParams(4n, true),
    run: (value, args) => dumpJson(value, { ...styleOf(args), itemSeparator: ',', keySeparator: ': ' }),
  }),
  defineFilter({
    name: 'from_json',
    summary: 'Reads a text as JSON',
    run: (value) => loadJson(asText(value, 'The input of "from_json"')),
  }),
  defineFilter({
    name: 'tojson',
    summary: 'Writes the value as JSON that is safe inside HTML',
    params: [optional('indent')],
    run: (value, [indent]) =>
      dumpJson(value, styleOf([indent ?? null, true, true, null])).replaceAll(
        /[<>&']/g,
        (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
      ),
  }),
];

function styleOf([indent, sortKeys, ascii, separators]: readonly Val[]): JsonStyle {
  const by = known(indent);
  const pair = known(separators);
  const [item, key] = isList(pair) ? pair.map((one) => asTextOrNone(one, 'Each separator')) : [];
  return {
    indent:
      by === null
        ? undefined
        : typeof by === 'string'
          ? by
          : ' '.repeat(
              typeof by === 'bigint'
                ? Math.max(0, Number(by))
                : fail('type', 'The indent must be an integer or a string'),
            ),
    sortKeys: asFlag(sortKeys),
    ascii: asFlag(ascii),
    itemSeparator: item ?? ', ',
    keySeparator: key ?? ': ',
  };
}
