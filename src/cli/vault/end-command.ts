import type { Diagnostic } from '../../core/diagnostic.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import type { OutputOptions } from '../option-values.ts';
import type { System } from '../system.ts';

/** Says what is wrong, if anything is, and gives the exit code. */
export function endCommand(
  diagnostics: readonly Diagnostic[],
  { format, color }: OutputOptions,
  { err }: System,
): number {
  if (diagnostics.length === 0) return exitCodes.ok;
  writeDiagnostics(diagnostics, { output: err, format, color: color && err.color });
  return exitCodes.badInput;
}
