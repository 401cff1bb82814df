import { defineFilter, type Filter } from '../define.ts';
import { pairs } from '../methods/dict.ts';
import { quoteUrl, unquoteUrl, urlParts } from '../python/url.ts';
import { asDict, asFlag, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, isUndefined, type Val } from '../runtime/value.ts';

export const htmlFilters: readonly Filter[] = [
  defineFilter({
    name: 'escape',
    aliases: ['e', 'forceescape'],
    summary: 'Writes &, <, >, " and \' as HTML entities',
    run: (value) => escapeHtml(toText(value)),
  }),
  defineFilter({
    name: 'safe',
    summary: 'Gives the text as it is: templates escape nothing by themselves',
    run: (value) => toText(value),
  }),
  defineFilter({
    name: 'striptags',
    summary: 'Drops tags and comments of HTML and folds white space',
    run: (value) => stripTags(toText(value)),
  }),
  defineFilter({
    name: 'xmlattr',
    summary: 'Writes a dict as attributes of HTML; none and undefined are left out',
    params: [optional('autospace', true)],
    run(value, [autospace]) {
      const items = [...asDict(value, 'The input of "xmlattr"')].filter(
        ([, item]) => !isUndefined(item) && known(item) !== null,
      );
      const text = items
        .map(([key, item]) => {
          const name = toText(key);
          if (/[\s/>=]/.test(name)) fail('value', `"${name}" cannot be the name of an attribute`);
          return `${escapeHtml(name)}="${escapeHtml(toText(item))}"`;
        })
        .join(' ');
      return asFlag(autospace) && text !== '' ? ` ${text}` : text;
    },
  }),
  defineFilter({
    name: 'urlencode',
    summary: 'Writes a text, or the entries of a dict, as part of a URL',
    run(value, _, rt) {
      const given = known(value);
      if (!isDict(given) && !isList(given)) return quoteUrl(toText(given), '/', false);
      return pairs(given, rt)
        .map(([key, item]) => `${quoteUrl(toText(key), '', true)}=${quoteUrl(toText(item), '', true)}`)
        .join('&');
    },
  }),
  defineFilter({
    name: 'urldecode',
    summary: 'Reads a text that was written for a URL',
    run: (value) => unquoteUrl(toText(value)),
  }),
  defineFilter({
    name: 'urlsplit',
    summary: 'Gives the parts of a URL as a dict, or the one that is named',
    params: [optional('query', '')],
    run(value, [query]): Val {
      const parts = urlParts(asText(value, 'The input of "urlsplit"'));
      const wanted = toText(query ?? null);
      if (wanted === '') return parts;
      const part = parts.get(wanted);
      return part === undefined
        ? fail('value', `A URL has no part "${wanted}"`, `Its parts are ${[...parts.keys()].map(toText).join(', ')}`)
        : part;
    },
  }),
];

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&#39;'],
  ['"', '&#34;'],
]);

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>'"]/g, (char) => entities.get(char) ?? char);
}

const named: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/** The common entities are read; others stay as they are. */
function stripTags(text: string): string {
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/<[^>]*>/g, '');
  const folded = bare
    .split(/[\s\x1c-\x1f\x85]+/)
    .filter((word) => word !== '')
    .join(' ');
  return folded.replaceAll(
    /&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g,
    (whole: string, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return named.get(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
