import type { YAMLParseError } from 'yaml';
import type { Source } from '../core/source.ts';
import type { YamlCode } from './codes.ts';
import { type Finding, problem } from './finding.ts';
import { lineAt, openColumns, type SourceLine, valueEnd } from './line.ts';
import { leadingSpace, linesFrom, type Mend } from './mend.ts';

/** Says in the writer's words what the parser found, and how to go on behind it. */
export function explainErrors(errors: readonly YAMLParseError[], source: Source, text: string): readonly Finding[] {
  const multiline = new Set(errors.filter((error) => error.code === 'MULTILINE_IMPLICIT_KEY').map((one) => one.pos[0]));
  const nested = new Set(errors.filter((error) => error.code === 'BLOCK_AS_IMPLICIT_KEY').map((one) => one.pos[0]));

  function finding(
    code: YamlCode,
    message: string,
    start: number,
    end: number,
    rest: { help?: string; mend?: Mend } = {},
  ): Finding {
    const { help, mend } = rest;
    const diagnostic = problem(code, message, { source, start, end: Math.max(start, end) }, help);
    return { diagnostic, ...(mend === undefined ? {} : { mend }), fromParser: true };
  }

  function badIndent(line: SourceLine): Finding {
    const columns = openColumns(text, line);
    const fits =
      columns.length === 0 ? '' : `, expected ${columns.slice(0, 3).join(' or ')} to line up with a line above`;
    return finding(
      'yaml/bad-indent',
      `This line is indented by ${line.indent}${fits}`,
      line.first,
      wordEnd(text, line),
      {
        mend: linesFrom(text, line),
      },
    );
  }

  function one(error: YAMLParseError): readonly Finding[] {
    const [start, end] = error.pos;
    const line = lineAt(text, start);
    switch (error.code) {
      case 'BLOCK_AS_IMPLICIT_KEY': {
        if (multiline.has(start)) return [badIndent(lineAt(text, endOfKey(errors, start)))];
        const valueStop = valueEnd(text, start);
        return [
          finding('yaml/nested-mapping', 'A value that holds ": " must stand in quotes', start, valueStop, {
            help: `Write ${quoted(source.text.slice(start, valueStop))}, or begin the inner mapping on a line of its own`,
            mend: { from: start, to: valueStop, as: 'plain' },
          }),
        ];
      }
      case 'MULTILINE_IMPLICIT_KEY': {
        if (nested.has(start)) return [];
        const stop = valueEnd(text, start);
        const written = text.slice(start, stop);
        const mend: Mend = {
          from: start,
          to: lineAt(text, Math.max(start, lineAt(text, end - 1).start - 1)).end,
          as: 'comment',
        };
        const word = /^([\w.-]+):(\S.*)$/.exec(written);
        if (word !== null) {
          const help = `Write "${word[1]}: ${word[2]}"`;
          return [
            finding('yaml/missing-space', `Expected a space after the colon in "${written}"`, start, stop, {
              help,
              mend,
            }),
          ];
        }
        return [finding('yaml/missing-colon', `Expected "key: value", found "${written}"`, start, stop, { mend })];
      }
      case 'TAB_AS_INDENT': {
        const help = 'Use spaces: YAML does not say how wide a tab is';
        return [
          finding('yaml/tab-indent', 'A tab cannot indent a line', start, end, {
            help,
            mend: leadingSpace(text, start),
          }),
        ];
      }
      case 'BAD_INDENT':
        // The converter points at the bracket that was opened.
        if (/^Flow (map|sequence)/.test(error.message)) return [];
        return [badIndent(line)];
      case 'MISSING_CHAR':
        return missing(error, line);
      case 'BAD_DQ_ESCAPE': {
        const escape = /sequence (.*)$/s.exec(error.message)?.[1] ?? '\\';
        const help = 'Write two backslashes for one, or use single quotes, where a backslash means itself';
        return [
          finding('yaml/bad-escape', `Unknown escape "${escape}" in double quotes`, start, start + escape.length, {
            help,
          }),
        ];
      }
      case 'BAD_SCALAR_START': {
        const stop = valueEnd(text, start);
        const help = `Write ${quoted(text.slice(start, stop))}`;
        return [
          finding('yaml/reserved-character', `A value cannot begin with "${text.charAt(start)}"`, start, stop, {
            help,
          }),
        ];
      }
      case 'BAD_ALIAS':
        return [
          finding('yaml/unknown-alias', 'Expected the name of an anchor after "*"', start, valueEnd(text, start), {
            help: 'Quote the value if no alias was meant',
          }),
        ];
      case 'UNEXPECTED_TOKEN':
        return unexpected(error);
      case 'RESOURCE_EXHAUSTION':
        return [finding('yaml/too-deep', 'Values are nested too deep', start, end)];
      case 'ALIAS_PROPS':
      case 'BAD_COLLECTION_TYPE':
      case 'BAD_DIRECTIVE':
      case 'BAD_PROP_ORDER':
      case 'BLOCK_IN_FLOW':
      case 'DUPLICATE_KEY':
      case 'IMPOSSIBLE':
      case 'KEY_OVER_1024_CHARS':
      case 'MULTIPLE_ANCHORS':
      case 'MULTIPLE_DOCS':
      case 'MULTIPLE_TAGS':
      case 'NON_STRING_KEY':
      case 'TAG_RESOLVE_FAILED':
        return [finding('yaml/syntax', error.message, start, end)];
    }
  }

  function missing(error: YAMLParseError, line: SourceLine): readonly Finding[] {
    const [start, end] = error.pos;
    // The converter points at the quote or bracket that was opened.
    if (/closing|must end with/.test(error.message)) return [];
    if (/without - indicator/.test(error.message)) return [badIndent(line)];
    if (error.message.startsWith('Missing , ')) {
      return [finding('yaml/missing-comma', 'Expected "," between two items', start, end)];
    }
    if (/followed by map values/.test(error.message)) {
      const stop = valueEnd(text, start);
      const written = text.slice(start, stop);
      return [
        finding('yaml/missing-colon', `Expected "key: value", found "${written}"`, start, stop, {
          mend: { from: start, to: stop, as: 'comment' },
        }),
      ];
    }
    return [finding('yaml/syntax', error.message, start, end)];
  }

  function unexpected(error: YAMLParseError): readonly Finding[] {
    const [start, end] = error.pos;
    if (/header includes extra/.test(error.message)) {
      const stop = valueEnd(text, start);
      return [finding('yaml/block-header', `Found "${text.slice(start, stop)}" where the line must end`, start, stop)];
    }
    if (/at node end/.test(error.message)) {
      const stop = valueEnd(text, start);
      const before = text.slice(0, start).trimEnd().at(-1);
      const help =
        before === "'"
          ? 'Put the whole value in one pair of quotes; an apostrophe inside of single quotes is written twice'
          : 'Put the whole value in one pair of quotes';
      return [
        finding('yaml/text-after-value', `Found "${text.slice(start, stop)}" after the end of the value`, start, stop, {
          help,
        }),
      ];
    }
    return [finding('yaml/syntax', error.message, start, end)];
  }

  return errors.flatMap(one);
}

/** The end of the key that the parser took to span lines: its last line is the one that is indented wrong. */
function endOfKey(errors: readonly YAMLParseError[], start: number): number {
  const found = errors.find((error) => error.code === 'MULTILINE_IMPLICIT_KEY' && error.pos[0] === start);
  return (found?.pos[1] ?? start + 1) - 1;
}

function wordEnd(text: string, line: SourceLine): number {
  const content = text.slice(line.first, line.end);
  return line.first + (/^(- +)*[^\s:]+/.exec(content)?.[0].length ?? content.length);
}

function quoted(written: string): string {
  if (!/["\\]/.test(written)) return `"${written}"`;
  return `'${written.replaceAll("'", "''")}'`;
}
