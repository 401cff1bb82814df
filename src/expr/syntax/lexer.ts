import { lexCode } from './code-lexer.ts';
import type { Delimiters, LexerOptions, SyntaxProblem, Token } from './token.ts';

/** Cuts a template into data and code, white space control applied, every token with its place in the text. */
export function lexTemplate(
  text: string,
  start: number,
  options: LexerOptions,
  problems: SyntaxProblem[],
): readonly Token[] {
  const tokens: Token[] = [];
  const opening = openingOf(options.delimiters);
  const closing = closingsOf(options);
  let at = start;
  /** Where the current data begins its line, as `lstrip_blocks` asks. */
  let lineStart = true;
  while (at < text.length) {
    opening.lastIndex = at;
    const match = opening.exec(text);
    if (match === null) break;
    const { rawSign, mark, raw } = match.groups ?? {};
    const sign = rawSign ?? mark ?? '';
    const what = raw !== undefined ? 'block' : kindOf(match);
    pushData(tokens, text, at, dataEnd(text, at, match.index, sign, what, options, lineStart), options);
    const inside = match.index + match[0].length;
    at =
      raw !== undefined
        ? rawBlock(match, inside)
        : what === 'comment'
          ? comment(match, inside)
          : code(match, inside, what);
    lineStart = text[at - 1] === '\n';
  }
  pushData(tokens, text, at, text.length, options);
  tokens.push({ type: 'end', from: text.length, to: text.length });
  return tokens;

  function code(match: RegExpExecArray, inside: number, what: 'variable' | 'block'): number {
    const end = what === 'variable' ? closing.variable : closing.block;
    tokens.push({ type: `${what}-begin`, from: match.index, to: inside });
    const escapes = options.escapes || what === 'block';
    const { at: stop, closed } = lexCode(text, inside, end, escapes, tokens, problems);
    if (!closed) problems.push(unclosed(match.index, inside, options.delimiters[what]));
    end.lastIndex = stop;
    const to = closed ? stop + (end.exec(text)?.[0].length ?? 0) : stop;
    tokens.push({ type: `${what}-end`, from: stop, to });
    return to;
  }

  function comment(match: RegExpExecArray, inside: number): number {
    closing.comment.lastIndex = inside;
    const end = closing.comment.exec(text);
    if (end !== null) return end.index + end[0].length;
    problems.push(unclosed(match.index, inside, options.delimiters.comment));
    return text.length;
  }

  function rawBlock(match: RegExpExecArray, inside: number): number {
    closing.raw.lastIndex = inside;
    const end = closing.raw.exec(text);
    if (end === null) {
      problems.push({
        code: 'expr/unclosed-block',
        message: 'The block "raw" is not closed',
        from: match.index,
        to: inside,
        help: 'Close it with {% endraw %}',
      });
      pushData(tokens, text, inside, text.length, options);
      return text.length;
    }
    const stop = dataEnd(text, inside, end.index, end.groups?.['sign'] ?? '', 'block', options, false);
    pushData(tokens, text, inside, stop, options);
    return end.index + end[0].length;
  }
}

type Kind = 'variable' | 'block' | 'comment';

function kindOf(match: RegExpExecArray): Kind {
  const { variable, block } = match.groups ?? {};
  if (variable !== undefined) return 'variable';
  return block !== undefined ? 'block' : 'comment';
}

/** Where the data before a tag ends, once what the tag strips is gone. */
function dataEnd(
  text: string,
  from: number,
  to: number,
  sign: string,
  what: Kind,
  options: LexerOptions,
  lineStart: boolean,
): number {
  if (sign === '-') return from + text.slice(from, to).trimEnd().length;
  if (!options.lstripBlocks || sign === '+' || what === 'variable') return to;
  const line = text.lastIndexOf('\n', to - 1) + 1;
  if (line <= from && !lineStart) return to;
  const begin = Math.max(line, from);
  return /^\s*$/.test(text.slice(begin, to)) ? begin : to;
}

function pushData(tokens: Token[], text: string, from: number, to: number, options: LexerOptions): void {
  if (to > from)
    tokens.push({ type: 'data', text: text.slice(from, to).replaceAll(/\r\n|\r|\n/g, options.newline), from, to });
}

function unclosed(from: number, to: number, [begin, end]: readonly [string, string]): SyntaxProblem {
  return { code: 'expr/unclosed-tag', message: `"${begin}" is not closed`, from, to, help: `Close it with "${end}"` };
}

const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** The longest delimiter wins where one begins another. */
function openingOf({ variable, block, comment }: Delimiters): RegExp {
  const [blockBegin, blockEnd] = [quote(block[0]), quote(block[1])];
  const raw = `(?<raw>${blockBegin}(?<rawSign>[-+]?)\\s*raw\\s*(?:-${blockEnd}\\s*|${blockEnd}))`;
  const begins = [
    { name: 'comment', text: comment[0] },
    { name: 'block', text: block[0] },
    { name: 'variable', text: variable[0] },
  ].sort((a, b) => b.text.length - a.text.length);
  const others = begins.map(({ name, text }) => `(?<${name}>${quote(text)})`).join('|');
  return new RegExp(`${raw}|(?:${others})(?<mark>[-+]?)`, 'g');
}

function closingsOf({ delimiters, trimBlocks }: LexerOptions): Record<Kind | 'raw', RegExp> {
  const [variable, block, comment] = [delimiters.variable, delimiters.block, delimiters.comment].map(([, end]) =>
    quote(end),
  );
  const trim = trimBlocks ? '(?:\\r?\\n|\\r)?' : '';
  const blockEnd = `(?:\\+${block}|-${block}\\s*|${block}${trim})`;
  return {
    variable: new RegExp(`-${variable}\\s*|${variable}`, 'y'),
    block: new RegExp(blockEnd, 'y'),
    comment: new RegExp(`\\+${comment}|-${comment}\\s*|${comment}${trim}`, 'g'),
    raw: new RegExp(`${quote(delimiters.block[0])}(?<sign>[-+]?)\\s*endraw\\s*${blockEnd}`, 'g'),
  };
}
