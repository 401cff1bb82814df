import type { Diagnostic } from '../core/diagnostic.ts';
import { type DiagnosticFormat, formatDiagnostics } from '../core/diagnostic-text.ts';
import type { Redactor } from '../core/redact.ts';
import { counted } from '../report/counted.ts';
import type { Output } from './system.ts';

export interface DiagnosticOutput {
  readonly output: Output;
  readonly format: DiagnosticFormat;
  readonly color: boolean;
  /** For excerpts of files that came out of a vault. */
  readonly redactor?: Redactor;
}

/** Writes diagnostics; for people with their count below. Nothing for none, but for programs an empty list. */
export function writeDiagnostics(
  diagnostics: readonly Diagnostic[],
  { output, format, color, redactor }: DiagnosticOutput,
): void {
  if (diagnostics.length === 0 && format !== 'json') return;
  const text = formatDiagnostics(diagnostics, format, { color });
  output.write(redactor?.text(text) ?? text);
  if (format === 'text') output.write(`\n${summary(diagnostics)}\n`);
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return parts.join(' and ');
}
