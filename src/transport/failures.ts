import type { Failure, FailureReason } from '../core/failure.ts';
import { err } from '../core/result.ts';

interface Rest {
  readonly retry?: Failure['retry'];
  readonly help?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

/** Permanent unless it says otherwise. */
export function fail(
  reason: FailureReason,
  message: string,
  rest: Rest = {},
): { readonly ok: false; readonly error: Failure } {
  return err({ retry: 'permanent', ...rest, reason, message });
}

/** The run was told to stop. */
export function aborted(host: string): { readonly ok: false; readonly error: Failure } {
  return fail('aborted', `Stopped on "${host}" as asked`);
}

/** The last lines of a text, without white space around; absent where nothing is left. */
export function lastLines(text: string, count = 20): string | undefined {
  const lines = text.trim().split('\n').slice(-count).join('\n');
  return lines === '' ? undefined : lines;
}

/** What an exception says, for a message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error, such as ECONNREFUSED. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Asked again after every wait: the compiler takes a signal's first answer for its last. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
