import type { Place } from '../expr/api.ts';

/** An expression in the place of a condition, and where its parts stood. */
export interface Unfolded {
  readonly text: string;
  readonly place: Place;
}

const literal = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g;

/**
 * `x == "a{{ y }}b"` as `x == ("a" ~ (y) ~ "b")`: what Ansible makes of a template inside of a text of a condition.
 * `undefined` where a template stands outside of texts: it would become code.
 */
export function unfoldTemplates(text: string, place: Place): Unfolded | undefined {
  const pieces: { readonly text: string; readonly from: number | undefined }[] = [];
  let end = 0;
  for (const match of text.matchAll(literal)) {
    if (!match[0].includes('{{')) continue;
    pieces.push({ text: text.slice(end, match.index), from: end });
    pieces.push(...unfolded(match[0], match.index));
    end = match.index + match[0].length;
  }
  pieces.push({ text: text.slice(end), from: end });
  if (pieces.some((piece) => piece.from !== undefined && /\{\{|\}\}|\{%/.test(piece.text))) return undefined;
  const original = (offset: number): number => {
    let passed = 0;
    let last = 0;
    for (const piece of pieces) {
      if (piece.from !== undefined) last = piece.from;
      if (offset < passed + piece.text.length) return piece.from === undefined ? last : piece.from + offset - passed;
      passed += piece.text.length;
      if (piece.from !== undefined) last = piece.from + piece.text.length;
    }
    return last;
  };
  return {
    text: pieces.map((piece) => piece.text).join(''),
    place: (from, to) => place(original(from), original(to)),
  };
}

/** The parts of one text, joined. */
function unfolded(
  written: string,
  at: number,
): readonly { readonly text: string; readonly from: number | undefined }[] {
  const quote = written[0] ?? '"';
  const parts = written.slice(1, -1).split(/(\{\{[^]*?\}\})/);
  let from = at + 1;
  const joined = parts.flatMap((part, index) => {
    const start = from;
    from += part.length;
    const between = index === 0 ? [] : [{ text: ' ~ ', from: undefined }];
    if (index % 2 === 0) {
      return [
        ...between,
        { text: quote, from: undefined },
        { text: part, from: start },
        { text: quote, from: undefined },
      ];
    }
    const code = part.replace(/^\{\{[-+]?|[-+]?\}\}$/g, '');
    const inner = start + part.indexOf(code, 2);
    return [...between, { text: '(', from: undefined }, { text: code, from: inner }, { text: ')', from: undefined }];
  });
  return [{ text: '(', from: undefined }, ...joined, { text: ')', from: undefined }];
}
