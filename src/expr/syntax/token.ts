/** A piece of a template. `from` and `to` are offsets in its text. */
export type Token =
  | { readonly type: 'data'; readonly text: string; readonly from: number; readonly to: number }
  | {
      readonly type: 'variable-begin' | 'variable-end' | 'block-begin' | 'block-end' | 'end';
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: 'name' | 'operator'; readonly text: string; readonly from: number; readonly to: number }
  | { readonly type: 'string'; readonly value: string; readonly from: number; readonly to: number }
  | { readonly type: 'integer'; readonly value: bigint; readonly from: number; readonly to: number }
  | { readonly type: 'float'; readonly value: number; readonly from: number; readonly to: number };

/** What a text has to be read with. */
export interface LexerOptions {
  /** The line break right after a block tag is dropped. */
  readonly trimBlocks: boolean;
  /** White space before a block tag that begins its line is dropped. */
  readonly lstripBlocks: boolean;
  /** What every line break becomes. */
  readonly newline: string;
  /** Whether `\n` and the like are read in the string literals of `{{ }}`; elsewhere they always are. */
  readonly escapes: boolean;
  readonly delimiters: Delimiters;
}

export interface Delimiters {
  readonly variable: readonly [begin: string, end: string];
  readonly block: readonly [begin: string, end: string];
  readonly comment: readonly [begin: string, end: string];
}

export const defaultDelimiters: Delimiters = {
  variable: ['{{', '}}'],
  block: ['{%', '%}'],
  comment: ['{#', '#}'],
};

/** What is wrong at a place of the text. */
export interface SyntaxProblem {
  readonly code: `expr/${string}`;
  readonly message: string;
  readonly from: number;
  readonly to: number;
  readonly help?: string;
}
