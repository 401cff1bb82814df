import type { Diagnostic } from './diagnostic.ts';
import { placeJson } from './place-json.ts';

/** One JSON array, one object a diagnostic, for editors and scripts. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const items = diagnostics.map(({ code, severity, message, at, related, help }) => ({
    ...(at === undefined ? {} : placeJson(at)),
    severity,
    code,
    message,
    ...(help === undefined ? {} : { help }),
    ...(related === undefined || related.length === 0
      ? {}
      : { related: related.map((one) => ({ ...placeJson(one.at), message: one.message })) }),
  }));
  return `${JSON.stringify(items, null, 2)}\n`;
}
