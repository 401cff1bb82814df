import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/core/source.ts';
import { parseKeyValues } from '../../../src/playbook/key-value.ts';
import type { YamlScalar } from '../../../src/yaml/node.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';

function scalar(text: string): YamlScalar {
  const { root } = parseYaml({ path: 'test.yml', text });
  if (root?.kind !== 'scalar') throw new Error('This is no scalar');
  return root;
}

function read(text: string, options?: readonly string[]) {
  const { pairs, rest, unclosed } = parseKeyValues(scalar(text), (name) => options?.includes(name) ?? true);
  return { pairs: pairs.map(({ key, value }) => [key.text, value.value]), rest: rest?.value, unclosed };
}

describe('Argument strings', () => {
  it('are split at blanks outside of quotes and templates', () => {
    expect(read(`a=1 b='x y' c="z w" d={{ e | default('f g') }} h={% if a %}b{% endif %}`)).toEqual({
      pairs: [
        ['a', '1'],
        ['b', 'x y'],
        ['c', 'z w'],
        ['d', "{{ e | default('f g') }}"],
        ['h', '{% if a %}b{% endif %}'],
      ],
      rest: undefined,
      unclosed: false,
    });
  });

  it('keep what is no option as it was written', () => {
    expect(read('echo "a  b"  c=d', []).rest).toBe('echo "a  b"  c=d');
    expect(read('echo  hi creates=/x', ['creates'])).toMatchObject({ rest: 'echo  hi', pairs: [['creates', '/x']] });
    expect(read('creates=/x echo  hi', ['creates'])).toMatchObject({ rest: 'echo  hi', pairs: [['creates', '/x']] });
    expect(read('a creates=/x b', ['creates']).rest).toBe('a b');
  });

  it('read escapes in values', () => {
    expect(read(String.raw`a="x\ny" b=\t`).pairs).toEqual([
      ['a', 'x\ny'],
      ['b', '\t'],
    ]);
  });

  it('do not take an escaped or a compared = for an option', () => {
    expect(read(String.raw`a\=b`, ['a']).rest).toBe(String.raw`a\=b`);
    expect(read(`'"a=b"'`, ['a']).pairs).toEqual([]);
  });

  it('say that a quote is open', () => {
    expect(read('a="b').unclosed).toBe(true);
    expect(read("echo it\\'s").unclosed).toBe(false);
  });

  it('know the place of every part', () => {
    const { pairs } = parseKeyValues(scalar('"a=1 bcd=\'x y\'"'), () => true);
    const at = pairs.map(({ key, value }) => [
      positionOf(key.at.source, key.at.start).column,
      positionOf(value.at.source, value.at.start).column,
    ]);
    expect(at).toEqual([
      [2, 4],
      [6, 11],
    ]);
  });
});
