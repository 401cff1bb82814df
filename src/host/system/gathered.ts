import { textOf } from '../quote.ts';

/** What the script of facts printed. */
export interface Gathered {
  /** The lines of a small file; none where it is not there. */
  readonly lines: (path: string) => readonly string[];
  /** Its first line, without the white space around it; absent where there is none. */
  readonly first: (path: string) => string | undefined;
  /** Paths that begin so, in the order that they were printed. */
  readonly paths: (prefix: string) => readonly string[];
  readonly section: (name: string) => string;
  /** Sections whose names begin so, with the rest of their names. */
  readonly sections: (prefix: string) => readonly (readonly [rest: string, text: string])[];
}

export function gatheredFrom(output: Uint8Array): Gathered {
  const text = textOf(output);
  const [head = '', ...rest] = text.split('\0');
  const files = new Map<string, string[]>();
  for (const line of head.split('\n')) {
    const [, path = '', content = ''] = /^(\/[^:]*):(.*)$/.exec(line) ?? [];
    if (path !== '') files.set(path, [...(files.get(path) ?? []), content]);
  }
  const sections = new Map<string, string>();
  for (const [index, piece] of rest.entries()) {
    const end = piece.indexOf('\n');
    const name = piece.slice(0, end);
    if (name !== 'env') {
      sections.set(name, piece.slice(end + 1));
      continue;
    }
    sections.set(name, [piece.slice(end + 1), ...rest.slice(index + 1)].join('\0'));
    break;
  }
  const lines = (path: string): readonly string[] => files.get(path) ?? [];
  return {
    lines,
    first: (path) => lines(path)[0]?.trim(),
    paths: (prefix) => [...files.keys()].filter((path) => path.startsWith(prefix)),
    section: (name) => sections.get(name) ?? '',
    sections: (prefix) =>
      [...sections].flatMap(([name, own]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), own] as const] : [],
      ),
  };
}
