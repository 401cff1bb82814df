import { didYouMean } from '../../core/suggest.ts';
import type { Delimiters, LexerOptions, SyntaxProblem } from './token.ts';

/** What the first line of a template may begin with, to set options for itself. */
export const HEADER = '#jinja2:';

const names = [
  'block_start_string',
  'block_end_string',
  'variable_start_string',
  'variable_end_string',
  'comment_start_string',
  'comment_end_string',
  'trim_blocks',
  'lstrip_blocks',
  'newline_sequence',
  'keep_trailing_newline',
] as const;
type Name = (typeof names)[number];

/** The options with those of a `#jinja2: trim_blocks: False, …` line over them, and where the text behind it begins. */
export function readHeader(
  text: string,
  options: LexerOptions,
  problems: SyntaxProblem[],
): { readonly options: LexerOptions; readonly start: number } {
  if (!text.startsWith(HEADER)) return { options, start: 0 };
  const newline = text.indexOf('\n');
  const end = newline === -1 ? text.length : newline;
  let read = options;
  for (const pair of text.slice(HEADER.length, end).matchAll(/[^,]+/g)) {
    const from = HEADER.length + pair.index + (/^\s*/.exec(pair[0])?.[0].length ?? 0);
    const to = from + pair[0].trim().length;
    const [, key = '', value = ''] = /^\s*([^:]*?)\s*:\s*([\s\S]*?)\s*$/.exec(pair[0]) ?? [];
    const name = names.find((one) => one === key);
    const next = name && withOption(read, name, value);
    if (next !== undefined) read = next;
    else problems.push(wrongPair(key, name, { from, to }));
  }
  return { options: read, start: newline === -1 ? text.length : newline + 1 };
}

function wrongPair(
  key: string,
  name: Name | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): SyntaxProblem {
  if (name !== undefined)
    return {
      code: 'expr/header',
      message: `The value of "${key}" cannot be read`,
      from,
      to,
      help: 'Write True, False or a quoted text',
    };
  const help = didYouMean(key, names) ?? `The options are ${names.join(', ')}`;
  return { code: 'expr/header', message: `Unknown option "${key}"`, from, to, help };
}

function withOption(options: LexerOptions, name: Name, value: string): LexerOptions | undefined {
  const flag = value === 'True' ? true : value === 'False' ? false : undefined;
  const text = /^(['"])([\s\S]*)\1$/.exec(value)?.[2];
  switch (name) {
    case 'trim_blocks':
      return flag === undefined ? undefined : { ...options, trimBlocks: flag };
    case 'lstrip_blocks':
      return flag === undefined ? undefined : { ...options, lstripBlocks: flag };
    case 'keep_trailing_newline':
      // Line breaks at the end are kept either way.
      return flag === undefined ? undefined : options;
    case 'newline_sequence':
      return text === undefined
        ? undefined
        : { ...options, newline: text.replaceAll('\\n', '\n').replaceAll('\\r', '\r') };
    case 'block_start_string':
    case 'block_end_string':
    case 'variable_start_string':
    case 'variable_end_string':
    case 'comment_start_string':
    case 'comment_end_string':
    default:
      return text === undefined || text === '' ? undefined : withDelimiter(options, name, text);
  }
}

function withDelimiter(options: LexerOptions, name: string, text: string): LexerOptions {
  const { variable, block, comment } = options.delimiters;
  const place = name.includes('_start_') ? 0 : 1;
  const changed = (pair: Delimiters['variable']): Delimiters['variable'] =>
    place === 0 ? [text, pair[1]] : [pair[0], text];
  return {
    ...options,
    delimiters: {
      variable: name.startsWith('variable') ? changed(variable) : variable,
      block: name.startsWith('block') ? changed(block) : block,
      comment: name.startsWith('comment') ? changed(comment) : comment,
    },
  };
}
