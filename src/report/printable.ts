/**
 * Text of a host as it may be shown on a terminal: control characters become their pictures, so that what a host says
 * can neither move the cursor nor change colors. Tabs and line breaks stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/\r\n/g, '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, picture);
}

function picture(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u2421';
}

/** The lines of a text, printable, without empty ones at its end. */
export function printableLines(text: string): readonly string[] {
  return printable(text).trimEnd().split('\n');
}
