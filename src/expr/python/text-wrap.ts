import { characters, lengthOf } from '../runtime/iterate.ts';
import type { Runtime } from '../runtime/value.ts';
import { compile, findAll } from './regex/match.ts';

interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

/** Where a text may be broken, as Python's textwrap has it: at blanks, behind hyphens within words, around dashes. */
const hyphenated = compile(
  String.raw`[\t\n\v\f\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|\Z)|(?<=[\w!"'&.,?])(?=-{2,}\w))`,
);
const simple = compile(String.raw`[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+`);

/** Python's `textwrap.wrap` with tabs and white space left as they are. */
export function wrapText(text: string, { width, breakLongWords, breakOnHyphens }: WrapOptions, rt: Runtime): string[] {
  const pieces = findAll(breakOnHyphens ? hyphenated : simple, text, rt);
  const chunks = [...pieces].map((piece) => piece.group(0) ?? '').reverse();
  const lines: string[] = [];
  const isBlank = (chunk: string | undefined): boolean => chunk !== undefined && chunk.trim() === '';
  while (chunks.length > 0) {
    const line: string[] = [];
    let used = 0;
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop();
    for (let chunk = chunks.at(-1); chunk !== undefined && used + lengthOf(chunk) <= width; chunk = chunks.at(-1)) {
      line.push(chunk);
      used += lengthOf(chunk);
      chunks.pop();
    }
    const long = chunks.at(-1);
    if (long !== undefined && lengthOf(long) > width) splitLong(long, line, used);
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;

  function splitLong(chunk: string, line: string[], used: number): void {
    const space = width < 1 ? 1 : width - used;
    if (!breakLongWords) {
      if (line.length === 0) line.push(chunks.pop() ?? '');
      return;
    }
    const chars = characters(chunk);
    let end = space;
    if (breakOnHyphens && chars.length > space) {
      const hyphen = chars.slice(0, space).lastIndexOf('-');
      if (hyphen > 0 && chars.slice(0, hyphen).some((char) => char !== '-')) end = hyphen + 1;
    }
    line.push(chars.slice(0, end).join(''));
    chunks[chunks.length - 1] = chars.slice(end).join('');
    if (end >= chars.length) chunks.pop();
  }
}
