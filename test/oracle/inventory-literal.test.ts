import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/core/value.ts';
import { pythonLiteral } from '../../src/inventory/python-literal.ts';
import { debianPython } from '../rig/python.ts';

/** One after the other, a broken bar between them. */
const texts = [
  ...String.raw`1 ¦ -1 ¦ +1 ¦ - 1 ¦ --1 ¦ - ¦ 012 ¦ 00 ¦ 0_0 ¦ 0_7 ¦ 1_000 ¦ 1__0 ¦ 1_ ¦ 0x1F ¦ 0x_1f ¦ 0o17 ¦ 0b11
1.5 ¦ -1.5 ¦ 1. ¦ .5 ¦ 1e3 ¦ 1E-3 ¦ 1e ¦ 1e400 ¦ 0e1 ¦ 1_0.0_1 ¦ 1j ¦ 1+2 ¦ 1+2j ¦ 3.4.5 ¦ 10.0.0.1 ¦ 1-2 ¦ 9223372036854775808
True ¦ true ¦ None ¦ none ¦ False ¦ FALSE ¦ yes ¦ abc ¦ ... ¦ 12ab ¦ 1if ¦ 0777 ¦ a=b ¦ 1 2
'a' ¦ "a" 'b' ¦ 'it''s' ¦ '\n\x41\u00e9\d\0\777' ¦ r'\n\'' ¦ '''a'b''' ¦ """x"y""" ¦ b"x" ¦ u"é" ¦ rb'x' ¦ f'x'
"unclosed ¦ ' ¦ "a"#b ¦ 'a' # c ¦ "%s" ¦ "\q" ¦ '\x4' ¦ '\u12' ¦ '\N{dash}' ¦ "" ¦ ''
[] ¦ [1, 2] ¦ [1,2,] ¦ [1,,2] ¦ [,] ¦ [1 ¦ [1] 2 ¦ [a] ¦ [1, 'a', None, -2.5, [True]] ¦ [ ] ¦ [1]#c
() ¦ (1) ¦ (1,) ¦ ( 1 , 2 ) ¦ 1,2 ¦ 1, ¦ , ¦ ( ¦ ) ¦ (1 ¦ 1, 2 # c ¦ (1, (2, 3))
{} ¦ { } ¦ {"a": 1, "b": [True]} ¦ {"a": 1,} ¦ {"a" 1} ¦ {"a":} ¦ {1: 2, None: 3} ¦ {'a': {'b': (1, 2)}} ¦ {a: 1} ¦ {"a": 1
{1, 2} ¦ {1,} ¦ {,} ¦ 23 # c ¦ True # c ¦ abc # c ¦ # c ¦ "{{ a }}" ¦ {{ a }} ¦ [1, {{ a }}]`.split(/ ¦ |\n/),
  '',
  '  5',
  '5  ',
  '\t7',
];

/** One text each, in a form that keeps the kinds apart. */
const script = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def plain(v):
    if isinstance(v, (list, tuple, set)): return [plain(x) for x in v]
    if isinstance(v, dict): return {'dict': [[plain(k), plain(x)] for k, x in v.items()]}
    if isinstance(v, bytes): return 'str ' + v.decode()
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return 'int %d' % v
    if isinstance(v, float): return 'float ' + repr(v)
    if isinstance(v, str): return 'str ' + v
    raise ValueError('no such value in hlb')
def one(text):
    try: return [plain(ast.literal_eval(text))]
    except (ValueError, SyntaxError): return []
print(json.dumps([one(text) for text in json.load(sys.stdin)]))
`;

function plain(value: Value): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `float ${pythonFloat(value)}`;
  if (typeof value === 'string') return `str ${value}`;
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [plain(key), plain(item)]) };
  return [...value.values()].map(plain);
}

const pythonFloat = (value: number): string =>
  Number.isFinite(value) ? (Number.isInteger(value) ? value.toFixed(1) : String(value)) : value > 0 ? 'inf' : '-inf';

const python = await debianPython([]);

describe('a value of an INI inventory', () => {
  const printed: unknown = JSON.parse(
    execFileSync(python, ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8' }),
  );
  const answers = Array.isArray(printed) ? printed : [];

  it.each(texts.map((text, index) => ({ text, index })))('is what Python makes of $text', ({ text, index }) => {
    const value = pythonLiteral(text);
    expect(value === undefined ? [] : [plain(value)]).toEqual(answers[index]);
  });
});
