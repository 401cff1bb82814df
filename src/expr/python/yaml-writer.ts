import { isBreak, isPrintable } from './yaml-analyze.ts';

/** What libyaml's emitter knows of the line that it writes. */
export interface Writer {
  readonly text: () => string;
  readonly column: () => number;
  readonly atIndention: () => boolean;
  readonly indicator: (text: string, needsSpace: boolean, isSpace: boolean, isIndention: boolean) => void;
  /** Begins a line at an indent, unless the line is there already. */
  readonly newLine: (indent: number) => void;
  readonly plain: (chars: readonly string[], indent: number, breaks: boolean) => void;
  readonly single: (chars: readonly string[], indent: number, breaks: boolean) => void;
  readonly double: (chars: readonly string[], indent: number, breaks: boolean) => void;
}

export function writer(width: number): Writer {
  let out = '';
  let column = 0;
  let whitespace = true;
  let indention = true;

  const put = (text: string): void => {
    out += text;
    column += text.length;
  };
  const lineBreak = (): void => {
    out += '\n';
    column = 0;
  };
  const newLine = (indent: number): void => {
    const to = Math.max(0, indent);
    if (!indention || column > to || (column === to && !whitespace)) lineBreak();
    if (column < to) put(' '.repeat(to - column));
    whitespace = true;
    indention = true;
  };
  const space = (): void => {
    if (!whitespace) put(' ');
  };
  const ended = (): void => {
    whitespace = false;
    indention = false;
  };

  return {
    text: () => out,
    column: () => column,
    atIndention: () => indention,
    newLine,
    indicator(text, needsSpace, isSpace, isIndention) {
      if (needsSpace) space();
      put(text);
      whitespace = isSpace;
      indention = indention && isIndention;
    },
    plain(chars, indent, breaks) {
      if (chars.length > 0) space();
      let spaces = false;
      for (const [at, char] of chars.entries()) {
        if (char === ' ') {
          if (breaks && !spaces && column > width && chars[at + 1] !== ' ') newLine(indent);
          else put(char);
          spaces = true;
        } else {
          put(char);
          indention = false;
          spaces = false;
        }
      }
      ended();
    },
    single(chars, indent, breaks) {
      space();
      put("'");
      ended();
      let spaces = false;
      let broken = false;
      for (const [at, char] of chars.entries()) {
        if (char === ' ') {
          const fold = breaks && !spaces && column > width && at > 0 && at < chars.length - 1 && chars[at + 1] !== ' ';
          if (fold) newLine(indent);
          else put(char);
          spaces = true;
          continue;
        }
        if (isBreak(char)) {
          if (!broken && char === '\n') lineBreak();
          lineBreak();
          indention = true;
          broken = true;
          continue;
        }
        if (broken) newLine(indent);
        put(char === "'" ? "''" : char);
        indention = false;
        spaces = false;
        broken = false;
      }
      if (broken) newLine(indent);
      put("'");
      ended();
    },
    double(chars, indent, breaks) {
      space();
      put('"');
      ended();
      let spaces = false;
      for (const [at, char] of chars.entries()) {
        if (char === ' ') {
          if (breaks && !spaces && column > width && at > 0 && at < chars.length - 1) {
            newLine(indent);
            if (chars[at + 1] === ' ') put('\\');
          } else put(char);
          spaces = true;
          continue;
        }
        put(escaped(char));
        spaces = false;
      }
      put('"');
      ended();
    },
  };
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\v', 'v'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\u00a0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (isPrintable(code) && !isBreak(char) && char !== '"' && char !== '\\') return char;
  const short = escapes.get(char);
  if (short !== undefined) return `\\${short}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
