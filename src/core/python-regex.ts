import { classItem, type Dialect, escapeText, shorthand, wordClass } from './python-regex-class.ts';
import { err, ok, type Result } from './result.ts';

/**
 * Regular expressions as Python's `re` reads them, on JavaScript's engine. What that engine cannot do (conditional
 * groups, possessive quantifiers, case folding of a part) is an error, never another meaning.
 */

export interface PythonFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly verbose?: boolean;
  /** `\w`, `\d`, `\s` and `\b` know ASCII alone, as they do for bytes. */
  readonly ascii?: boolean;
}

interface State {
  readonly pattern: string;
  at: number;
  multiline: boolean;
  dotAll: boolean;
  verbose: boolean;
  ignoreCase: boolean;
  readonly dialect: Dialect;
  out: string;
  /** What a closing parenthesis restores. */
  readonly groups: Group[];
  /** Whether something stands before a quantifier. */
  atom: boolean;
}

interface Group {
  readonly close: string;
  readonly flags: { readonly multiline: boolean; readonly dotAll: boolean; readonly verbose: boolean };
}

class PatternError extends Error {}

const nothing = '(?![\\s\\S])';
const start = '(?<![\\s\\S])';

/**
 * Compiles a pattern of Python. The expression has the flags `v`, `g` and `d`, so `lastIndex` says where a search begins;
 * with `y` added to them it matches there only. The error says what is wrong with the pattern.
 */
export function compilePythonRegex(pattern: string, flags: PythonFlags = {}): Result<RegExp, string> {
  const leading = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const letters = leading?.[1] ?? '';
  const state: State = {
    pattern,
    at: leading?.[0].length ?? 0,
    multiline: flags.multiline === true || letters.includes('m'),
    dotAll: flags.dotAll === true || letters.includes('s'),
    verbose: flags.verbose === true || letters.includes('x'),
    ignoreCase: flags.ignoreCase === true || letters.includes('i'),
    dialect: { ascii: flags.ascii === true || letters.includes('a') },
    out: '',
    groups: [],
    atom: false,
  };
  try {
    while (state.at < pattern.length) step(state);
    if (state.groups.length > 0) throw new PatternError('missing ), unterminated subpattern');
    return ok(new RegExp(state.out, `dgv${state.ignoreCase ? 'i' : ''}`));
  } catch (error) {
    if (error instanceof PatternError) return err(error.message);
    if (error instanceof SyntaxError) return err(error.message.replace(/^Invalid regular expression: .*: /s, ''));
    throw error;
  }
}

function step(state: State): void {
  const char = String.fromCodePoint(state.pattern.codePointAt(state.at) ?? 0);
  if (state.verbose && skipBlank(state, char)) return;
  state.at += char.length;
  switch (char) {
    case '\\':
      return escape(state);
    case '[':
      return emit(state, characterClass(state));
    case '(':
      return group(state);
    case ')':
      return closeGroup(state);
    case '.':
      return emit(state, state.dotAll ? '[\\s\\S]' : '[^\\n]');
    case '^':
      return emit(state, state.multiline ? '(?<![^\\n])' : start, false);
    case '$':
      return emit(state, state.multiline ? '(?![^\\n])' : `(?=\\n?${nothing})`, false);
    case '|':
      return emit(state, '|', false);
    case '*':
    case '+':
    case '?':
      return quantifier(state, char);
    case '{':
      return braces(state);
    default:
      return emit(state, escapeText(char));
  }
}

function emit(state: State, text: string, atom = true): void {
  state.out += text;
  state.atom = atom;
}

function skipBlank(state: State, char: string): boolean {
  if (/\s/.test(char)) {
    state.at += char.length;
    return true;
  }
  if (char !== '#') return false;
  const end = state.pattern.indexOf('\n', state.at);
  state.at = end === -1 ? state.pattern.length : end + 1;
  return true;
}

function quantifier(state: State, text: string): void {
  if (!state.atom) throw new PatternError('nothing to repeat');
  const next = state.pattern[state.at];
  if (next === '+') throw new PatternError('possessive quantifiers are not supported');
  if (next === '?') state.at++;
  emit(state, text + (next === '?' ? '?' : ''), false);
}

function braces(state: State): void {
  const match = /^(\d*)(,?)(\d*)\}/.exec(state.pattern.slice(state.at));
  const [whole = '', low = '', comma = '', high = ''] = match ?? [];
  if (match === null || (low === '' && high === '')) return emit(state, '\\{');
  state.at += whole.length;
  quantifier(state, `{${low === '' ? '0' : low}${comma}${high}}`);
}

function closeGroup(state: State): void {
  const outer = state.groups.pop();
  if (outer === undefined) throw new PatternError('unbalanced parenthesis');
  Object.assign(state, outer.flags);
  emit(state, outer.close);
}

function open(state: State, text: string, close = ')'): void {
  const { multiline, dotAll, verbose } = state;
  state.groups.push({ close, flags: { multiline, dotAll, verbose } });
  emit(state, text, false);
}

function group(state: State): void {
  if (state.pattern[state.at] !== '?') return open(state, '(');
  const rest = state.pattern.slice(state.at);
  const name = /^\?P<([^>]+)>/.exec(rest);
  if (name !== null) {
    state.at += name[0].length;
    return open(state, `(?<${name[1] ?? ''}>`);
  }
  const reference = /^\?P=([^)]+)\)/.exec(rest);
  if (reference !== null) {
    state.at += reference[0].length;
    return emit(state, `\\k<${reference[1] ?? ''}>`);
  }
  const comment = /^\?#[^)]*\)/.exec(rest);
  if (comment !== null) {
    state.at += comment[0].length;
    return;
  }
  const plain = /^\?(:|=|!|<=|<!)/.exec(rest);
  if (plain !== null) {
    state.at += plain[0].length;
    // JavaScript repeats no assertion by itself.
    return plain[1] === ':' ? open(state, '(?:') : open(state, `(?:(${plain[0]}`, '))');
  }
  const flags = /^\?([aiLmsux]*)(?:-([imsx]+))?:/.exec(rest);
  if (flags !== null) return flaggedGroup(state, flags[0].length, flags[1] ?? '', flags[2] ?? '');
  throw new PatternError(`unsupported group "(${rest.slice(0, 3)}"`);
}

function flaggedGroup(state: State, length: number, on: string, off: string): void {
  if (on.includes('i') !== state.ignoreCase && (on.includes('i') || off.includes('i'))) {
    throw new PatternError('ignoring case in a part of the pattern is not supported');
  }
  state.at += length;
  open(state, '(?:');
  const flag = (letter: string, before: boolean): boolean => on.includes(letter) || (before && !off.includes(letter));
  state.multiline = flag('m', state.multiline);
  state.dotAll = flag('s', state.dotAll);
  state.verbose = flag('x', state.verbose);
}

function escape(state: State): void {
  const rest = state.pattern.slice(state.at);
  const char = rest[0];
  if (char === undefined) throw new PatternError('bad escape (end of pattern)');
  const octal = /^(0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest)?.[0];
  if (octal !== undefined) {
    state.at += octal.length;
    return emit(state, escapeText(String.fromCodePoint(Number.parseInt(octal, 8))));
  }
  const back = /^[1-9]\d?/.exec(rest)?.[0];
  if (back !== undefined) {
    state.at += back.length;
    return emit(state, `(?:\\${back})`);
  }
  if (char === 'A' || char === 'Z') {
    state.at++;
    return emit(state, char === 'A' ? start : nothing, false);
  }
  if (char === 'b' || char === 'B') {
    state.at++;
    const word = wordClass(state.dialect);
    const edge = `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    return emit(state, char === 'b' ? edge : `(?!${edge})`, false);
  }
  const short = shorthand(char, state.dialect);
  if (short !== undefined) {
    state.at++;
    return emit(state, short);
  }
  const literal = literalEscape(rest);
  state.at += literal.length;
  emit(state, escapeText(literal.char));
}

/** A character written behind a backslash: its text, and how much of the pattern it takes. */
function literalEscape(rest: string): { readonly char: string; readonly length: number } {
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  if (hex !== null) {
    return {
      char: String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '0', 16)),
      length: hex[0].length,
    };
  }
  const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  const control = controls[char];
  if (control !== undefined) return { char: control, length: 1 };
  if (/^[A-Za-z0-9]$/.test(char)) throw new PatternError(`bad escape \\${char}`);
  return { char, length: char.length };
}

const controls: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads on from behind the opening bracket. */
function characterClass(state: State): string {
  let out = '[';
  if (state.pattern[state.at] === '^') {
    out += '^';
    state.at++;
  }
  const first = state.at;
  for (;;) {
    if (state.at >= state.pattern.length) throw new PatternError('unterminated character set');
    if (state.pattern[state.at] === ']' && state.at > first) break;
    const low = member(state);
    const isRange = state.pattern[state.at] === '-' && (state.pattern[state.at + 1] ?? ']') !== ']';
    if (!isRange) {
      out += classItem(low);
      continue;
    }
    state.at++;
    const high = member(state);
    if (low.kind === 'set' || high.kind === 'set') throw new PatternError('bad character range');
    if ((low.char.codePointAt(0) ?? 0) > (high.char.codePointAt(0) ?? 0)) {
      throw new PatternError(`bad character range ${low.char}-${high.char}`);
    }
    out += `${classItem(low)}-${classItem(high)}`;
  }
  state.at++;
  return `${out}]`;
}

type Member = Parameters<typeof classItem>[0];

function member(state: State): Member {
  const char = String.fromCodePoint(state.pattern.codePointAt(state.at) ?? 0);
  state.at += char.length;
  if (char !== '\\') return { kind: 'char', char };
  const rest = state.pattern.slice(state.at);
  const octal = /^(0[0-7]{0,2}|[0-3]?[0-7]{2})/.exec(rest)?.[0];
  if (octal !== undefined) {
    state.at += octal.length;
    return { kind: 'char', char: String.fromCodePoint(Number.parseInt(octal, 8)) };
  }
  if (rest.startsWith('b')) {
    state.at++;
    return { kind: 'char', char: '\b' };
  }
  const short = shorthand(rest[0] ?? '', state.dialect);
  if (short !== undefined) {
    state.at++;
    return { kind: 'set', text: short };
  }
  if (rest === '') throw new PatternError('unterminated character set');
  const literal = literalEscape(rest);
  state.at += literal.length;
  return { kind: 'char', char: literal.char };
}

/**
 * What a replacement stands for after a match: `\1`, `\g<1>`, `\g<name>` and escapes such as `\n`. A group that took no
 * part is empty. The error says what is wrong with the replacement.
 */
export function expandPythonReplacement(template: string, match: RegExpExecArray): Result<string, string> {
  let problem: string | undefined;
  const text = template.replace(
    /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]?))/gu,
    (
      whole,
      name: string | undefined,
      octal: string | undefined,
      number: string | undefined,
      char: string | undefined,
    ) => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const key = name ?? number;
      if (key !== undefined) {
        const known = /^\d+$/.test(key) ? Number(key) < match.length : Object.hasOwn(match.groups ?? {}, key);
        if (!known) problem ??= /^\d+$/.test(key) ? `invalid group reference ${key}` : `unknown group name "${key}"`;
        return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? '';
      }
      if (char === '\\') return '\\';
      const control = controls[char ?? ''] ?? (char === 'b' ? '\b' : undefined);
      if (control !== undefined) return control;
      if (char === '' || /^[A-Za-z]$/.test(char ?? '')) problem ??= `bad escape ${whole}`;
      return whole;
    },
  );
  return problem === undefined ? ok(text) : err(problem);
}
