import type { Body, Span } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** What a tag's parser needs from the one that reads the whole template. */
export interface TagContext {
  readonly at: Cursor;
  /** Reads the rest of the tag and its closing delimiter; `fallback` where that is broken, which is reported. */
  readonly head: <T>(read: () => T, fallback: T) => T;
  readonly body: (name: string, ends: readonly string[], begun: Span) => { readonly body: Body; readonly end: string };
}
