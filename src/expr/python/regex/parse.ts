import { atEnd, atLastLineEnd, atLineEnd, atLineStart, atStart, classOf, literal, wordBoundary } from './classes.ts';
import { readEscape } from './escape.ts';
import { parseSet } from './parse-set.ts';
import { PatternError } from './pattern-error.ts';
import { type Flags, type Node, type Pattern, widthOf } from './tree.ts';

const letters: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'verbose',
  a: 'ascii',
};

/** Reads a pattern of Python's `re`; throws `PatternError`. */
export function parsePattern(source: string, given: Partial<Flags> = {}): Pattern {
  let at = 0;
  let groups = 0;
  const names = new Map<string, number>();
  const open = new Set<number>();
  let flags: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false, ...given };
  const global = /^\(\?([aiLmsux]+)\)/.exec(source);
  if (global !== null) {
    flags = withFlags(flags, global[1] ?? '', '');
    at = global[0].length;
  }
  const root = choice();
  if (at < source.length) throw error('Unbalanced ")"', at);
  return { source, root, groups, names };

  function error(message: string, position: number): PatternError {
    return new PatternError(message, position);
  }

  function withFlags(before: Flags, on: string, off: string): Flags {
    const changed = { ...before };
    for (const [text, value] of [
      [on, true],
      [off, false],
    ] as const) {
      for (const letter of text) {
        const name = letters[letter];
        if (name !== undefined) changed[name] = value;
        else if (letter !== 'u') throw error(`Unknown flag "${letter}"`, at);
      }
    }
    return changed;
  }

  function skip(text: string): boolean {
    if (!source.startsWith(text, at)) return false;
    at += text.length;
    return true;
  }

  function choice(): Node {
    const options = [sequence()];
    while (skip('|')) options.push(sequence());
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { type: 'choice', options };
  }

  function sequence(): Node {
    const items: Node[] = [];
    const outer = flags;
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      if (flags.verbose && skipVerbose()) continue;
      const from = at;
      const item = atom();
      if (item !== undefined) items.push(repeated(item, from));
    }
    flags = outer;
    const [only] = items;
    if (only === undefined) return { type: 'empty' };
    return items.length === 1 ? only : { type: 'sequence', items };
  }

  function skipVerbose(): boolean {
    const blank = /\s+|#[^\n]*/y;
    blank.lastIndex = at;
    const match = blank.exec(source);
    if (match === null) return false;
    at += match[0].length;
    return true;
  }

  function repeated(item: Node, from: number): Node {
    if (flags.verbose) while (skipVerbose()) continue;
    const bounds = quantifier();
    if (bounds === undefined) return item;
    if (item.type === 'assert' && source[from] !== '(') throw error('There is nothing to repeat', from);
    if (bounds.min > bounds.max) throw error('The least count is above the greatest', from);
    const mode = skip('?') ? 'lazy' : skip('+') ? 'possessive' : 'greedy';
    const again = at;
    if (quantifier() !== undefined) throw error('A quantifier follows another', again);
    return { type: 'repeat', item, ...bounds, mode };
  }

  function quantifier(): { readonly min: number; readonly max: number } | undefined {
    if (skip('*')) return { min: 0, max: Infinity };
    if (skip('+')) return { min: 1, max: Infinity };
    if (skip('?')) return { min: 0, max: 1 };
    const braces = /\{(\d*)(,?)(\d*)\}/y;
    braces.lastIndex = at;
    const match = braces.exec(source);
    if (match === null) return undefined;
    const [whole, low = '', comma = '', high = ''] = match;
    if (low === '' && comma === '') return undefined;
    at += whole.length;
    const min = Number(low);
    return { min, max: comma === '' ? min : high === '' ? Infinity : Number(high) };
  }

  function atom(): Node | undefined {
    const char = source[at] ?? '';
    switch (char) {
      case '.':
        at++;
        return { type: 'one', matches: flags.dotAll ? () => true : (code) => code !== 10 };
      case '^':
        at++;
        return { type: 'assert', holds: flags.multiline ? atLineStart : atStart };
      case '$':
        at++;
        return { type: 'assert', holds: flags.multiline ? atLineEnd : atLastLineEnd };
      case '[': {
        const set = parseSet(source, at + 1, flags);
        at = set.end;
        return { type: 'one', matches: set.matches };
      }
      case '(':
        return group();
      case '\\':
        return escape();
      case '*':
      case '+':
      case '?':
        throw error('There is nothing to repeat', at);
      default:
        return one();
    }
  }

  function one(): Node {
    const code = source.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
    return character(code);
  }

  function character(code: number): Node {
    return { type: 'one', matches: literal(code, flags), ...(!flags.ignoreCase && { literal: code }) };
  }

  function escape(): Node {
    const letter = source[at + 1];
    if (letter === undefined) throw error('The pattern ends after "\\"', at);
    const matches = classOf(letter, flags.ascii);
    const asserted = assertion(letter);
    if (matches !== undefined || asserted !== undefined) at += 2;
    if (matches !== undefined) return { type: 'one', matches };
    if (asserted !== undefined) return asserted;
    const reference = /\\([1-9]\d?)/y;
    reference.lastIndex = at;
    const match = reference.exec(source);
    if (match !== null && !/^\\[0-3][0-7]{2}/.test(source.slice(at))) {
      const index = Number(match[1]);
      if (index > groups || open.has(index)) throw error(`There is no group ${index} before this place`, at);
      at += match[0].length;
      return { type: 'reference', group: index, ignoreCase: flags.ignoreCase };
    }
    const { code, end } = readEscape(source, at);
    at = end;
    return character(code);
  }

  function assertion(letter: string): Node | undefined {
    switch (letter) {
      case 'A':
        return { type: 'assert', holds: atStart };
      case 'Z':
        return { type: 'assert', holds: atEnd };
      case 'b':
      case 'B':
        return { type: 'assert', holds: wordBoundary(flags.ascii, letter === 'B') };
      default:
        return undefined;
    }
  }

  function group(): Node | undefined {
    const from = at;
    at++;
    if (!skip('?')) return captured(from, undefined);
    if (skip('#')) {
      const end = source.indexOf(')', at);
      if (end === -1) throw error('The comment is not closed', from);
      at = end + 1;
      return undefined;
    }
    if (skip(':')) return closed(choice(), from);
    if (skip('>')) return { type: 'atomic', item: closed(choice(), from) };
    if (skip('=')) return { type: 'look', ahead: true, negative: false, item: closed(choice(), from) };
    if (skip('!')) return { type: 'look', ahead: true, negative: true, item: closed(choice(), from) };
    if (skip('<=')) return behind(false, from);
    if (skip('<!')) return behind(true, from);
    if (skip('P<')) return captured(from, nameUntil('>'));
    if (skip('P=')) return { type: 'reference', group: groupNamed(nameUntil(')'), from), ignoreCase: flags.ignoreCase };
    if (skip('(')) return conditional(from);
    return flagged(from);
  }

  function behind(negative: boolean, from: number): Node {
    const item = closed(choice(), from);
    if (widthOf(item) === undefined) throw error('A look-behind needs a pattern of one length', from);
    return { type: 'look', ahead: false, negative, item };
  }

  function captured(from: number, name: string | undefined): Node {
    const index = ++groups;
    if (name !== undefined) {
      if (names.has(name)) throw error(`The group name "${name}" is used twice`, from);
      names.set(name, index);
    }
    open.add(index);
    const item = closed(choice(), from);
    open.delete(index);
    return { type: 'group', index, item };
  }

  function closed(item: Node, from: number): Node {
    if (!skip(')')) throw error('The "(" is not closed', from);
    return item;
  }

  function nameUntil(end: string): string {
    const stop = source.indexOf(end, at);
    const name = stop === -1 ? '' : source.slice(at, stop);
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw error('A group name is missing or is no name', at);
    at = stop + 1;
    return name;
  }

  function groupNamed(name: string, from: number): number {
    const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
    if (index === undefined || index > groups || index === 0) throw error(`There is no group "${name}"`, from);
    return index;
  }

  function conditional(from: number): Node {
    const stop = source.indexOf(')', at);
    const name = stop === -1 ? '' : source.slice(at, stop);
    at = stop === -1 ? source.length : stop + 1;
    const index = /^\d+$/.test(name) ? Number(name) : groupNamed(name, from);
    const yes = sequence();
    const no: Node = skip('|') ? sequence() : { type: 'empty' };
    return closed({ type: 'conditional', group: index, yes, no }, from);
  }

  function flagged(from: number): Node {
    const form = /([aiLmsux]*)(?:-([imsx]+))?([:)])/y;
    form.lastIndex = at;
    const match = form.exec(source);
    if (match === null) throw error(`Unknown group "(?${source[at] ?? ''}"`, from);
    if (match[3] === ')') throw error('Flags for the whole pattern belong at its beginning', from);
    at += match[0].length;
    const outer = flags;
    flags = withFlags(flags, match[1] ?? '', match[2] ?? '');
    const item = closed(choice(), from);
    flags = outer;
    return item;
  }
}
