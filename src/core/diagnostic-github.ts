import type { Diagnostic } from './diagnostic.ts';
import { placeJson } from './place-json.ts';
import { placeText } from './source.ts';

/** Workflow commands of GitHub Actions: each diagnostic becomes an annotation of its line. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`).join('');
}

function annotation({ severity, code, message, at, related, help }: Diagnostic): string {
  const properties: string[] = [];
  if (at !== undefined) {
    const { path, line, column, endLine, endColumn } = placeJson(at);
    properties.push(`file=${property(path)}`, `line=${line}`, `col=${column}`);
    properties.push(`endLine=${endLine}`, `endColumn=${endColumn}`);
  }
  properties.push(`title=${property(code)}`);
  const text = [
    message,
    ...(related ?? []).map((one) => `${placeText(one.at)} ${one.message}`),
    ...(help === undefined ? [] : [help]),
  ];
  return `::${severity} ${properties.join(',')}::${data(text.join('\n'))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
