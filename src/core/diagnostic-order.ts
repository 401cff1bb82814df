import type { Diagnostic } from './diagnostic.ts';

/** By file, then by place, errors before warnings; what is said twice is said once. Those without a place come last. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { at, code, message } = diagnostic;
    const key = JSON.stringify([at?.source.path, at?.start, at?.end, code, message]);
    if (!unique.has(key)) unique.set(key, diagnostic);
  }
  return [...unique.values()].sort(compare);
}

function compare(a: Diagnostic, b: Diagnostic): number {
  if (a.at === undefined || b.at === undefined) return Number(a.at === undefined) - Number(b.at === undefined);
  const path = compareText(a.at.source.path, b.at.source.path);
  if (path !== 0) return path;
  if (a.at.start !== b.at.start) return a.at.start - b.at.start;
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return a.at.end - b.at.end || compareText(a.code, b.code);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
