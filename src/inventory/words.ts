import { err, ok, type Result } from '../core/result.ts';

/** A word of a line, unquoted, that knows where each of its characters stood. */
export interface Word {
  readonly text: string;
  /** Offsets in the line: one a character of the text, and the end of the word after them. */
  readonly offsets: readonly number[];
}

/** A line in words as a shell splits it and as Python's `shlex` does: quotes, backslashes, and `#` begins a comment anywhere outside of quotes. */
export function splitWords(line: string): Result<readonly Word[], { readonly message: string; readonly at: number }> {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (char === '#') break;
    if (isSpace(char)) {
      at += 1;
      continue;
    }
    const word = readWord(line, at);
    if (!word.ok) return word;
    words.push(word.value);
    at = word.value.offsets.at(-1) ?? line.length;
  }
  return ok(words);
}

function readWord(line: string, start: number): Result<Word, { readonly message: string; readonly at: number }> {
  let text = '';
  const offsets: number[] = [];
  let quote = '';
  let opened = start;
  let at = start;
  for (; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote === '' && (isSpace(char) || char === '#')) break;
    if (char === quote) {
      quote = '';
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      opened = at;
    } else if (char === '\\' && quote !== "'") {
      const next = line[at + 1];
      if (next === undefined)
        return err({ message: 'A backslash at the end of the line has nothing to stand before', at });
      const kept = quote === '' || next === '"' || next === '\\' ? next : char + next;
      for (const one of kept) {
        text += one;
        offsets.push(at);
      }
      at += 1;
    } else {
      text += char;
      offsets.push(at);
    }
  }
  if (quote !== '') return err({ message: `The quote ${quote} is never closed`, at: opened });
  return ok({ text, offsets: [...offsets, at] });
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}
