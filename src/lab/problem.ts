import type { Diagnostic } from '../core/diagnostic.ts';
import { err, ok, type Result } from '../core/result.ts';

/** What makes a lab impossible, carried up to the entry points, which hand it on as a diagnostic. */
export class LabProblem extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

export function problem(code: Diagnostic['code'], message: string, help?: string): LabProblem {
  return new LabProblem({ code, severity: 'error', message, ...(help === undefined ? {} : { help }) });
}

/** Turns a problem that was thrown inside into the error of a result; any other exception is a bug and goes on. */
export async function caught<T>(work: () => Promise<T>): Promise<Result<T, Diagnostic>> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof LabProblem) return err(error.diagnostic);
    throw error;
  }
}
