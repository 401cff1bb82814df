import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { plainValue } from '../../src/vars/yaml11.ts';
import { debianPython } from '../rig/python.ts';

/** Plain scalars, a broken bar between them. What YAML 1.1 takes for a date stays a text in hlb, and is left out. */
const texts =
  `yes ¦ Yes ¦ YES ¦ yEs ¦ y ¦ Y ¦ no ¦ No ¦ NO ¦ n ¦ N ¦ on ¦ On ¦ ON ¦ off ¦ Off ¦ OFF ¦ oN ¦ true ¦ True ¦ TRUE ¦ tRue ¦ t ¦ false ¦ f
null ¦ Null ¦ NULL ¦ nUll ¦ ~ ¦ none ¦ None ¦ nil ¦ 0 ¦ 00 ¦ 01 ¦ 0644 ¦ -0644 ¦ +0644 ¦ 0899 ¦ 08 ¦ 09.5 ¦ 0_7 ¦ 0_ ¦ 1 ¦ -1 ¦ +1 ¦ 1_000 ¦ 1_ ¦ _1
1__0 ¦ 0b11 ¦ 0b_1 ¦ 0b2 ¦ -0b11 ¦ 0x1F ¦ 0xff ¦ 0xfg ¦ 0x_f ¦ -0x1 ¦ 0o17 ¦ 0X1F ¦ 0B1 ¦ 1:30 ¦ 12:30 ¦ 22:22:22 ¦ 1:60 ¦ 1:5 ¦ 60:00 ¦ 0:30 ¦ 01:30
-1:30 ¦ 1:30.5 ¦ 1:30. ¦ 00:11:22:33:44:55 ¦ 10:20:30:40:50:59 ¦ 1.5 ¦ -1.5 ¦ +1.5 ¦ 1. ¦ .5 ¦ -.5 ¦ +.5 ¦ . ¦ .. ¦ 1.2.3 ¦ 1.5e3 ¦ 1.5e+3 ¦ 1.5E-3 ¦ 1e3
1e+3 ¦ .5e+3 ¦ 1_0.5_0 ¦ ._5 ¦ 1.e+3 ¦ .inf ¦ .Inf ¦ .INF ¦ -.inf ¦ +.inf ¦ .iNf ¦ inf ¦ .nan ¦ .NaN ¦ .NAN ¦ nan ¦ 1.10 ¦ v1.2 ¦ 10.0.0.1 ¦ 10.0.0.0/8
127.0.0.1:16443 ¦ a ¦ a b ¦ 1a ¦ 1 2 ¦ 1,000 ¦ 99999999999999999999 ¦ 123456789012 ¦ 0.1 ¦ 100.0 ¦ 1.0`.split(/ ¦ |\n/);

const script = `
import json, sys, yaml
def plain(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return 'int %d' % v
    if isinstance(v, float): return 'float %r' % v
    return 'str ' + v
print(json.dumps([plain(yaml.safe_load('- ' + text)[0]) for text in json.load(sys.stdin)]))
`;

function plain(value: ReturnType<typeof plainValue>): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'string') return `str ${value}`;
  const text = Number.isInteger(value)
    ? value.toFixed(1)
    : String(value).replace('NaN', 'nan').replace('Infinity', 'inf');
  return `float ${text}`;
}

const python = await debianPython(['yaml']);

describe('a plain scalar in variables', () => {
  const answers: unknown = JSON.parse(
    execFileSync(python, ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8' }),
  );

  it.each(texts.map((text, index) => ({ text, index })))('is what PyYAML makes of $text', ({ text, index }) => {
    expect(plain(plainValue(text))).toEqual(Array.isArray(answers) ? answers[index] : undefined);
  });
});
