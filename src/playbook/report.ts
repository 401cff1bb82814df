import type { Code, Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';

type Rest = Pick<Diagnostic, 'help' | 'related'>;

/** Where everything that is wrong is gathered, so that one reading finds it all. */
export interface Report {
  readonly error: (code: Code, at: Location, message: string, help?: string, related?: Rest['related']) => void;
  readonly warning: (code: Code, at: Location, message: string, help?: string, related?: Rest['related']) => void;
  readonly add: (diagnostics: readonly Diagnostic[]) => void;
  /** In the order they were found; one that was found twice (a role used twice) stands once. */
  readonly all: () => readonly Diagnostic[];
}

export function createReport(): Report {
  const found = new Map<string, Diagnostic>();
  const add = (diagnostic: Diagnostic): void => {
    const { at } = diagnostic;
    const key = `${diagnostic.code} ${at?.source.path} ${at?.start} ${diagnostic.message}`;
    // What is a warning on one path may be an error on another one.
    if (!found.has(key) || (diagnostic.severity === 'error' && found.get(key)?.severity === 'warning'))
      found.set(key, diagnostic);
  };
  return {
    error: (...found) => add(diagnosticOf('error', ...found)),
    warning: (...found) => add(diagnosticOf('warning', ...found)),
    add: (diagnostics) => diagnostics.forEach(add),
    all: () => [...found.values()],
  };
}

function diagnosticOf(
  severity: Diagnostic['severity'],
  code: Code,
  at: Location,
  message: string,
  help?: string,
  related?: Rest['related'],
): Diagnostic {
  return {
    code,
    severity,
    message,
    at,
    ...(help === undefined ? {} : { help }),
    ...(related === undefined || related.length === 0 ? {} : { related }),
  };
}
