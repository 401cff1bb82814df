import { compilePythonRegex, expandPythonReplacement } from '../core/python-regex.ts';
import type { Edited } from './edit-file.ts';

/** A line that shall stand in a text, or lines that shall not. */
export interface LineWish {
  readonly state: 'present' | 'absent';
  readonly line: string | undefined;
  readonly regexp: string | undefined;
  readonly search_string: string | undefined;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly backrefs: boolean;
  readonly firstmatch: boolean;
}

/** Edits as Ansible's lineinfile does; the text says what is wrong with a pattern. */
export function editLine(text: string, wish: LineWish): Edited | string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return wish.state === 'absent' ? withoutLines(lines, wish) : withLine(lines, wish);
}

const bare = (line: string): string => line.replace(/[\r\n]+$/, '');

interface Found {
  readonly index: number;
  readonly match: RegExpExecArray | undefined;
}

type Finder = (line: string) => RegExpExecArray | boolean;

function patternFinder(pattern: string, name: string): Finder | string {
  const regex = compilePythonRegex(pattern, { ascii: true });
  if (!regex.ok) return `Cannot read "${name}": ${regex.error}`;
  return (line) => {
    regex.value.lastIndex = 0;
    return regex.value.exec(line) ?? false;
  };
}

function finderOf(wish: LineWish): Finder | string | undefined {
  if (wish.regexp !== undefined) return patternFinder(wish.regexp, 'regexp');
  const { search_string: wanted } = wish;
  return wanted === undefined ? undefined : (line) => line.includes(wanted);
}

function withoutLines(lines: readonly string[], wish: LineWish): Edited | string {
  const finder = finderOf(wish) ?? ((line: string) => bare(line) === wish.line);
  if (typeof finder === 'string') return finder;
  const kept = lines.filter((line) => finder(line) === false);
  const removed = lines.length - kept.length;
  return { text: kept.join(''), msg: removed === 0 ? '' : `${removed} line(s) removed` };
}

function withLine(lines: readonly string[], wish: LineWish): Edited | string {
  const line = wish.line ?? '';
  const finder = finderOf(wish);
  if (typeof finder === 'string') return finder;
  const found = finder === undefined ? undefined : find(lines, finder, wish.firstmatch);
  if (found !== undefined) {
    const expanded = expand(line, found, wish);
    return typeof expanded === 'string' ? replaceAt(lines, found.index, expanded) : expanded.problem;
  }
  const anchors = anchorsOf(lines, line, wish);
  if (typeof anchors === 'string') return anchors;
  if (anchors.exact !== undefined) return replaceAt(lines, anchors.exact, line);
  if (wish.backrefs) return { text: lines.join(''), msg: '' };
  if (wish.insertafter === 'BOF' || wish.insertbefore === 'BOF') return insertAt(lines, 0, line);
  const at = anchors.insert ?? lines.length;
  const isThere = wish.insertafter !== undefined && at < lines.length && bare(lines[at] ?? '') === line;
  return isThere ? { text: lines.join(''), msg: '' } : insertAt(lines, at, line);
}

/** The last line that fits, or the first where that is asked for. */
function find(lines: readonly string[], finder: Finder, first: boolean): Found | undefined {
  let found: Found | undefined;
  for (const [index, line] of lines.entries()) {
    const match = finder(line);
    if (match === false) continue;
    found = { index, match: match === true ? undefined : match };
    if (first) break;
  }
  return found;
}

function expand(line: string, found: Found, wish: LineWish): string | { readonly problem: string } {
  if (!wish.backrefs || found.match === undefined) return line;
  const expanded = expandPythonReplacement(line, found.match);
  return expanded.ok ? expanded.value : { problem: `Cannot read "line": ${expanded.error}` };
}

interface Anchors {
  /** Where the line already stands. */
  readonly exact: number | undefined;
  /** Where it goes by `insertafter` or `insertbefore`. */
  readonly insert: number | undefined;
}

function anchorsOf(lines: readonly string[], line: string, wish: LineWish): Anchors | string {
  const after = wish.insertafter !== undefined && wish.insertafter !== 'BOF' && wish.insertafter !== 'EOF';
  const before = !after && wish.insertbefore !== undefined && wish.insertbefore !== 'BOF';
  const anchor = after
    ? patternFinder(wish.insertafter ?? '', 'insertafter')
    : before
      ? patternFinder(wish.insertbefore ?? '', 'insertbefore')
      : undefined;
  if (typeof anchor === 'string') return anchor;
  let exact: number | undefined;
  let insert: number | undefined;
  for (const [index, current] of lines.entries()) {
    if (bare(current) === line) exact = index;
    else if (anchor !== undefined && anchor(current) !== false) {
      insert = after ? index + 1 : index;
      if (wish.firstmatch) break;
    }
  }
  return { exact, insert };
}

const ended = (line: string): string => (line.endsWith('\n') ? line : `${line}\n`);

function replaceAt(lines: readonly string[], index: number, line: string): Edited {
  const text = lines.with(index, ended(line)).join('');
  return { text, msg: text === lines.join('') ? '' : 'line replaced' };
}

function insertAt(lines: readonly string[], index: number, line: string): Edited {
  const before = lines.slice(0, index).join('');
  const open = before !== '' && !/[\r\n]$/.test(before) ? '\n' : '';
  return { text: `${before}${open}${line}\n${lines.slice(index).join('')}`, msg: 'line added' };
}
