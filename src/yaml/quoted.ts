/** Behind the closing quote of what is opened at `start`; undefined where there is none. */
export function quotedEnd(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) {
      if (quote === '"' || text.charAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
}
