import type { ErrorCode, YAMLParseError } from 'yaml';
import type { Source } from '../core/source.ts';
import type { YamlCode } from './codes.ts';
import { type Finding, problem } from './finding.ts';
import { lineAt, openColumns, type SourceLine, valueEnd } from './line.ts';
import { linesFrom, type Mend } from './mend.ts';

/** Says in the writer's words what the parser found in `text`, and how to go on behind it. */
export function explainErrors(errors: readonly YAMLParseError[], source: Source, text: string): readonly Finding[] {
  const rangesOf = (code: ErrorCode): ReadonlyMap<number, number> =>
    new Map(errors.filter((error) => error.code === code).map(({ pos: [start, end] }) => [start, end]));
  const nested = rangesOf('BLOCK_AS_IMPLICIT_KEY');
  const multiline = rangesOf('MULTILINE_IMPLICIT_KEY');
  return errors.flatMap(({ code, message, pos: [start, end] }) => {
    // The parser may point behind the end.
    const place: Place = { source, text, start: Math.min(start, text.length), end: Math.min(end, text.length) };
    if (code === 'MULTILINE_IMPLICIT_KEY') return nested.has(start) ? [] : [lineWithoutKey(place)];
    if (code !== 'BLOCK_AS_IMPLICIT_KEY') return explainers[code]?.(place, message) ?? byMessage(place, message);
    // A "key" that spans lines is a value and a line that is indented too deep below it.
    const keyEnd = multiline.get(start);
    return [keyEnd === undefined ? nestedMapping(place) : badIndent(place, lineAt(text, keyEnd - 1))];
  });
}

const explainers: Partial<Record<ErrorCode, (place: Place, message: string) => readonly Finding[]>> = {
  TAB_AS_INDENT: (place) => [tabIndent(place)],
  BAD_DQ_ESCAPE: (place, message) => [badEscape(place, message)],
  BAD_SCALAR_START: (place) => {
    const whole = toValueEnd(place);
    const message = `A value cannot begin with "${place.text.charAt(place.start)}"`;
    return [found(whole, 'yaml/reserved-character', message, { help: `Write ${quoted(written(whole))}` })];
  },
  RESOURCE_EXHAUSTION: (place) => [found(place, 'yaml/too-deep', 'Values are nested too deep')],
};

interface Place {
  readonly source: Source;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function found(
  { source, start, end }: Place,
  code: YamlCode,
  message: string,
  { help, mend }: { readonly help?: string; readonly mend?: Mend } = {},
): Finding {
  const diagnostic = problem(code, message, { source, start, end: Math.max(start, end) }, help);
  return { diagnostic, ...(mend === undefined ? {} : { mend }), fromParser: true };
}

/** The rest of the parser's codes are told apart by its words; what has no better ones keeps them. */
function byMessage(place: Place, message: string): readonly Finding[] {
  const { text, start } = place;
  const whole = toValueEnd(place);
  const shown = written(whole);
  // The converter points at the quote or bracket that was opened.
  if (/closing|must end with|must be sufficiently indented and end with/.test(message)) return [];
  if (/same column|less indented|without - indicator/.test(message)) return [badIndent(place, lineAt(text, start))];
  if (message.startsWith('Missing , ') || (message.startsWith('Block collections') && !shown.startsWith('- '))) {
    return [found(whole, 'yaml/missing-comma', 'Expected "," between two items')];
  }
  const line = lineAt(text, start);
  if (line.first === start && text.slice(line.start, line.first).includes('\t')) return [tabIndent(place)];
  const list = /:[ \t]+(?=-[ \t]+$)/.exec(text.slice(line.start, start));
  if (list !== null) {
    const dash = line.start + list.index + list[0].length;
    return [
      found({ ...whole, start: dash }, 'yaml/nested-list', 'A list cannot begin on the line of its key', {
        help: `Begin it on the next line, or write [${shown}]`,
        mend: { from: dash, to: whole.end, as: 'plain' },
      }),
    ];
  }
  if (message.endsWith('followed by map values')) return [lineWithoutKey(place)];
  if (message.includes('header includes extra') || /[|>][-+0-9]*[ \t]+$/.test(text.slice(line.start, start))) {
    return [found(whole, 'yaml/block-header', `Found "${shown}" where the line must end`)];
  }
  if (message.includes('in YAML stream') || (message.endsWith('at node end') && start === line.first)) {
    const rest = { ...whole, start: line.first };
    return [
      found(rest, 'yaml/mixed-collection', `Found "${written(rest)}" where the text above is complete`, {
        help: 'All keys of a mapping, and all dashes of a list, begin at the same column',
      }),
    ];
  }
  if (message.endsWith('at node end')) {
    const isApostrophe = text.slice(0, start).trimEnd().endsWith("'");
    const help = `Put the whole value in one pair of quotes${isApostrophe ? '; an apostrophe inside of single quotes is written twice' : ''}`;
    return [found(whole, 'yaml/text-after-value', `Found "${shown}" after the end of the value`, { help })];
  }
  return [found(place, 'yaml/syntax', message)];
}

function nestedMapping(place: Place): Finding {
  const whole = toValueEnd(place);
  return found(whole, 'yaml/nested-mapping', 'A value that holds ": " must stand in quotes', {
    help: `Write ${quoted(written(whole))}, or begin the inner mapping on a line of its own`,
    mend: { from: whole.start, to: whole.end, as: 'plain' },
  });
}

/** As many spaces as there were tabs, where that still fits; else the line is left out. */
function tabIndent(place: Place): Finding {
  const { text, start } = place;
  const line = lineAt(text, start);
  const above = text.slice(0, line.start).trimEnd();
  const fits = above.endsWith(':') || openColumns(text, line).some((one) => one.column === line.indent);
  return found({ ...place, start: line.start, end: line.first }, 'yaml/tab-indent', 'A tab cannot indent a line', {
    help: 'Use spaces: YAML does not say how wide a tab is',
    mend: fits ? { from: line.start, to: line.first, as: 'spaces' } : { from: line.start, to: line.end, as: 'comment' },
  });
}

function badIndent({ source, text }: Place, line: SourceLine): Finding {
  const columns = openColumns(text, line);
  const keys = columns.filter((one) => !one.dash).map((one) => one.column);
  const dashes = columns.filter((one) => one.dash && !keys.includes(one.column)).map((one) => one.column);
  const fits = [
    ...(keys.length === 0 ? [] : [keys.join(' or ')]),
    ...(dashes.length === 0 ? [] : [`${dashes.join(' or ')} for a line that begins with "-"`]),
  ].join(', or ');
  const content = text.slice(line.first, line.end);
  const end = line.first + (/^(- +)*[^\s:]+/.exec(content)?.[0].length ?? content.length);
  const message = `This line is indented by ${line.indent}${fits === '' ? '' : `, expected ${fits}`}`;
  return found({ source, text, start: line.first, end }, 'yaml/bad-indent', message, { mend: linesFrom(text, line) });
}

/** Text where a mapping has its keys. The lines up to the one with the colon are left out. */
function lineWithoutKey(place: Place): Finding {
  const { text, start, end } = place;
  const whole = toValueEnd(place);
  const shown = written(whole);
  const lastKeyLine = lineAt(text, Math.max(start, end - 1)).start - 1;
  const mend: Mend = { from: start, to: lineAt(text, Math.max(start, lastKeyLine)).end, as: 'comment' };
  if (shown.startsWith('- ')) {
    const help = 'A list cannot stand among the keys of a mapping: indent it below the key it belongs to';
    return found(whole, 'yaml/mixed-collection', `Expected "key: value", found "${shown}"`, { help, mend });
  }
  const word = /^([\w.-]+):(\S.*)$/.exec(shown);
  if (word === null) return found(whole, 'yaml/missing-colon', `Expected "key: value", found "${shown}"`, { mend });
  const help = `Write "${word[1]}: ${word[2]}"`;
  return found(whole, 'yaml/missing-space', `Expected a space after the colon in "${shown}"`, { help, mend });
}

function badEscape(place: Place, message: string): Finding {
  const escape = /sequence (.*)$/s.exec(message)?.[1] ?? '\\';
  const whole = { ...place, end: place.start + escape.length };
  return found(whole, 'yaml/bad-escape', `Unknown escape "${escape}" in double quotes`, {
    help: 'Write two backslashes for one, or use single quotes, where a backslash means itself',
  });
}

function toValueEnd(place: Place): Place {
  return { ...place, end: valueEnd(place.text, place.start) };
}

function written({ source, start, end }: Place): string {
  return source.text.slice(start, end);
}

function quoted(value: string): string {
  return /["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
}
