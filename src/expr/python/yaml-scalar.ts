/** How PyYAML reads scalars that are not quoted: the types of YAML 1.1. */
export type Scalar = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value' | 'str';

const forms: readonly (readonly [Scalar, RegExp])[] = [
  ['null', /^(?:~|null|Null|NULL|)$/],
  ['bool', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
  ['int', /^[-+]?(?:0b[01_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/],
  [
    'float',
    /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  ],
  [
    'timestamp',
    /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/,
  ],
  ['merge', /^<<$/],
  ['value', /^=$/],
];

export function scalarKind(text: string): Scalar {
  return forms.find(([, form]) => form.test(text))?.[0] ?? 'str';
}

/** The value of a scalar that is an int. */
export function yamlInteger(text: string): bigint {
  const digits = text.replaceAll('_', '');
  const negative = digits.startsWith('-');
  const plain = digits.replace(/^[-+]/, '');
  const value = plain.includes(':')
    ? plain.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n)
    : BigInt(/^0[0-7]+$/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return negative ? -value : value;
}

/** The value of a scalar that is a float. */
export function yamlFloat(text: string): number {
  const digits = text.replaceAll('_', '').toLowerCase();
  const sign = digits.startsWith('-') ? -1 : 1;
  const plain = digits.replace(/^[-+]/, '');
  if (plain === '.inf') return sign * Infinity;
  if (plain === '.nan') return Number.NaN;
  return (
    sign * (plain.includes(':') ? plain.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) : Number(plain))
  );
}

export function yamlBool(text: string): boolean {
  return /^(?:yes|true|on)$/i.test(text);
}
