import type { Diagnostic } from '../core/diagnostic.ts';
import type { CliCode } from './codes.ts';

/** A diagnostic of the command line itself, which has no place in a file. */
export function problem(code: CliCode, message: string, help?: string): Diagnostic {
  return { code, severity: 'error', message, ...(help === undefined ? {} : { help }) };
}
