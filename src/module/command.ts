import { z } from 'zod';
import { shellQuote } from '../core/python-shell-quote.ts';
import type { JsonObject } from '../core/value.ts';
import { file, glob } from '../host/ask.ts';
import { type ChangeOutcome, type Run, wordEnd } from '../host/change.ts';
import type { FileQuery, Observation } from '../host/observation.ts';
import type { Context, Disrupts, Plan, Seen } from './define.ts';
import { durationText, momentText, outcomeFields, outputReturns } from './output.ts';
import { bool, optional, path, text, withDefault } from './params.ts';
import { plan } from './plan.ts';

/** What `command`, `shell`, `script` and their kin share. */
export const commandParams = {
  chdir: optional(path(), 'Directory to run in'),
  creates: optional(path(), 'Path or shell pattern; where something matches it, nothing is run'),
  removes: optional(path(), 'Path or shell pattern; where nothing matches it, nothing is run'),
  stdin: optional(text(), 'Text for its standard input'),
  stdin_add_newline: withDefault(bool(), true, 'Add a line end to `stdin`'),
  strip_empty_ends: withDefault(bool(), true, 'Remove empty lines from the end of what it printed'),
};

export interface CommandParams {
  readonly chdir: string | undefined;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly stdin: string | undefined;
  readonly stdin_add_newline: boolean;
  readonly strip_empty_ends: boolean;
  /** `creates` and `removes` hold also where the directory to run in is not there, as with `script`. */
  readonly asksNoPlace?: true;
}

/** For `returns`. */
export const commandReturns = {
  cmd: z.union([z.string(), z.array(z.string())]).meta({ description: 'What was run' }),
  ...outputReturns,
  rc: z.int().meta({ description: 'Exit code' }),
  stdout: z.string().meta({ description: 'Standard output, line ends at its end removed' }),
  stdout_lines: z.array(z.string()).meta({ description: 'Standard output as lines' }),
  stderr: z.string().meta({ description: 'Standard error, line ends at its end removed' }),
  stderr_lines: z.array(z.string()).meta({ description: 'Standard error as lines' }),
  start: z.string().nullish().meta({ description: 'When it started, UTC; null where it did not run' }),
  end: z.string().nullish().meta({ description: 'When it ended, UTC' }),
  delta: z.string().nullish().meta({ description: 'How long it took' }),
};

function patternOf(p: CommandParams, pattern: string): string {
  const isAbsolute = pattern.startsWith('/') || pattern.startsWith('~');
  return isAbsolute || p.chdir === undefined ? pattern : `${p.chdir.replace(/\/+$/, '')}/${pattern}`;
}

export function commandQueries(p: CommandParams): readonly Observation[] {
  const patterns = [p.creates, p.removes].filter((pattern) => pattern !== undefined);
  const place = patterns.length === 0 ? undefined : placeOf(p);
  return [...patterns.map((pattern) => glob(patternOf(p, pattern))), ...(place === undefined ? [] : [place])];
}

/** The directory to run in, which must be there also where nothing is to be done. */
function placeOf(p: CommandParams): FileQuery | undefined {
  return p.chdir === undefined || p.asksNoPlace === true ? undefined : file(p.chdir, { follow: true });
}

function lacksPlace(p: CommandParams, seen: Seen): boolean {
  const place = placeOf(p);
  if (place === undefined || (p.creates === undefined && p.removes === undefined)) return false;
  const found = seen(place);
  return !found.exists || found.type !== 'directory';
}

/** Why the command need not run; absent where it must. */
function idleReason(p: CommandParams, seen: Seen): { readonly stdout: string; readonly msg: string } | undefined {
  if (lacksPlace(p, seen)) return undefined;
  if (p.creates !== undefined && seen(glob(patternOf(p, p.creates))).matches.length > 0) {
    return { stdout: `skipped, since ${p.creates} exists`, msg: `Did not run command since '${p.creates}' exists` };
  }
  if (p.removes !== undefined && seen(glob(patternOf(p, p.removes))).matches.length === 0) {
    return {
      stdout: `skipped, since ${p.removes} does not exist`,
      msg: `Did not run command since '${p.removes}' does not exist`,
    };
  }
  return undefined;
}

export function planCommand(p: CommandParams, command: Run['command'], seen: Seen, program?: string): Plan {
  const idle = idleReason(p, seen);
  if (idle !== undefined) return plan([], { why: idle.msg });
  const change: Run = {
    kind: 'run',
    command,
    env: {},
    detach: false,
    ...(program === undefined ? {} : { program }),
    ...(p.chdir === undefined ? {} : { chdir: p.chdir }),
    ...(p.stdin === undefined ? {} : { stdin: p.stdin_add_newline ? `${p.stdin}\n` : p.stdin }),
    ...(p.creates === undefined ? {} : { creates: patternOf(p, p.creates) }),
    ...(p.removes === undefined ? {} : { removes: patternOf(p, p.removes) }),
  };
  if (lacksPlace(p, seen)) return plan([change], { unknown: `the directory "${p.chdir ?? ''}" is not there` });
  const foreseen = p.creates !== undefined || p.removes !== undefined;
  return plan([change], foreseen ? {} : { unknown: 'what a command changes is only known once it ran' });
}

export function commandResult(
  p: CommandParams,
  cmd: string | readonly string[],
  seen: Seen,
  outcome: ChangeOutcome | undefined,
  context: Context,
  words: readonly string[] = typeof cmd === 'string' ? [cmd] : cmd,
): JsonObject {
  const idle = idleReason(p, seen);
  if (idle !== undefined) return idleResult(cmd, idle);
  if (outcome === undefined || outcome.status === 'stale' || outcome.status === 'skipped') return { cmd };
  if (outcome.status === 'done' && outcome.noop === true) {
    return { changed: false, ...idleResult(cmd, heldOnHost(p)) };
  }
  if (outcome.status === 'failed') {
    const nothing = { changed: false, stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
    if (outcome.reason === 'not-started') {
      return { cmd: startedLine(words, outcome.stdout), rc: outcome.code, ...nothing, msg: 'Error executing command.' };
    }
    if (outcome.reason === 'no-directory') {
      return { cmd, rc: null, ...nothing, ...never, msg: 'Unable to change directory before execution.' };
    }
  }
  const start = context.now * 1000;
  return {
    cmd,
    ...outcomeFields(outcome, p.strip_empty_ends),
    start: momentText(start),
    end: momentText(start + outcome.durationMs),
    delta: durationText(outcome.durationMs),
    msg: outcome.code === 0 ? '' : 'non-zero return code',
    // What fails may have changed something on its way.
    ...(outcome.code === 0 ? {} : { changed: true }),
  };
}

const never = { start: null, end: null, delta: null };

/** The words that could not be started: those that the host made of them, where it was asked for all. */
function startedLine(words: readonly string[], told: string): string {
  const made = told.split(wordEnd).slice(0, -1);
  return (made.length === words.length ? made : words).map(shellQuote).join(' ');
}

function heldOnHost(p: CommandParams): { readonly stdout: string; readonly msg: string } {
  const reason = p.creates === undefined ? `${p.removes ?? ''} does not exist` : `${p.creates} exists`;
  return { stdout: `skipped, since ${reason}`, msg: `Did not run command since ${reason}` };
}

function idleResult(
  cmd: string | readonly string[],
  idle: { readonly stdout: string; readonly msg: string },
): JsonObject {
  const { stdout, msg } = idle;
  return { cmd, rc: 0, stdout, stdout_lines: [stdout], stderr: '', stderr_lines: [], ...never, msg };
}

/** Nobody knows what a command takes away; the task says so with `disrupts:` where it is less than the node. */
export function commandDisrupts(planned: Plan): readonly Disrupts[] {
  return planned.kind === 'plan' && planned.changes.length > 0 ? ['node'] : ['nothing'];
}
