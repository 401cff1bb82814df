const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** What a view may do to a text on a terminal. */
export type Style = keyof typeof codes;

/** Styles a text, or leaves it as it is where colors are off. */
export type Paint = (style: Style, text: string) => string;

/** A painter for one output. Whether that output takes colors is the caller's knowledge. */
export function painter(color: boolean): Paint {
  if (!color) return (_style, text) => text;
  return (style, text) => (text === '' ? '' : `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`);
}
