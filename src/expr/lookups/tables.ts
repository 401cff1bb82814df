import { defineLookup } from '../define.ts';
import { csvRows } from '../python/csv.ts';
import { interpolated, propertiesSection, readIni } from '../python/ini.ts';
import { matchPattern } from '../python/regex/match.ts';
import { asCountOrNone, asFlag, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { type Dict, isPending, type Runtime, type Val } from '../runtime/value.ts';
import { answers, textOf } from './answers.ts';

/** Lookups that find values in files of the controller. */
export const tableLookups = [
  defineLookup({
    name: 'ini',
    terms: 'names of settings',
    summary: 'Gives values from files of settings in the form of INI or of Java properties',
    params: [
      optional('file', 'ansible.ini'),
      optional('section', 'global'),
      optional('type', 'ini'),
      optional('re', false),
      optional('default', ''),
      optional('case_sensitive', false),
      optional('interpolation', true),
      optional('allow_none', false),
      optional('encoding', 'utf-8'),
    ],
    asksController: true,
    run(terms, given, rt) {
      const found = answers(terms, (term) => {
        const { key, options } = inlineOptions(asText(term, 'The name of a setting'), given);
        return settings(key, options, rt);
      });
      return isPending(found) ? found : found.flatMap((one) => (Array.isArray(one) ? one : [one]));
    },
  }),
  defineLookup({
    name: 'csvfile',
    terms: 'keys',
    summary: 'Gives a column of the first row of a file of separated values whose key column has the key',
    params: [
      optional('file', 'ansible.csv'),
      optional('col', 1n),
      optional('keycol', 0n),
      optional('delimiter', 'TAB'),
      optional('default'),
      optional('encoding', 'utf-8'),
    ],
    asksController: true,
    run(terms, given, rt) {
      const found = answers(terms, (term) => {
        const { key, options } = inlineOptions(asText(term, 'The key'), given);
        return cell(key, options, rt);
      });
      // A key that no row has gives nothing where there is no default.
      return isPending(found) ? found : found.filter((one) => one !== null);
    },
  }),
];

/** `key section=x file=y`: the older way to give options, one term at a time. */
function inlineOptions(term: string, given: Dict): { readonly key: string; readonly options: Dict } {
  const words = term.split(/\s+/);
  const pairs = words.flatMap((word): [Val, Val][] => {
    const match = /^(\w+)=(.*)$/.exec(word);
    return match !== null && given.has(match[1] ?? '') ? [[match[1] ?? '', match[2] ?? '']] : [];
  });
  if (pairs.length === 0) return { key: term, options: given };
  const key = words.filter((word) => !/^\w+=/.test(word)).join(' ');
  return { key, options: new Map([...given, ...pairs]) };
}

function settings(key: string, options: Dict, rt: Runtime): Val {
  const keepsCase = asFlag(options.get('case_sensitive') ?? false);
  const properties = toText(options.get('type') ?? '') === 'properties';
  const name = properties ? propertiesSection : toText(options.get('section') ?? '');
  const text = textOf({ kind: 'file', path: toText(options.get('file') ?? ''), search: 'files' }, rt);
  const section = readIni(text, { keepsCase, properties }).get(name);
  if (section === undefined) return fail('lookup', `There is no section "${name}" in the file`);
  const valueOf = (one: string): Val => {
    if (!asFlag(options.get('interpolation') ?? true)) return one;
    return interpolated(one, section, keepsCase) ?? fail('lookup', `"${one}" names a setting that is not there`);
  };
  if (asFlag(options.get('re') ?? false)) {
    return [...section].flatMap(([setting, value]) => (matchPattern(key, setting, rt) ? [valueOf(value)] : []));
  }
  const value = section.get(keepsCase ? key : key.toLowerCase());
  return value === undefined ? known(options.get('default') ?? '') : valueOf(value);
}

function cell(key: string, options: Dict, rt: Runtime): Val {
  const written = toText(options.get('delimiter') ?? 'TAB');
  const delimiter = written === 'TAB' ? '\t' : written;
  if (delimiter.length !== 1) return fail('value', 'The delimiter of a file of separated values is one character');
  const text = textOf({ kind: 'file', path: toText(options.get('file') ?? ''), search: 'files' }, rt);
  const column = (name: string): number => Number(asCountOrNone(countOf(options.get(name)), `"${name}"`) ?? 0n);
  const row = csvRows(text, delimiter).find((one) => one[column('keycol')] === key);
  if (row === undefined) return known(options.get('default') ?? null);
  return row[column('col')] ?? fail('lookup', `The row of "${key}" has no column ${column('col')}`);
}

/** Counts may be written as texts. */
function countOf(value: Val | undefined): Val | undefined {
  const text = known(value ?? null);
  return typeof text === 'string' && /^\d+$/.test(text) ? BigInt(text) : value;
}
