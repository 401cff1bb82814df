/** A page of the reference, before anybody decides how it is shown. */
export interface Page {
  readonly title: string;
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly kind: 'heading' | 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export function markdown({ title, parts }: Page): string {
  return `${[`# ${title}`, ...parts.map(partMarkdown)].join('\n\n')}\n`;
}

function partMarkdown(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return `## ${part.text}`;
    case 'text':
      return part.text;
    case 'code':
      return `\`\`\`${part.language}\n${part.text.trimEnd()}\n\`\`\``;
    case 'table':
      return [part.head, part.head.map(() => '---'), ...part.rows]
        .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
        .join('\n');
  }
}

/** For a terminal: the first cell of a row stands alone, the others below it. */
export function plainText({ title, parts }: Page): string {
  return `${[title, ...parts.map(partText)].join('\n\n')}\n`;
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'heading':
      return part.text.toUpperCase();
    case 'text':
      return part.text;
    case 'code':
      return part.text.trimEnd().replaceAll(/^/gm, '  ');
    case 'table':
      return part.rows.map(rowText).join('\n');
  }
}

function rowText(cells: readonly string[]): string {
  const [first = '', ...rest] = cells.map((cell) => cell.replaceAll('`', ''));
  return [first, ...rest.filter((cell) => cell !== '').map((cell) => `    ${cell}`)].join('\n');
}
