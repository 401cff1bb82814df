import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import type { YamlCode } from './codes.ts';
import type { Mend } from './mend.ts';

/** A mistake in the text, and the repair with which the parser can go on behind it. */
export interface Finding {
  /** Absent where there is no mistake: Ansible takes the text as it is, and only the parser does not. */
  readonly diagnostic?: Problem;
  readonly mend?: Mend;
  /** The parser's words: not to be trusted where the line has another mistake. */
  readonly fromParser: boolean;
}

/** A diagnostic of this layer always has its place. */
export interface Problem extends Diagnostic {
  readonly code: YamlCode;
  readonly at: Location;
}

export function problem(code: YamlCode, message: string, at: Location, help?: string): Problem {
  return { code, severity: 'error', message, at, ...(help === undefined ? {} : { help }) };
}
