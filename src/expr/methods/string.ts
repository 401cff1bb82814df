import { asCount, asCountOrNone, asFlag, asItems, asText, asTextOrNone } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { characters, lengthOf } from '../runtime/iterate.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { isDict, isList, type Params, tuple, type Val } from '../runtime/value.ts';
import { bracesFormat } from './braces-format.ts';
import { type Method, type Methods, methods } from './method.ts';
import * as casing from './string-case.ts';
import * as parts from './string-parts.ts';

type Run = Method<string>['run'];
const none: Params = [];
const plain = (change: (text: string) => Val): readonly [Params, Run] => [none, (self) => change(self)];
const range: Params = [required('sub'), optional('start'), optional('end')];
const chars: Params = [optional('chars')];
const width: Params = [required('width'), optional('fillchar', ' ')];

/** What `str` can do in a template. */
export const stringMethods: Methods<string> = methods<string>({
  capitalize: plain(casing.capitalize),
  casefold: plain((self) => self.toLowerCase().replaceAll('ß', 'ss')),
  lower: plain((self) => self.toLowerCase()),
  swapcase: plain(casing.swapCase),
  title: plain(casing.titleCase),
  upper: plain((self) => self.toUpperCase()),

  isalnum: plain((self) => /^[\p{L}\p{N}]+$/u.test(self)),
  isalpha: plain((self) => /^\p{L}+$/u.test(self)),
  isascii: plain((self) => /^[\0-\x7f]*$/.test(self)),
  isdecimal: plain((self) => /^\p{Nd}+$/u.test(self)),
  isdigit: plain((self) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(self)),
  isidentifier: plain((self) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(self)),
  islower: plain((self) => /\p{Ll}/u.test(self) && !/[\p{Lu}\p{Lt}]/u.test(self)),
  isnumeric: plain((self) => /^\p{N}+$/u.test(self)),
  isprintable: plain((self) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u.test(self)),
  isspace: plain((self) => /^[\s\x1c-\x1f\x85]+$/.test(self)),
  istitle: plain((self) => /\p{L}/u.test(self) && casing.titleCase(self) === self),
  isupper: plain((self) => /\p{Lu}/u.test(self) && !/[\p{Ll}\p{Lt}]/u.test(self)),

  center: [
    width,
    (self, [columns, fill], rt) => parts.center(self, reserved(columns, rt), asText(fill, 'The fill character')),
  ],
  ljust: [
    width,
    (self, [columns, fill], rt) => parts.pad(self, reserved(columns, rt), asText(fill, 'The fill character'), 'end'),
  ],
  rjust: [
    width,
    (self, [columns, fill], rt) => parts.pad(self, reserved(columns, rt), asText(fill, 'The fill character'), 'start'),
  ],
  zfill: [[required('width')], (self, [columns], rt) => parts.zeroFill(self, reserved(columns, rt))],
  expandtabs: [[optional('tabsize', 8n)], (self, [size]) => parts.expandTabs(self, asCount(size, 'The tab size'))],

  strip: [chars, (self, [set]) => parts.strip(self, asTextOrNone(set, 'The characters'), 'both')],
  lstrip: [chars, (self, [set]) => parts.strip(self, asTextOrNone(set, 'The characters'), 'start')],
  rstrip: [chars, (self, [set]) => parts.strip(self, asTextOrNone(set, 'The characters'), 'end')],
  removeprefix: [[required('prefix')], (self, [prefix]) => removeStart(self, asText(prefix, 'The prefix'))],
  removesuffix: [[required('suffix')], (self, [suffix]) => removeEnd(self, asText(suffix, 'The suffix'))],

  startswith: [
    range,
    (self, [sub, start, end]) =>
      affix(sub, (one) =>
        parts.window(self, asCountOrNone(start, 'The start'), asCountOrNone(end, 'The end')).text.startsWith(one),
      ),
  ],
  endswith: [
    range,
    (self, [sub, start, end]) =>
      affix(sub, (one) =>
        parts.window(self, asCountOrNone(start, 'The start'), asCountOrNone(end, 'The end')).text.endsWith(one),
      ),
  ],
  find: [range, (self, [sub, start, end]) => BigInt(locate(self, sub, start, end, 'first'))],
  rfind: [range, (self, [sub, start, end]) => BigInt(locate(self, sub, start, end, 'last'))],
  index: [range, (self, [sub, start, end]) => found(locate(self, sub, start, end, 'first'))],
  rindex: [range, (self, [sub, start, end]) => found(locate(self, sub, start, end, 'last'))],
  count: [
    range,
    (self, [sub, start, end]) =>
      BigInt(
        parts.countIn(
          parts.window(self, asCountOrNone(start, 'The start'), asCountOrNone(end, 'The end')).text,
          asText(sub, 'The part'),
        ),
      ),
  ],

  replace: [
    [required('old'), required('new'), optional('count', -1n)],
    (self, [old, by, count], rt) => {
      const made = parts.replace(
        self,
        asText(old, 'The old text'),
        asText(by, 'The new text'),
        asCount(count, 'The count'),
      );
      rt.reserve(made.length);
      return made;
    },
  ],
  split: [
    [optional('sep'), optional('maxsplit', -1n)],
    (self, [sep, max]) => parts.split(self, asTextOrNone(sep, 'The separator'), asCount(max, 'The number of splits')),
  ],
  rsplit: [
    [optional('sep'), optional('maxsplit', -1n)],
    (self, [sep, max]) =>
      parts.splitFromEnd(self, asTextOrNone(sep, 'The separator'), asCount(max, 'The number of splits')),
  ],
  splitlines: [[optional('keepends', false)], (self, [keep]) => parts.splitLines(self, asFlag(keep))],
  partition: [[required('sep')], (self, [sep]) => tuple(parts.partition(self, asText(sep, 'The separator'), 'first'))],
  rpartition: [[required('sep')], (self, [sep]) => tuple(parts.partition(self, asText(sep, 'The separator'), 'last'))],

  join: [
    [required('iterable')],
    (self, [items], rt) => {
      const texts = asItems(items, rt).map((item) => asText(item, 'Each joined item'));
      rt.reserve(texts.reduce((sum, one) => sum + one.length + self.length, 0));
      return texts.join(self);
    },
  ],
  format: [
    [rest('args'), keywords('kwargs')],
    (self, [args, named], rt) => bracesFormat(self, isList(args) ? args : [], isDict(named) ? named : new Map(), rt),
  ],
  format_map: [[required('mapping')], (self, [mapping], rt) => bracesFormat(self, [], dictArgument(mapping), rt)],
  maketrans: [[required('x'), optional('y'), optional('z')], (_, [from, to, drop]) => transTable(from, to, drop)],
  translate: [[required('table')], (self, [table]) => translate(self, dictArgument(table))],
});

function reserved(columns: Val | undefined, rt: { readonly reserve: (size: number) => void }): number {
  const count = asCount(columns, 'The width');
  rt.reserve(count);
  return count;
}

function removeStart(self: string, prefix: string): string {
  return prefix !== '' && self.startsWith(prefix) ? self.slice(prefix.length) : self;
}
function removeEnd(self: string, suffix: string): string {
  return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
}

/** One text, or any of a tuple of texts. */
function affix(sub: Val | undefined, matches: (one: string) => boolean): boolean {
  const value = known(sub);
  return isList(value) ? value.some((one) => matches(asText(one, 'Each part'))) : matches(asText(value, 'The part'));
}

function locate(
  self: string,
  sub: Val | undefined,
  start: Val | undefined,
  end: Val | undefined,
  which: 'first' | 'last',
): number {
  const { text, offset } = parts.window(self, asCountOrNone(start, 'The start'), asCountOrNone(end, 'The end'));
  const part = asText(sub, 'The part');
  const at = which === 'first' ? text.indexOf(part) : text.lastIndexOf(part);
  return at === -1 ? -1 : offset + lengthOf(text.slice(0, at));
}

function found(at: number): bigint {
  return at === -1 ? fail('value', 'The part was not found in the text') : BigInt(at);
}

function dictArgument(value: Val | undefined): ReadonlyMap<Val, Val> {
  const dict = known(value);
  return isDict(dict) ? dict : fail('type', 'Expected a dict');
}

function transTable(from: Val | undefined, to: Val | undefined, drop: Val | undefined): Val {
  const first = known(from);
  if (isDict(first))
    return new Map(
      [...first].map(([key, item]) => [typeof key === 'string' ? BigInt(key.codePointAt(0) ?? 0) : key, item]),
    );
  const replacements = characters(asText(to, 'The new characters'));
  const table = new Map<Val, Val>();
  for (const [at, char] of characters(asText(first, 'The old characters')).entries())
    table.set(BigInt(char.codePointAt(0) ?? 0), replacements[at] ?? null);
  for (const char of characters(asTextOrNone(drop, 'The dropped characters') ?? ''))
    table.set(BigInt(char.codePointAt(0) ?? 0), null);
  return table;
}

function translate(self: string, table: ReadonlyMap<Val, Val>): string {
  return characters(self)
    .map((char) => {
      const by = table.get(BigInt(char.codePointAt(0) ?? 0));
      if (by === undefined) return char;
      return typeof by === 'bigint' ? String.fromCodePoint(Number(by)) : (asTextOrNone(by, 'The new character') ?? '');
    })
    .join('');
}
