/** What a plain scalar means to Ansible, which reads YAML 1.1; hlb's parser reads YAML 1.2. */
export function plainValue(text: string): null | boolean | bigint | number | string {
  const boolean = booleans.get(text);
  if (boolean !== undefined) return boolean;
  if (nulls.has(text)) return null;
  if (floats.test(text)) return floatOf(text);
  if (integers.test(text)) return integerOf(text) ?? text;
  return text;
}

/** Written in the three cases that YAML 1.1 knows; `y` and `n` are texts, as PyYAML has it. */
const booleans: ReadonlyMap<string, boolean> = new Map(
  [
    ...['yes', 'true', 'on'].map((word) => [word, true] as const),
    ...['no', 'false', 'off'].map((word) => [word, false] as const),
  ].flatMap(([word, value]) =>
    [word, word.toUpperCase(), (word[0] ?? '').toUpperCase() + word.slice(1)].map((text) => [text, value] as const),
  ),
);

const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/** An exponent needs its sign, and a dot must be there: `1e3` is a text. `1:30.5` counts in sixties. */
const floats =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Binary, octal with a bare zero, decimal, hexadecimal, sixties. */
const integers = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;

function signed(text: string): { readonly negative: boolean; readonly digits: string } {
  const digits = text.replaceAll('_', '');
  return { negative: digits.startsWith('-'), digits: digits.replace(/^[-+]/, '') };
}

function floatOf(text: string): number {
  const { negative, digits } = signed(text.toLowerCase());
  const value =
    digits === '.inf'
      ? Number.POSITIVE_INFINITY
      : digits === '.nan'
        ? Number.NaN
        : digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return negative ? -value : value;
}

function integerOf(text: string): bigint | undefined {
  const { negative, digits } = signed(text);
  if (digits === '0b' || digits === '0x') return undefined;
  const value = digits.includes(':')
    ? digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return negative ? -value : value;
}
