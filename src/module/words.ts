import { err, ok, type Result } from '../core/result.ts';

/**
 * Splits text into words as a POSIX shell would, without expanding anything: blanks part words, quotes and backslashes
 * keep them together. The error says what is not closed.
 */
export function splitWords(text: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '\\') {
      const next = text[at + 1];
      if (next === undefined) return err('A backslash at the end escapes nothing');
      at++;
      // Within double quotes a backslash only escapes itself and the quote.
      word = (word ?? '') + (quote === '"' && next !== '"' && next !== '\\' ? `\\${next}` : next);
    } else if (quote === '"') {
      if (char === '"') quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return err(`No closing quotation: a ${quote} has no counterpart`);
  if (word !== undefined) words.push(word);
  return ok(words);
}
