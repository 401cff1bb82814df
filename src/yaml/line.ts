/** Offsets of the line that an offset stands on, and what is known of it. */
export interface SourceLine {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  /** Where its first character stands that is no white space; `end` on a blank line. */
  readonly first: number;
  /** Columns before `first`, tabs counted as one. */
  readonly indent: number;
}

export function lineAt(text: string, offset: number): SourceLine {
  const start = offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const found = text.indexOf('\n', offset);
  const end = start + text.slice(start, found === -1 ? text.length : found).replace(/\r$/, '').length;
  const first = start + (/^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0);
  return { start, end, first, indent: first - start };
}

/** The next line, or none after the last. */
export function lineAfter(text: string, line: SourceLine): SourceLine | undefined {
  const found = text.indexOf('\n', line.end);
  return found === -1 || found + 1 >= text.length ? undefined : lineAt(text, found + 1);
}

/** Where the value that begins at `from` ends on its line: before a comment and trailing white space. */
export function valueEnd(text: string, from: number): number {
  const rest = text.slice(from, lineAt(text, from).end);
  return from + rest.replace(/[ \t]+#.*$/, '').trimEnd().length;
}

/** A column at which a line may begin to belong to something above it. */
export interface OpenColumn {
  readonly column: number;
  /** It is one of list items, so the line must begin with a dash. */
  readonly dash: boolean;
}

/** The indentation of each enclosing line, and of what stands behind its dashes. Deepest first. */
export function openColumns(text: string, before: SourceLine): readonly OpenColumn[] {
  const columns: OpenColumn[] = [];
  let bound = Number.POSITIVE_INFINITY;
  for (let at = before.start - 1; at >= 0 && bound > 0; ) {
    const line = lineAt(text, at);
    at = line.start - 1;
    const content = text.slice(line.first, line.end);
    if (content.startsWith('---')) break;
    if (content === '' || content.startsWith('#') || line.indent >= bound) continue;
    const dashes = /^(- +)+/.exec(content)?.[0].length ?? 0;
    if (dashes > 0 && line.indent + dashes < bound) columns.push({ column: line.indent + dashes, dash: false });
    columns.push({ column: line.indent, dash: dashes > 0 });
    bound = line.indent;
  }
  return columns;
}
