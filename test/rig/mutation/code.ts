/** A word or a quoted text of an expression, and what it is there. */
export interface CodeToken {
  readonly kind: 'variable' | 'field' | 'filter' | 'test' | 'argument' | 'function' | 'target' | 'text';
  readonly text: string;
  /** Offsets in the code. */
  readonly from: number;
  readonly to: number;
  /** Of a filter: where its arguments stand, with their parentheses. */
  readonly call?: { readonly from: number; readonly to: number };
}

const words = new Set(
  (
    'and or not in is if elif else endif for endfor set endset true false none True False None recursive loop ' +
    'include import from with context ignore missing block endblock macro endmacro call endcall raw endraw do'
  ).split(' '),
);

const pattern = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[A-Za-z_]\w*|\d[\w.]*|\s+|[^]/g;

/** Reads the code of a `{{ }}`, a `{% %}` or a bare expression, without the braces. */
export function readCode(code: string): readonly CodeToken[] {
  const parts = [...code.matchAll(pattern)]
    .map((match) => ({ text: match[0], from: match.index, to: match.index + match[0].length }))
    .filter((part) => part.text.trim() !== '');
  return parts.flatMap((part, index): readonly CodeToken[] => {
    const before = parts[index - 1]?.text;
    const after = parts[index + 1]?.text;
    if (/^['"]/.test(part.text)) return [{ kind: 'text', ...part }];
    if (!/^[A-Za-z_]/.test(part.text) || words.has(part.text)) return [];
    if (before === '|') return [{ kind: 'filter', ...part, ...callAt(code, parts[index + 1]) }];
    if (before === 'is' || (before === 'not' && parts[index - 2]?.text === 'is')) return [{ kind: 'test', ...part }];
    if (after === '(') return before === '.' ? [] : [{ kind: 'function', ...part }];
    if (before === '.') return [{ kind: 'field', ...part }];
    if (after === '=' && parts[index + 2]?.text !== '=' && (before === '(' || before === ','))
      return [{ kind: 'argument', ...part }];
    if (before === 'for' || before === 'set') return [{ kind: 'target', ...part }];
    return [{ kind: 'variable', ...part }];
  });
}

/** From the parenthesis that stands here to the one that closes it. */
function callAt(
  code: string,
  part: { readonly text: string; readonly from: number } | undefined,
): Pick<CodeToken, 'call'> {
  if (part?.text !== '(') return {};
  let depth = 0;
  for (const match of code.slice(part.from).matchAll(pattern)) {
    if (match[0] === '(') depth++;
    if (match[0] === ')' && --depth === 0) return { call: { from: part.from, to: part.from + match.index + 1 } };
  }
  return {};
}

/** A tag of a template: its whole range, and that of the code between the braces. */
export interface Tag {
  readonly kind: 'output' | 'block';
  readonly from: number;
  readonly to: number;
  readonly code: string;
  readonly codeFrom: number;
}

export function readTags(text: string): readonly Tag[] {
  return [...text.matchAll(/\{\{[-+]?([^]*?)[-+]?\}\}|\{%[-+]?([^]*?)[-+]?%\}/g)].map((match) => {
    const [whole, output, block] = match;
    const code = output ?? block ?? '';
    return {
      kind: output === undefined ? 'block' : 'output',
      from: match.index,
      to: match.index + whole.length,
      code,
      codeFrom: match.index + whole.indexOf(code, 2),
    };
  });
}
