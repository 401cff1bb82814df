import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import type { ChangeOutcome } from '../host/change.ts';

/** What a command printed, for `returns`. */
export const outputReturns = {
  rc: z.int().optional().meta({ description: 'Exit code' }),
  stdout: z.string().optional().meta({ description: 'Standard output, line ends at its end removed' }),
  stdout_lines: z.array(z.string()).optional().meta({ description: 'Standard output as lines' }),
  stderr: z.string().optional().meta({ description: 'Standard error, line ends at its end removed' }),
  stderr_lines: z.array(z.string()).optional().meta({ description: 'Standard error as lines' }),
};

/** `stdout`, `stderr` and their lines, as Ansible gives them. */
export function outputFields(stdout: string, stderr: string, strip = true): JsonObject {
  const out = strip ? stripEnd(stdout) : stdout;
  const err = strip ? stripEnd(stderr) : stderr;
  return { stdout: out, stdout_lines: linesOf(out), stderr: err, stderr_lines: linesOf(err) };
}

/** The same for what a change did, with `rc`; nothing where it did not run. */
export function outcomeFields(outcome: ChangeOutcome | undefined, strip = true): JsonObject {
  if (outcome === undefined || outcome.status === 'stale' || outcome.status === 'skipped') return {};
  return { rc: outcome.code, ...outputFields(outcome.stdout, outcome.stderr, strip) };
}

function stripEnd(written: string): string {
  return written.replace(/[\r\n]+$/, '');
}

/** As Python splits lines: no empty line after the last line's end. */
export function linesOf(written: string): string[] {
  const lines = written.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** A moment as Ansible prints it, in UTC: `2024-01-31 12:00:00.000000`. */
export function momentText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '000');
}

/** A duration as Ansible prints it: `0:00:01.250000`. */
export function durationText(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const part = (text: number): string => String(text).padStart(2, '0');
  const micros = String(Math.round((ms - whole * 1000) * 1000)).padStart(6, '0');
  return `${Math.floor(whole / 3600)}:${part(Math.floor(whole / 60) % 60)}:${part(whole % 60)}.${micros}`;
}
