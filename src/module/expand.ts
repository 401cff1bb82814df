import { quote } from '../host/quote.ts';

const variable = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/** Whether a program's arguments name the host's environment or a home (`$HOME`, `~/x`), which `command` replaces without a shell's help. */
export function needsExpansion(argv: readonly string[]): boolean {
  return argv.some((word) => word.startsWith('~') || word.search(variable) !== -1);
}

/**
 * A line for the host's shell that runs exactly these arguments, with variables replaced and nothing else expanded.
 * A variable that is not set stays as it is written.
 */
export function expandingLine(argv: readonly string[]): string {
  return argv.map(expandingWord).join(' ');
}

function expandingWord(word: string): string {
  // A slash within quotes would not end the name of the home.
  const tilde = /^~[A-Za-z0-9_.-]*(\/|$)/.exec(word)?.[0] ?? '';
  const rest = word.slice(tilde.length);
  const parts: string[] = [];
  let done = 0;
  for (const match of rest.matchAll(variable)) {
    if (match.index > done) parts.push(quote(rest.slice(done, match.index)));
    const name = match[1] ?? match[2] ?? '';
    parts.push(`"\${${name}-${match[0].replace('$', '\\$').replace('}', '\\}')}}"`);
    done = match.index + match[0].length;
  }
  if (done < rest.length) parts.push(quote(rest.slice(done)));
  const written = tilde + parts.join('');
  return written === '' ? "''" : written;
}
