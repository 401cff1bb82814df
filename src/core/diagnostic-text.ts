import type { Diagnostic } from './diagnostic.ts';
import { diagnosticsGithub } from './diagnostic-github.ts';
import { diagnosticsJson } from './diagnostic-json.ts';
import { inOrder } from './diagnostic-order.ts';
import { excerpt } from './excerpt.ts';
import { type Paint, painter } from './paint.ts';
import { placeText } from './source.ts';

/** `text` for people, `json` for programs, `github` for annotations of a workflow run. */
export const diagnosticFormats = ['text', 'json', 'github'] as const;
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/** All diagnostics in one text, sorted by place, duplicates dropped, with a line break at the end. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat,
  options: { readonly color: boolean },
): string {
  const sorted = inOrder(diagnostics);
  if (format === 'json') return diagnosticsJson(sorted);
  if (format === 'github') return diagnosticsGithub(sorted);
  const paint = painter(options.color);
  return sorted.map((diagnostic) => `${textOf(diagnostic, paint).join('\n')}\n`).join('\n');
}

function textOf({ code, severity, message, at, related, help }: Diagnostic, paint: Paint): readonly string[] {
  const style = severity === 'error' ? 'red' : 'yellow';
  const place = at === undefined ? '' : `${paint('bold', placeText(at))} `;
  return [
    `${place}${paint(style, severity)} ${paint('dim', code)}: ${message}`,
    ...(at === undefined ? [] : excerpt(at, paint, style)),
    ...(related ?? []).flatMap((one) => [
      `  ${paint('bold', placeText(one.at))} ${one.message}`,
      ...excerpt(one.at, paint, 'cyan', '    '),
    ]),
    ...(help === undefined
      ? []
      : help.split('\n').map((line, index) => (index === 0 ? `  ${paint('cyan', 'help:')} ${line}` : `  ${line}`))),
  ];
}
