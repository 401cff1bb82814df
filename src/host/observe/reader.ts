/** Reads a script's output piece by piece. Bytes are kept one to a character (latin1), so that nothing is lost. */
export interface Reader {
  /** Up to the next `end`, which is skipped; the rest where there is none. */
  until(end: string): string;
  /** Skips `text` where it comes next. */
  skip(text: string): boolean;
  match(sticky: RegExp): RegExpExecArray | undefined;
  rest(): string;
  atEnd(): boolean;
}

export function reader(bytes: Uint8Array): Reader {
  const text = Buffer.from(bytes).toString('latin1');
  let at = 0;
  return {
    until(end) {
      const found = text.indexOf(end, at);
      const piece = text.slice(at, found === -1 ? undefined : found);
      at = found === -1 ? text.length : found + end.length;
      return piece;
    },
    skip(next) {
      if (!text.startsWith(next, at)) return false;
      at += next.length;
      return true;
    },
    match(sticky) {
      sticky.lastIndex = at;
      const found = sticky.exec(text) ?? undefined;
      if (found !== undefined) at = sticky.lastIndex;
      return found;
    },
    rest() {
      const piece = text.slice(at);
      at = text.length;
      return piece;
    },
    atEnd: () => at >= text.length,
  };
}

export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
