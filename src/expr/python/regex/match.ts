import { fail } from '../../runtime/failure.ts';
import { hasSurrogates } from '../../runtime/iterate.ts';
import type { Runtime } from '../../runtime/value.ts';
import { parsePattern } from './parse.ts';
import { PatternError } from './pattern-error.ts';
import { compileProgram, type Program } from './program.ts';
import { type Captures, machine } from './run.ts';
import type { Flags } from './tree.ts';

/** A pattern ready to run. */
export function compile(pattern: string, flags: Partial<Flags> = {}): Program {
  try {
    return compileProgram(parsePattern(pattern, flags));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return fail(
      'value',
      `"${pattern}" is no regular expression: ${error.message}`,
      `Look at character ${error.at + 1} of the pattern`,
    );
  }
}

/** One match, its parts as text. */
export interface Match {
  /** Offsets in code points. */
  readonly start: number;
  readonly end: number;
  /** A group by number, 0 for the whole; none for one that took no part. */
  readonly group: (index: number) => string | undefined;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/** A text that patterns are tried on. */
interface Subject {
  readonly codes: Uint32Array | Uint16Array;
  readonly slice: (from: number, to: number) => string;
}

function subject(text: string): Subject {
  if (!hasSurrogates(text)) {
    const codes = new Uint16Array(text.length);
    for (let at = 0; at < text.length; at++) codes[at] = text.charCodeAt(at);
    return { codes, slice: (from, to) => text.slice(from, to) };
  }
  const chars = Array.from(text);
  const codes = Uint32Array.from(chars, (char) => char.codePointAt(0) ?? 0);
  return { codes, slice: (from, to) => chars.slice(from, to).join('') };
}

function matchOf(captures: Captures, { slice }: Subject, { pattern }: Program): Match {
  const [start = 0, end = 0] = captures;
  return {
    start,
    end,
    groups: pattern.groups,
    names: pattern.names,
    group(index) {
      const from = captures[index * 2] ?? -1;
      const to = captures[index * 2 + 1] ?? -1;
      return to < 0 || from < 0 ? undefined : slice(from, to);
    },
  };
}

/** The first match, anywhere or at the beginning. */
export function find(
  program: Program,
  text: string,
  mode: 'search' | 'match' | 'full',
  rt: Runtime,
): Match | undefined {
  const on = subject(text);
  const { search, spent } = machine(program, on.codes);
  const captures = search(0, mode);
  rt.spend(Math.ceil(spent() / 1000));
  return captures && matchOf(captures, on, program);
}

/** Every match that does not overlap the one before; an empty one may touch it. */
export function* findAll(program: Program, text: string, rt: Runtime): Generator<Match> {
  const on = subject(text);
  const { search, spent } = machine(program, on.codes);
  let at = 0;
  let advance = false;
  while (at <= on.codes.length) {
    const captures = search(at, 'search', advance);
    rt.spend(1 + Math.ceil(spent() / 1_000_000));
    if (captures === undefined) return;
    const match = matchOf(captures, on, program);
    yield match;
    at = match.end;
    advance = match.end === match.start;
  }
}

/** Whether a pattern matches somewhere. */
export function matchPattern(pattern: string, text: string, rt: Runtime): boolean {
  return find(compile(pattern), text, 'search', rt) !== undefined;
}
