import type { Failure } from '../core/failure.ts';
import { unreachable } from '../core/result.ts';
import type { Location } from '../core/source.ts';
import type { JsonObject } from '../core/value.ts';
import type { ExprError } from '../expr/api.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import { describeChange } from '../host/describe.ts';
import { exitMeaning } from '../host/exit-meaning.ts';

/** Why a task with an empty loop is skipped, in Ansible's words. */
export const noItems = 'No items in the list';

/** The last lines of a text: what a person looks at first. */
export function lastLines(text: string, count = 20): string {
  const lines = text.replace(/\s+$/, '').split('\n');
  return lines.slice(-count).join('\n');
}

/** What the system says where it cannot start a program is no exit code of the program's own. */
const startMeanings = new Map([
  [2, 'no such program'],
  [13, 'not to be run'],
]);

/** A change that did not work, for the person who reads it. */
export function changeFailure(
  change: Change,
  outcome: Extract<ChangeOutcome, { status: 'failed' }>,
  at: Location,
): Failure {
  const what = describeChange(change);
  const meaning = outcome.reason === 'not-started' ? startMeanings.get(outcome.code) : exitMeaning(outcome.code);
  const common = {
    retry: 'permanent' as const,
    at,
    command: what,
    exitCode: outcome.code,
    ...(meaning === undefined ? {} : { exitMeaning: meaning }),
    stderr: lastLines(outcome.stderr === '' ? outcome.stdout : outcome.stderr),
  };
  switch (outcome.reason) {
    case 'timeout':
      return { ...common, reason: 'timeout', message: `Not done within its time: ${what}` };
    case 'verify':
      return {
        ...common,
        reason: 'verify-failed',
        message: `Done, but what must hold afterwards was not seen: ${what}`,
      };
    case 'validate':
      return { ...common, reason: 'command-failed', message: `The new content was refused by its validation: ${what}` };
    case 'not-started':
      return {
        ...common,
        reason: 'command-failed',
        message: `${outcome.code === 13 ? 'The program must not be run' : 'There is no such program'}: ${what}`,
      };
    case 'no-directory':
      return { ...common, reason: 'command-failed', message: `The directory to run in is not there: ${what}` };
    case 'exit-code':
      return {
        ...common,
        reason: 'command-failed',
        message: `Exit code ${outcome.code}${meaning === undefined ? '' : ` (${meaning})`}: ${what}`,
      };
    default:
      return unreachable(outcome.reason);
  }
}

export function templateFailure(error: ExprError): Failure {
  if (error.reason === 'unknown') {
    const help = 'That task ran in check mode, where it has no result; have it run with "check_mode: false"';
    return { reason: 'not-known', message: error.message, retry: 'permanent', at: error.at, help };
  }
  return {
    reason: 'template-failed',
    message: error.message,
    retry: 'permanent',
    at: error.at,
    ...(error.help === undefined ? {} : { help: error.help }),
  };
}

export function refused(message: string, at: Location, help?: string): Failure {
  return { reason: 'module-refused', message, retry: 'permanent', at, ...(help === undefined ? {} : { help }) };
}

/** What `register` holds of a task that failed before its module could say anything. */
export function failedResult(failure: Failure): JsonObject {
  return {
    changed: false,
    failed: true,
    msg: failure.message,
    ...(failure.exitCode === undefined ? {} : { rc: failure.exitCode }),
    ...(failure.stderr === undefined ? {} : { stderr: failure.stderr, stderr_lines: failure.stderr.split('\n') }),
  };
}
