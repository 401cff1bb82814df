import { didYouMean } from '../../core/suggest.ts';
import { defineFilter, type Filter } from '../define.ts';
import { asCount, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { keywords, optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, type Val } from '../runtime/value.ts';
import { oneOf } from './list.ts';

interface Style {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}
const styles = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
} as const satisfies Record<string, Style>;
const names = ['plain', 'erlang', 'c', 'cblock', 'xml'] as const;
const optionNames = ['newline', 'beginning', 'prefix', 'prefix_count', 'decoration', 'postfix', 'postfix_count', 'end'];

export const commentFilters: readonly Filter[] = [
  defineFilter({
    name: 'comment',
    summary: 'Makes a comment of the text, in one of several styles',
    params: [optional('style', 'plain'), keywords('options')],
    run(value, [style, given], rt) {
      const options = isDict(given) ? given : new Map<Val, Val>();
      for (const name of options.keys())
        if (!optionNames.includes(toText(name)))
          fail('type', `The filter "comment" has no argument "${toText(name)}"`, didYouMean(toText(name), optionNames));
      const base: Style = styles[oneOf(style, names, 'The style')];
      const text = (name: string, fallback: string): string =>
        options.has(name) ? asText(options.get(name), `The argument "${name}"`) : fallback;
      const count = (name: string): number => {
        const times = options.has(name) ? asCount(options.get(name), `The argument "${name}"`) : 1;
        rt.reserve(Math.max(0, times));
        return Math.max(0, times);
      };
      const newline = text('newline', '\n');
      const decoration = text('decoration', base.decoration);
      const rim = decoration.trimEnd();
      const beginning = text('beginning', base.beginning ?? '');
      const prefix = text('prefix', rim);
      const end = text('end', base.end ?? '');
      const lines = (
        decoration +
        asText(value, 'The input of "comment"')
          .split(newline)
          .join(newline + decoration)
      )
        .split(decoration + newline)
        .join(rim + newline);
      return [
        beginning === '' ? '' : beginning + newline,
        (prefix === '' ? '' : prefix === newline ? newline : prefix + newline).repeat(
          prefix === '' ? 0 : count('prefix_count'),
        ),
        lines,
        (newline + text('postfix', rim)).repeat(count('postfix_count')),
        end === '' ? '' : newline + end,
      ].join('');
    },
  }),
];
