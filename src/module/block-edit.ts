import { compilePythonRegex } from '../core/python-regex.ts';
import type { Edited } from './edit-file.ts';

/** Lines between two markers. */
export interface BlockWish {
  readonly block: string;
  readonly marker: string;
  readonly marker_begin: string;
  readonly marker_end: string;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly prepend_newline: boolean;
  readonly append_newline: boolean;
}

const lineEnd = /\r\n|\r|\n/;

/** Edits as Ansible's blockinfile does; an empty block takes the markers away. The text says what is wrong with a pattern. */
export function editBlock(text: string, wish: BlockWish, isNew: boolean): Edited | string {
  const lines: string[] = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  const begin = `${wish.marker.replaceAll('{mark}', () => wish.marker_begin)}\n`;
  const end = `${wish.marker.replaceAll('{mark}', () => wish.marker_end)}\n`;
  const body =
    wish.block === '' ? [] : [begin, lineEnd.test(wish.block.slice(-1)) ? wish.block : `${wish.block}\n`, end];
  const first = lines.lastIndexOf(begin);
  const last = lines.lastIndexOf(end);
  let at: number;
  if (first !== -1 && last !== -1) {
    at = Math.min(first, last);
    lines.splice(at, Math.abs(last - first) + 1);
  } else {
    const place = placeOf(text, lines, wish);
    if (typeof place === 'string') return place;
    at = place;
  }
  const before = lines[at - 1];
  if (before !== undefined && !before.endsWith('\n')) lines[at - 1] = `${before}\n`;
  if (wish.prepend_newline && body.length > 0 && at > 0 && lines[at - 1] !== '\n') lines.splice(at++, 0, '\n');
  lines.splice(at, 0, ...body);
  const behind = lines[at + body.length];
  if (wish.append_newline && body.length > 0 && behind !== undefined && behind !== '\n')
    lines.splice(at + body.length, 0, '\n');
  const edited = lines.join('');
  if (edited === text && !isNew) return { text, msg: '' };
  return { text: edited, msg: isNew ? 'File created' : body.length === 0 ? 'Block removed' : 'Block inserted' };
}

/** The line before which a new block goes. */
function placeOf(text: string, lines: readonly string[], wish: BlockWish): number | string {
  const { insertafter: after, insertbefore: before } = wish;
  if (after === undefined && before === 'BOF') return 0;
  const isPattern = after === undefined ? before !== undefined : after !== 'EOF';
  if (!isPattern) return lines.length;
  const name = after === undefined ? 'insertbefore' : 'insertafter';
  const regex = compilePythonRegex(after ?? before ?? '', { ascii: true });
  if (!regex.ok) return `Cannot read "${name}": ${regex.error}`;
  const found = /^\(\?[aiLsux]*m/.test(after ?? before ?? '')
    ? lineOfMatch(text, regex.value, name)
    : lines.findLastIndex((line) => {
        regex.value.lastIndex = 0;
        return regex.value.test(line);
      });
  if (found === -1) return lines.length;
  return after === undefined ? found : found + 1;
}

/** With `(?m)` the pattern may span lines: it is searched in the whole text. */
function lineOfMatch(text: string, regex: RegExp, name: 'insertafter' | 'insertbefore'): number {
  const match = regex.exec(text);
  if (match === null) return -1;
  const until = name === 'insertafter' ? match.index + match[0].length : match.index;
  return text.slice(0, until).split('\n').length - 1;
}
