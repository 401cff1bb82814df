import { compilePythonRegex } from '../core/python-regex.ts';
import { err, ok, type Result } from '../core/result.ts';

const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '[:alnum:]_',
  s: '[:space:]',
};

/**
 * A Python pattern as POSIX's extended one for `grep -E`, which looks at one line at a time. The error says what grep
 * has no counterpart for.
 */
export function extendedRegex(pattern: string): Result<string, string> {
  const python = compilePythonRegex(pattern);
  if (!python.ok) return python;
  const groups = pattern.replaceAll('(?:', '(').replace(/\(\?P<[^>]+>/g, '(');
  if (/\(\?/.test(groups)) return err(`A host cannot search for "${pattern}": look-around and flags are not supported`);
  if (/\\[nrtfvAZbBDWSux0-9]/.test(groups)) {
    return err(
      `A host cannot search for "${pattern}": of the escapes only \\d, \\w, \\s and those of signs are supported`,
    );
  }
  const greedy = groups.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[*+?}]\?/g, (part) => {
    if (part.startsWith('[')) return bracket(part);
    if (part.startsWith('\\')) return outside(part);
    return part.slice(0, 1);
  });
  return ok(greedy);
}

function outside(escape: string): string {
  const letters = classes[escape.slice(1)];
  if (letters !== undefined) return `[${letters}]`;
  return /\\[.[\]{}()*+?^$|\\/]/.test(escape) ? escape : escape.slice(1);
}

/** Within brackets a backslash is an ordinary sign; `]` must come first and `-` last. */
function bracket(part: string): string {
  const negated = part.startsWith('[^') ? '^' : '';
  let close = '';
  let dash = '';
  const body = part.slice(1 + negated.length, -1).replace(/\\(.)/g, (_, char: string) => {
    const letters = classes[char];
    if (letters !== undefined) return letters;
    if (char === ']') close = ']';
    else if (char === '-') dash = '-';
    else return char === '\\' ? '\\\\' : char;
    return '';
  });
  return `[${negated}${close}${body}${dash}]`;
}
