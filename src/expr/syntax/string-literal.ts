/** Reads the escapes of a Python string literal, quotes already gone; an unknown escape stays as it is. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escape, (whole: string, hex2?: string, hex4?: string, hex8?: string, octal?: string) => {
    const digits = hex2 ?? hex4 ?? hex8;
    if (digits !== undefined) return character(Number.parseInt(digits, 16), whole);
    if (octal !== undefined) return character(Number.parseInt(octal, 8), whole);
    return simple.get(whole[1] ?? '') ?? whole;
  });
}

const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|[\s\S])/g;

const simple: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

function character(code: number, whole: string): string {
  return code > 0x10ffff ? whole : String.fromCodePoint(code);
}
