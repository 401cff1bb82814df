import { CST, Lexer } from 'yaml';
import type { Source } from '../core/source.ts';
import { type Finding, problem } from './finding.ts';
import { lineAfter, lineAt, type SourceLine } from './line.ts';
import { applyMends, type Mend } from './mend.ts';
import { quotedEnd } from './quoted.ts';

/** A text in quotes that the parser gives up before its end. */
interface OpenQuote {
  readonly start: number;
  /** Where the parser gives it up. */
  readonly end: number;
  /** From here the parser's view of the text can be had again without what stands above. */
  readonly resume: number;
}

/**
 * All texts in quotes of `text` that go on less indented than their key, as in `}}"` below the key, or behind tabs: YAML
 * 1.2 forbids both, and Ansible's reader takes them. It ends before a quote that was never closed, since behind that
 * the text is read wrong.
 */
export function looseTexts(source: Source, text: string): readonly JoinFinding[] {
  const found: JoinFinding[] = [];
  let read = text;
  let open = openQuote(read, 0);
  while (open !== undefined) {
    const finding = joinFinding(source, read, open);
    if (finding === undefined) return found;
    found.push(finding);
    read = applyMends(read, [finding.mend]);
    open = openQuote(read, open.resume);
  }
  return found;
}

type JoinFinding = Finding & { readonly mend: Mend };

function joinFinding(source: Source, text: string, { start, end }: OpenQuote): JoinFinding | undefined {
  const tabs = tabLines(text, start, end);
  const to = looseEnd(text, start, tabs.at(-1));
  if (to === undefined) return undefined;
  const mend: Mend = { from: start, to, as: 'joined' };
  const [first] = tabs;
  if (first === undefined) return { mend, fromParser: false };
  const tab = { source, start: first.start, end: first.first };
  const warning = problem('yaml/tab-indent', 'A text goes on behind a tab, which YAML 1.2 forbids', tab, tabHelp);
  return { diagnostic: { ...warning, severity: 'warning' }, mend, fromParser: false };
}

const tabHelp = 'Use spaces: Ansible reads it as a space, other readers of YAML stop here';

/**
 * The first quote from `from` on that the parser's own lexer leaves open. What it knows at a line outside of brackets is
 * forgotten at the next sign of a mapping or list, so it can begin again at the last line that had one.
 */
function openQuote(text: string, from: number): OpenQuote | undefined {
  let at = from;
  let lineStart = from;
  let resume = from;
  let depth = 0;
  let isScalarNext = false;
  for (const token of new Lexer().lex(text.slice(from))) {
    const type: CST.TokenType | null = isScalarNext ? null : CST.tokenType(token);
    isScalarNext = type === 'scalar';
    if (isScalarNext || type === 'doc-mode') continue;
    if (type === 'flow-error-end') {
      depth = 0;
      continue;
    }
    const start = at;
    at += token.length;
    if (type === 'single-quoted-scalar' || type === 'double-quoted-scalar') {
      if (quotedEnd(text, start) !== at) return { start, end: at, resume };
    } else if (type === 'flow-seq-start' || type === 'flow-map-start') depth += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') depth = Math.max(depth - 1, 0);
    else if (depth === 0 && type !== null && restarts.has(type)) resume = lineStart;
    if (depth === 0 && token.endsWith('\n')) lineStart = at;
  }
  return undefined;
}

const restarts: ReadonlySet<CST.TokenType> = new Set([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
  'doc-start',
]);

/** The lines that begin with tabs, where a text in quotes goes on with one behind the place at which the parser gave it up. */
function tabLines(text: string, start: number, givenUp: number): readonly SourceLine[] {
  const isTabbed = (line: SourceLine): boolean => text.slice(line.start, line.first).includes('\t');
  const next = lineAfter(text, lineAt(text, givenUp - 1));
  if (next === undefined || !isTabbed(next)) return [];
  const end = quotedEnd(text, start) ?? start;
  const lines: SourceLine[] = [];
  for (let line: SourceLine | undefined = next; line !== undefined && line.start < end; ) {
    if (isTabbed(line)) lines.push(line);
    line = lineAfter(text, line);
  }
  return lines;
}

/**
 * To where the text is to be joined; undefined where what stands in it, or what follows it, shows that another quote was
 * never closed. Where it goes on behind tabs, what follows is a mistake of its own.
 */
function looseEnd(text: string, start: number, lastTab: SourceLine | undefined): number | undefined {
  const end = quotedEnd(text, start);
  // A line that begins a task was not meant to be a part of the text, whatever Ansible makes of it.
  if (end === undefined || /\n(?:---|\.\.\.)\s|\n *- +[\w.]+:(?:\s|$)/.test(text.slice(start, end))) return undefined;
  return /^[ \t]*(?:[,\]}]|:\s|\r?\n|$)|^[ \t]+#/.test(text.slice(end)) ? end : lastTab?.first;
}
